using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <content>The copies of operands in the worker's memory, and the tiles that read them.</content>
internal sealed partial class ContractSchedule
{
    /// <summary>The offset of a panel among those that are copied together.</summary>
    private Index PackedPanel(PackedOperands operands, Index number) => (number - panelFrom) * operands.B.PanelStride;

    /// <summary>Copies the panels of a block of terms.</summary>
    private List<Statement> CopyPanels(PackedOperands operands)
    {
        var term = new IndexVariable("term");
        return PanelLoops(1, (at, columns) =>
        [
            new Loop(term, 0, ContractPlan.Count, 1,
            [
                .. Enumerable.Range(0, (columns.Count + Value.Lanes - 1) / Value.Lanes).Select(vector => vector * Value.Lanes).Select(lane => Copy(
                    operands.PanelsSource, 1, term, (at * operands.PanelsSource.PanelStride) + columns.Start + lane,
                    operands, PackedPanel(operands, at) + (term * Panels.Width) + columns.Start + lane, Math.Min(Value.Lanes, columns.Count - lane))),
            ]),
        ]);
    }

    /// <summary>Writes the tiles of one height. Each row of tiles copies its rows of operand A first, unless tiles read them as they are.</summary>
    private List<Statement> PackedRows(PackedOperands operands, (int Height, Index From, Index To) bound)
    {
        var (row, term) = (new IndexVariable("row"), new IndexVariable("term"));
        List<Statement> body = operands.RowsSource is not { } source ? []
            : [new Loop(term, 0, ContractPlan.Count, 1, [Copy(source, 0, term, row, operands, (term * target.TileRows) + operands.A.Base, bound.Height)])];
        var atOnce = bound.Height > 1 ? 1 : target.RowPanels;
        return [new Loop(row, bound.From, bound.To, bound.Height, [.. body, .. PanelLoops(atOnce, (at, columns, panels) => TileCall(bound.Height, row, at, columns, panels))])];
    }

    /// <summary>Copies adjacent elements of an operand at a term of the block.</summary>
    private StoreLanes Copy(PanelAccess source, int operand, Index term, Index element, PackedOperands operands, Index to, int count)
    {
        var first = blockStarts[0] + (partials > 1 ? partial * PartialLength : 0);
        return new StoreLanes(kernel.Write(operands.Scratch), to, new LoadLanes(kernel.Read(source.Storage), element + ((first + term) * operands.TermStrides[operand]) + source.Base, count), count);
    }
}
