using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// The columns that the blocks of a chained group compute: those that a row of the block has within the band, in whole panels. The first is a multiple of the number of lanes, so
/// that a column has the same lane in all blocks. If the positions of rows are read at run time, it is column 0.
/// </summary>
internal sealed class ChainColumns
{
    private readonly Chain chain;
    private readonly ChainBand? band;
    private readonly int blockRows;

    /// <summary>Creates the columns of all blocks of a matrix.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="band">The band of its matrices; null if all columns are computed.</param>
    /// <param name="blockRows">The number of rows of a block. The last block may have fewer.</param>
    public ChainColumns(Chain chain, ChainBand? band, int blockRows)
    {
        (this.chain, this.band, this.blockRows) = (chain, band, blockRows);
        Width = chain.Columns;
        if (band is not { Positions: null }) return;
        var most = Blocks.Max(block => Math.Min(chain.Columns, block.First + block.Rows - band.Least) - Needed(block.First, band).Literal!.Value);

        // No block extends beyond the last column, and panels have as many columns as those of the whole matrix.
        Width -= (chain.Columns - most) / Panels.Width * Panels.Width;
    }

    /// <summary>The number of columns of a block's matrices.</summary>
    public int Width { get; }

    /// <summary>A divisor of the number of columns of all blocks. They are whole panels, except at the end of a matrix.</summary>
    public int Divisor => Math.Min(Panels.Width, Width & -Width);

    /// <summary>Whether blocks begin at different columns.</summary>
    public bool Differ => Width < chain.Columns;

    /// <summary>The number of elements of a matrix that are computed.</summary>
    public long Elements => Blocks.Sum(block => block.Rows * (long)Count(block.First + block.Rows - 1, First(block.First)).Literal!.Value);

    private IEnumerable<(int First, int Rows)> Blocks
    {
        get
        {
            for (var first = 0; first < chain.Rows; first += blockRows) yield return (first, Math.Min(blockRows, chain.Rows - first));
        }
    }

    /// <summary>The first column of a block.</summary>
    /// <param name="firstRow">Its first row.</param>
    public Index First(Index firstRow) => band is not null && Differ ? Index.Min(chain.Columns - Width, Needed(firstRow, band)) : 0;

    /// <summary>The number of columns that a block computes.</summary>
    /// <param name="last">The position of its last row.</param>
    /// <param name="first">Its first column.</param>
    public Index Count(Index last, Index first) =>
        band is null ? chain.Columns : Index.Min(Width, Index.CeilingDivide(Index.Max(1, last + 1 - band.Least - first), Panels.Width) * Panels.Width);

    /// <summary>The first column that the first row of a block needs, or a column before it.</summary>
    private static Index Needed(Index firstRow, ChainBand band) => Index.Max(0, firstRow - band.Most) / Value.Lanes * Value.Lanes;
}
