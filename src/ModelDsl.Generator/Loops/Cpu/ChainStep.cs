using ModelDsl.Generator.Fusion;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// How a kernel computes a step of a chained group: for one matrix, and a block of its rows. Beside its share of rows and panels it is told what differs from block to
/// block.
/// </summary>
internal sealed record ChainStep
{
    /// <summary>The number of the block's first row in the matrix, where the index of a row is asked for.</summary>
    public static IndexVariable FirstRow { get; } = new("firstRow");

    /// <summary>The number of the matrix's first row among the rows of all matrices, where random numbers are drawn.</summary>
    public static IndexVariable FirstDraw { get; } = new("firstDraw");

    /// <summary>The columns that are computed: those behind them are excluded in each row of the block.</summary>
    public static IndexVariable Columns { get; } = new("columns");

    /// <summary>The integers that a kernel may be told.</summary>
    public static IReadOnlyList<IndexVariable> Integers { get; } = [ContractPlan.Count, FirstRow, FirstDraw, Columns];

    /// <summary>Whether the terms of a product's sum are counted by <see cref="ContractPlan.Count"/>.</summary>
    public bool IsCounted { get; init; }

    /// <summary>Whether a product adds to what its result holds.</summary>
    public bool Accumulates { get; init; }

    /// <summary>Whether there may be fewer rows than a block has, or than the matrix has columns.</summary>
    public bool HasFewerRows { get; init; }

    /// <summary>The columns that a pass over rows goes over; null for all.</summary>
    public Index? Width { get; init; }

    /// <summary>Whether their number is a multiple of the lanes of a vector.</summary>
    public bool HasWholeVectors { get; init; }
}
