using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// A sum over the batch whose operands no cache near a core holds is taken in blocks: of samples or, where a sample is larger than the cache, of the rows of one. All
/// tiles of the result go over one block before the next, each going on from the sums it has stored. The order of the terms, and so every bit, is that of one long sum.
/// </summary>
/// <param name="Depth">Which loop of the sum is cut; those outside it stand around all tiles.</param>
/// <param name="Length">Iterations of that loop in a block.</param>
internal sealed record SumBlocks(int Depth, int Length)
{
    /// <summary>The blocks of a sum over the batch; null where one pass is best.</summary>
    public static SumBlocks? Of(CpuTarget target, ContractPlan plan)
    {
        var (loops, domain, nest) = (plan.Summed, plan.Roles.Domain, plan.Roles.Nest);
        int Size(IEnumerable<int> axes) => axes.Where(axis => !domain[axis].IsBatch).Aggregate(1, (product, axis) => checked(product * domain[axis].Value));
        int Floats(int depth) => Math.Max(1, loops[depth].Strides.Sum(Math.Abs));
        var rows = (Size(plan.Roles.Rows) + target.TileRows - 1) / target.TileRows;

        // A result of a single tile goes over its operands once anyway.
        var tiles = (long)Size(plan.Roles.Outer) * rows * Panels.CountFor(plan.Columns);
        if (tiles == 1 || Size(plan.Roles.Summed) == 1) return null;

        // The outermost loop of which one iteration fits. What stands around all tiles must not depend on the position of one.
        var depth = 0;
        while (depth < loops.Count - 1 && !nest.IsRange(loops[depth].Axis) && Floats(depth) > target.CacheFloats) depth++;
        var length = Math.Max(1, target.CacheFloats / Floats(depth));
        if ((long)length * Size(loops.Skip(depth + 1).SelectMany(loop => loop.Axes)) < target.LongSum) return null;
        if (depth == 0) return new SumBlocks(0, length);

        // Blocks of about one length.
        var (iterations, blocks) = (Size(loops[depth].Axes), (Size(loops[depth].Axes) + length - 1) / length);
        return new SumBlocks(depth, (iterations + blocks - 1) / blocks);
    }
}
