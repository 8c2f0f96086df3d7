namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>The shape of one register tile.</summary>
/// <param name="Rows">Rows of accumulators, or of windows of them.</param>
/// <param name="Panels">Panels side by side; more than one only for a single row.</param>
/// <param name="Columns">Columns in each panel that exist; lanes behind them are pads.</param>
internal sealed record TileShape(int Rows, int Panels, int Columns)
{
    public int Vectors => (Columns + Value.Lanes - 1) / Value.Lanes;
}

/// <summary>A row of accumulators.</summary>
/// <param name="Number">Its number in the tile.</param>
/// <param name="Row">Its row of the contraction, or of windows or runs.</param>
/// <param name="Element">Which element of the window it is.</param>
/// <param name="Position">Which position of the run it is.</param>
internal sealed record TileRow(int Number, Index Row, int Element, Index Position);
