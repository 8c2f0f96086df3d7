using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// Blocks of a sum over the batch, for operands that are larger than the level-2 cache. A block is a number of samples or, if a sample is larger than the cache, of rows of a
/// sample. All tiles of the result compute one block before the next, and each continues from the sums that it has stored. The order of the terms, and therefore every bit, is
/// the same as for one long sum.
/// </summary>
/// <param name="Depth">The loop of the sum that is divided. The loops outside it are around all tiles.</param>
/// <param name="Length">The number of iterations of that loop in a block.</param>
internal sealed record SumBlocks(int Depth, int Length)
{
    /// <summary>Returns the blocks of a sum over the batch; null if one pass is faster.</summary>
    public static SumBlocks? Of(CpuTarget target, ContractPlan plan)
    {
        var (loops, domain, iterationDomain) = (plan.Summed, plan.Roles.Domain, plan.Roles.IterationDomain);
        int Size(IEnumerable<int> axes) => axes.Where(axis => !domain[axis].IsBatch).Aggregate(1, (product, axis) => checked(product * domain[axis].Value));
        int Floats(int depth) => Math.Max(1, loops[depth].Strides.Sum(Math.Abs));
        var rows = (Size(plan.Roles.Rows) + target.TileRows - 1) / target.TileRows;

        // A result of a single tile needs only one pass over its operands.
        var tiles = (long)Size(plan.Roles.Outer) * rows * Panels.CountFor(plan.Columns);
        if (tiles == 1 || Size(plan.Roles.Summed) == 1) return null;

        // The outermost loop of which one iteration fits into the cache. The loops around all tiles must not depend on the position of a result.
        var depth = 0;
        while (depth < loops.Count - 1 && !iterationDomain.IsRange(loops[depth].Axis) && Floats(depth) > target.CacheFloats) depth++;
        var length = Math.Max(1, target.CacheFloats / Floats(depth));
        if ((long)length * Size(loops.Skip(depth + 1).SelectMany(loop => loop.Axes)) < target.LongSum) return null;
        if (depth == 0) return new SumBlocks(0, length);

        // All blocks have about the same length.
        var (iterations, blocks) = (Size(loops[depth].Axes), (Size(loops[depth].Axes) + length - 1) / length);
        return new SumBlocks(depth, (iterations + blocks - 1) / blocks);
    }
}
