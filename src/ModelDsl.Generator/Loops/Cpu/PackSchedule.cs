using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>Copies an operand into panels along the lanes: a transposition, sixteen by sixteen.</summary>
internal static class PackSchedule
{
    /// <summary>Packs a contraction's operand B, whose columns do not lie along the lanes.</summary>
    /// <returns>The kernel, and the operand as the contraction reads the copy.</returns>
    public static (Launch Launch, PanelAccess Packed) Build(ContractRoles roles, StorageMap storages, PanelAccess source)
    {
        var domain = roles.Contract.Domain;
        var operand = roles.B;
        if (roles.Outer.Count > 0 || roles.Summed.Any(axis => domain[axis].IsBatch) || roles.Summed.Count != 1)
        {
            throw new NotSupportedException($"The operand '{operand.Node.Name}' of '{roles.Contract.Name}' cannot be packed by one transposition.");
        }

        var summed = roles.Summed[0];
        var (columns, rows) = (domain[roles.Column].Value, domain[summed].Value);
        var panels = new Panels(0, columns, rows);
        var copy = storages.Scratch(operand.Node.Name + "Transposed", Space.Fixed, panels, panels.Floats);
        var strides = new int[domain.Rank];
        strides[summed] = Panels.Width;
        var packed = new PanelAccess(copy, 0, strides, 1, panels.PanelStride);

        var kernel = new KernelBuilder();
        var from = kernel.Read(source.Storage);
        var to = kernel.Write(copy);
        // In the copy a row is one index of the sum. In the source that index runs along the lanes: within a panel, or with stride one.
        var isPanels = source.Storage.Layout is Panels;
        var (columnStride, rowPanelStride) = isPanels
            ? (PanelRowStride(source, roles.Column), ((Panels)source.Storage.Layout).PanelStride)
            : (source.ColumnStride, Panels.Width * source.Strides[summed]);
        if (!isPanels && source.Strides[summed] != 1) throw new NotSupportedException($"'{operand.Node.Name}' has no unit stride to transpose along.");

        Index task = "task";
        var column = task * Value.Lanes;
        var block = new TransposeBlock(
            to,
            ((task / 2) * panels.PanelStride) + ((task % 2) * Value.Lanes) + ((Index)"row" * Panels.Width),
            Panels.Width,
            from,
            (column * columnStride) + (((Index)"row" / Panels.Width) * rowPanelStride) + ((Index)"row" % Panels.Width) + source.Base,
            columnStride,
            rows % Value.Lanes == 0 ? Value.Lanes : Index.Min(Value.Lanes, rows - (Index)"row"),
            columns % Panels.Width == 0 ? Value.Lanes : Index.Max(0, Index.Min(Value.Lanes, columns - column)));
        var body = new Loop("task", "from", "to", 1, [new Loop("row", 0, rows, Value.Lanes, [block])]);
        var launch = kernel.Build(
            Names.Pascal(copy.Name),
            [$"{copy.Name}[panel][{rows}][{Panels.Width}] = {source.Storage.Name} transposed: the backward pass reads it along the other axis"],
            [body],
            [],
            new Range(panels.Count * 2));
        return (launch, packed);
    }

    private static int PanelRowStride(PanelAccess source, int column) => source.Strides[column];
}
