using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>
/// The offset of an element of a value for an index of a domain: <c>Base + Σ Strides[k] · j_k</c>, and for a value in panels of 32 columns <c>(j_p / 32) · PanelStride + j_p mod
/// 32</c> along its column axis p. Any thread can read any element, so values in panels need no copies on GPUs.
/// </summary>
/// <param name="Storage">The buffer.</param>
/// <param name="Base">The constant part.</param>
/// <param name="Strides">One stride for each axis of the domain.</param>
/// <param name="PanelAxis">The axis of the domain along the panels, or −1.</param>
/// <param name="PanelStride">The distance between two panels.</param>
internal sealed record ElementAccess(Storage Storage, int Base, IReadOnlyList<int> Strides, int PanelAxis = -1, int PanelStride = 0)
{
    /// <summary>The number of columns of a group of panels, if the axis along the panels runs through all groups; otherwise 0.</summary>
    private int GroupColumns { get; init; }

    /// <summary>The distance between two groups of panels.</summary>
    private int GroupStride { get; init; }

    /// <summary>The access of an operand over a domain of the given rank.</summary>
    public static ElementAccess Of(Operand operand, int rank, Func<Node, Storage> storageOf)
    {
        if (Aliases.IsAlias(operand.Node) || storageOf(operand.Node) is not { Layout: Panels panels } storage)
        {
            var access = Access.Of(operand, rank, storageOf);
            return new ElementAccess(access.Storage, access.Base, access.Strides);
        }

        var (shape, map) = (operand.Node.Shape, operand.Map);
        var strides = new int[rank];
        var rowStrides = panels.RowStrides(shape);
        foreach (var k in panels.RowAxes)
        {
            foreach (var term in map[k].Terms) strides[term.Axis] += term.Scale * rowStrides[k];
        }

        var columns = map[panels.ColumnAxis].Terms;
        foreach (var term in columns.Where(term => term.Scale > 1)) strides[term.Axis] += panels.GroupStride;
        var isThroughGroups = panels.Groups > 1 && columns.Count == 1;
        return new ElementAccess(storage, 0, strides, columns.First(term => term.Scale == 1).Axis, panels.PanelStride)
        {
            GroupColumns = isThroughGroups ? panels.Columns : 0,
            GroupStride = panels.GroupStride,
        };
    }

    /// <summary>Whether adjacent elements along an axis are adjacent in memory.</summary>
    public bool IsAlong(int axis) => Strides[axis] == 1 || PanelAxis == axis;

    /// <summary>Whether the element depends on the index along an axis.</summary>
    public bool DependsOn(int axis) => Strides[axis] != 0 || PanelAxis == axis;

    /// <summary>
    /// The offset, in quads, of four elements with adjacent indices along an axis; null if it is not known that they are adjacent floats at an offset that is a multiple of four. Buffers start at cache lines.
    /// </summary>
    /// <param name="indices">The indices of the first of them.</param>
    /// <param name="axis">The axis.</param>
    public Index? QuadAt(IReadOnlyList<Index> indices, int axis) =>
        Storage.Type == ElementType.Float && IsAlong(axis) ? At(indices).DividedBy(BlockTile.QuadSize) : null;

    /// <summary>The offset of the element with these indices.</summary>
    public Index At(IReadOnlyList<Index> indices)
    {
        Index position = 0;
        for (var axis = 0; axis < Strides.Count; axis++) position += indices[axis] * Strides[axis];
        if (PanelAxis < 0) return position + Base;
        var column = indices[PanelAxis];
        if (GroupColumns > 0)
        {
            position += column / GroupColumns * GroupStride;
            column %= GroupColumns;
        }

        return position + Panels.ColumnOffset(column, PanelStride) + Base;
    }
}
