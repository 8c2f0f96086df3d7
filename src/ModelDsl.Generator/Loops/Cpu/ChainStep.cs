using ModelDsl.Generator.Fusion;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// Options of the kernel of one step of a chained group, which computes a block of rows of one matrix. It receives its share of rows and panels, and the integers that differ
/// between blocks.
/// </summary>
internal sealed record ChainStep
{
    /// <summary>The number of the block's first row in the matrix, if the index of a row is used.</summary>
    public static IndexVariable FirstRow { get; } = new("firstRow");

    /// <summary>The number of the matrix's first row among the rows of all matrices, if random numbers are drawn.</summary>
    public static IndexVariable FirstDraw { get; } = new("firstDraw");

    /// <summary>The number of the block's first column in the matrix, if blocks begin at different columns.</summary>
    public static IndexVariable FirstColumn { get; } = new("firstColumn");

    /// <summary>The number of columns that are computed. Later columns are excluded in each row of the block.</summary>
    public static IndexVariable Columns { get; } = new("columns");

    /// <summary>The integers that a kernel may receive.</summary>
    public static IReadOnlyList<IndexVariable> Integers { get; } = [ContractPlan.Count, FirstRow, FirstDraw, Columns, FirstColumn];

    /// <summary>The number of the block's first column in the matrix.</summary>
    public Index Before { get; init; } = 0;

    /// <summary>Whether the number of terms of a product is the argument <see cref="ContractPlan.Count"/>.</summary>
    public bool IsCounted { get; init; }

    /// <summary>Whether a product is added to the present contents of its result.</summary>
    public bool Accumulates { get; init; }

    /// <summary>Whether there may be fewer rows than a block has, or than the matrix has columns.</summary>
    public bool HasFewerRows { get; init; }

    /// <summary>A divisor of the number of rows, if it is an argument.</summary>
    public int RowDivisor { get; init; } = 1;

    /// <summary>Whether several workers share a product. Otherwise one call computes all of it.</summary>
    public bool IsShared { get; init; }

    /// <summary>The number of columns of a pass over rows; null for all.</summary>
    public Index? Width { get; init; }

    /// <summary>Whether <see cref="Width"/> is a multiple of the number of lanes of a vector.</summary>
    public bool HasWholeVectors { get; init; }
}
