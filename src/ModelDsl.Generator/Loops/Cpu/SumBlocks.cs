namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// A sum over the batch goes over all its operands once for every tile of its result. Where they are larger than a cache it goes over them block by block:
/// all tiles add the terms of one block before the next, and the sums wait in the result in between. Each result still adds the same terms in the same order.
/// </summary>
/// <param name="Depth">Which loop of the sum is cut; those outside it stand around the tiles.</param>
/// <param name="Length">Turns of that loop in a block.</param>
internal sealed record SumBlocks(int Depth, int Length)
{
    /// <summary>Results wait in the cache too: those of all panels, of which every thread has a part.</summary>
    private const int MostResults = 1 << 18;

    /// <summary>The blocks of a contraction's sum; null where it is no long one.</summary>
    public static SumBlocks? Of(CpuTarget target, ContractPlan plan)
    {
        var (loops, domain, nest) = (plan.Summed, plan.Roles.Domain, plan.Roles.Nest);
        int Size(LoopAxis loop) => loop.Axes.Where(axis => !domain[axis].IsBatch).Aggregate(1, (size, axis) => size * domain[axis].Value);
        var isLong = loops[0].Axes.Count > 0 && domain[loops[0].Axes[0]].IsBatch;
        if (!isLong || plan.Stages.Count > 0 || plan.Contract.Shape.Length > MostResults) return null;

        // The outermost loop of which one turn fits; loops that stand around tiles must not depend on a tile's place.
        var depth = 0;
        while (depth < loops.Count - 1 && !nest.IsRange(loops[depth].Axis) && Floats(depth) > target.CacheFloats) depth++;
        var terms = loops.Skip(depth + 1).Aggregate(1, (product, loop) => product * Size(loop));
        var length = Math.Max(Math.Max(1, target.CacheFloats / Floats(depth)), (target.LongSum + terms - 1) / terms);
        if (depth == 0) return new SumBlocks(0, length);

        // Blocks of about one length.
        var blocks = (Size(loops[depth]) + length - 1) / length;
        return new SumBlocks(depth, (Size(loops[depth]) + blocks - 1) / blocks);

        int Floats(int at) => Math.Max(1, loops[at].Strides.Sum(Math.Abs));
    }
}
