using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// An access in a kernel over panels. The offset changes by <see cref="PanelStride"/> from one panel of 32 columns to the next, by <see cref="ColumnStride"/> along the lanes,
/// and by <see cref="Strides"/> along every other axis of the domain.
/// </summary>
internal sealed record PanelAccess(Storage Storage, int Base, IReadOnlyList<int> Strides, int ColumnStride, int PanelStride)
{
    /// <summary>The access of a value over a contraction's domain.</summary>
    /// <param name="node">The value that is read or written.</param>
    /// <param name="map">Its coordinates as functions of the domain's indices.</param>
    /// <param name="rank">The rank of the domain.</param>
    /// <param name="column">The axis of the domain along the lanes.</param>
    /// <param name="storageOf">The buffers of values.</param>
    public static PanelAccess Of(Node node, IndexMap map, int rank, int column, Func<Node, Storage> storageOf)
    {
        if (!Fusion.Aliases.IsAlias(node) && storageOf(node) is { Layout: Panels panels } storage) return InPanels(storage, panels, node.Shape, map, rank, column);
        var access = Access.Of(new Operand(node, map), rank, storageOf);
        var strides = access.Strides.ToArray();
        strides[column] = 0;
        return new PanelAccess(access.Storage, access.Base, strides, access.Strides[column], access.Strides[column] * Panels.Width);
    }

    /// <summary>Whether the lanes read consecutive elements.</summary>
    public bool IsAlongLanes => ColumnStride == 1;

    /// <summary>The same access to a copy in panels.</summary>
    public static PanelAccess InPanels(Storage storage, Panels panels, Shape shape, IndexMap map, int rank, int column)
    {
        var strides = new int[rank];
        var start = 0;
        var rowStrides = panels.RowStrides(shape);
        foreach (var k in panels.RowAxes)
        {
            start += map[k].Offset * rowStrides[k];
            foreach (var term in map[k].Terms) strides[term.Axis] += term.Scale * rowStrides[k];
        }

        // If the columns of the panels are not along the lanes, the access reads a row of a transposition, and the index determines only the panel.
        var columns = map[panels.ColumnAxis];
        if (columns.Offset != 0) throw new NotSupportedException("A value in panels is read from its first column on.");
        foreach (var term in columns.Terms.Where(term => term.Scale > 1)) strides[term.Axis] += panels.GroupStride;
        var isColumn = columns.Terms.Any(term => term.Axis == column && term.Scale == 1);
        return new PanelAccess(storage, start, strides, isColumn ? 1 : 0, isColumn ? panels.PanelStride : 0);
    }
}
