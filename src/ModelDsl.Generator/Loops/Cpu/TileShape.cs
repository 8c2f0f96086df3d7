namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>The shape of one register tile.</summary>
/// <param name="Rows">The number of rows of accumulators, or of windows of them.</param>
/// <param name="Panels">The number of adjacent panels; more than one only for a single row.</param>
/// <param name="Columns">The number of columns that exist in each panel. The lanes after them are pads.</param>
internal sealed record TileShape(int Rows, int Panels, int Columns)
{
    public int Vectors => (Columns + Value.Lanes - 1) / Value.Lanes;
}

/// <summary>A row of accumulators.</summary>
/// <param name="Number">Its number in the tile.</param>
/// <param name="Row">Its row of the contraction; a row may also be a window or a range of positions.</param>
/// <param name="Element">The element of the window.</param>
/// <param name="Position">The position in the range.</param>
internal sealed record TileRow(int Number, Index Row, int Element, Index Position);
