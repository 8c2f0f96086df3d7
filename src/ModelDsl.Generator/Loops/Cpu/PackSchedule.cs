using ModelDsl.Generator.Common;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>Copies an operand into panels along the lanes by transposing blocks of 16 × 16.</summary>
internal static class PackSchedule
{
    /// <summary>Whether an operand can be packed: its size is known, and an axis other than its columns is contiguous.</summary>
    public static bool Applies(ContractRoles roles, StorageMap storages, PanelAccess source) =>
        !source.IsAlongLanes && Axes(roles).All(axis => !roles.Domain[axis].IsBatch) && ContiguousAxis(roles, storages, source) >= 0;

    /// <summary>Packs operand B of a contraction whose columns are not contiguous along the lanes.</summary>
    /// <returns>The kernel, and the access of the contraction to the copy.</returns>
    public static (Launch Launch, PanelAccess Packed) Build(ContractRoles roles, StorageMap storages, PanelAccess source)
    {
        var domain = roles.Domain;
        var axes = Axes(roles);
        var contiguous = ContiguousAxis(roles, storages, source);
        var columns = domain[roles.Column].Value;
        var rows = axes.Aggregate(1, (product, axis) => checked(product * domain[axis].Value));
        var panels = new Panels(0, columns, rows, Enumerable.Range(1, axes.Count).ToEquatableArray());
        var copy = storages.Scratch(roles.B.Node, "Transposed", storages.SpaceOfCopy(source.Storage), panels, panels.Length);
        var rowStrides = panels.RowStrides(Shape.Of([columns, .. axes.Select(axis => domain[axis])]));
        var strides = new int[domain.Rank];
        for (var i = 0; i < axes.Count; i++) strides[axes[i]] = rowStrides[i + 1];

        var packed = new PanelAccess(copy, 0, strides, 1, panels.PanelStride);
        var kernel = new KernelBuilder();
        var from = kernel.Read(source.Storage);
        var to = kernel.Write(copy);

        // A row of the copy is one index of the contiguous axis. In the source that axis lies within panels or has stride 1.
        var isPanels = source.Storage.Layout is Panels;
        var rangePanelStride = isPanels ? ((Panels)source.Storage.Layout).PanelStride : Panels.Width;
        var columnStride = isPanels ? source.Strides[roles.Column] : source.ColumnStride;
        var (task, row) = (new IndexVariable("task"), new IndexVariable("row"));
        var outer = axes.Where(axis => axis != contiguous).ToArray();
        var halves = panels.Count * 2;
        var rest = outer.Length == 0 ? 0 : task / halves;
        var half = outer.Length == 0 ? task : task % halves;
        var (target, origin) = ((Index)0, (Index)source.Base);
        for (var i = outer.Length - 1; i >= 0; i--)
        {
            var index = i == 0 ? rest : rest % domain[outer[i]].Value;
            rest /= domain[outer[i]].Value;
            target += index * strides[outer[i]];
            origin += index * source.Strides[outer[i]];
        }

        var (size, column) = (domain[contiguous].Value, half * Value.Lanes);
        var block = new TransposeBlock(
            to,
            ((half / 2) * panels.PanelStride) + ((half % 2) * Value.Lanes) + (row * strides[contiguous]) + target,
            strides[contiguous],
            from,
            (column * columnStride) + Panels.ColumnOffset(row, rangePanelStride) + origin,
            columnStride,
            size % Value.Lanes == 0 ? Value.Lanes : Index.Min(Value.Lanes, size - row),
            columns % Panels.Width == 0 ? Value.Lanes : Index.Max(0, Index.Min(Value.Lanes, columns - column)));
        var body = new Loop(task, Range.From, Range.To, 1, [new Loop(row, 0, size, Value.Lanes, [block])]);
        var tasks = outer.Aggregate(halves, (product, axis) => product * domain[axis].Value);
        var launch = kernel.Build(
            Names.Method(copy.Name),
            [$"{copy.Name}[panel][{rows}][{Panels.Width}] = {source.Storage.Name} transposed: {(copy.Space == Space.ParameterCopies ? "products read it along the other axis" : "the backward pass reads it along the other axis")}"],
            [body],
            [],
            new Range(tasks));

        // A loop decides itself when copies are made.
        return (launch with { IsCopy = !storages.IsOfLoop }, packed);
    }

    /// <summary>The axes of the operand other than its columns, in the order of the loops of the sum.</summary>
    private static IReadOnlyList<int> Axes(ContractRoles roles) =>
        [.. roles.B.Map.Coordinates.SelectMany(coordinate => coordinate.Terms).Select(term => term.Axis).Where(axis => axis != roles.Column).Distinct().OrderBy(axis => axis)];

    /// <summary>The contiguous axis of the source, or −1.</summary>
    private static int ContiguousAxis(ContractRoles roles, StorageMap storages, PanelAccess source)
    {
        if (source.Storage.Layout is not Panels panels) return Axes(roles).Where(axis => source.Strides[axis] == 1).DefaultIfEmpty(-1).First();
        var columns = roles.B.Map[panels.ColumnAxis];
        return columns.Terms.Count == 0 ? -1 : columns.Terms.OrderBy(term => term.Scale).First().Axis;
    }
}
