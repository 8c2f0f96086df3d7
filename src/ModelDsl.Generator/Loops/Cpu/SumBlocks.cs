using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// A sum over the batch whose operands no cache near a core holds is taken in blocks of samples: all tiles of the result go over one block before the
/// next, each going on from the sums it has stored. The order of the terms, and so every bit, is that of one long sum.
/// </summary>
internal static class SumBlocks
{
    /// <summary>Floats of both operands in a block: a quarter of a MiB, so that blocks and results fit into the second cache of any core.</summary>
    private const int Floats = 64 * 1024;

    /// <summary>Terms of a tile between loading and storing its sums: fewer would cost more than they save.</summary>
    private const int FewestTerms = 256;

    /// <summary>About how many rows a tile has: a result of a single tile goes over its operands once anyway.</summary>
    private const int TileRows = 12;

    /// <summary>Turns of the outermost loop in a block, or 0 where one pass is best.</summary>
    public static int Of(ContractPlan plan)
    {
        var domain = plan.Roles.Domain;
        int Size(IEnumerable<int> axes) => axes.Where(axis => !domain[axis].IsBatch).Aggregate(1, (product, axis) => checked(product * domain[axis].Value));
        var block = Math.Max(1, Floats / Math.Max(1, plan.Summed[0].Strides.Sum()));
        var terms = (long)block * Size(plan.Summed.Skip(1).SelectMany(axis => axis.Axes));
        var tiles = (long)Size(plan.Roles.Outer) * ((Size(plan.Roles.Rows) + TileRows - 1) / TileRows) * ((plan.Columns + Panels.Width - 1) / Panels.Width);
        return terms >= FewestTerms && tiles > 1 && Size(plan.Roles.Summed) > 1 ? block : 0;
    }
}
