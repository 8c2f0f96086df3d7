using ModelDsl.Generator.Common;
using ModelDsl.Generator.Graph;
using Index = ModelDsl.Generator.Loops.Index;

namespace ModelDsl.Generator.Memory;

/// <summary>
/// A matrix in panels of <see cref="Width"/> columns, as contraction kernels read it: <c>[groups][columns / 32][rows][32]</c>, with zero pads. The matrix's
/// columns are the value's axis <paramref name="ColumnAxis"/>; its rows are the other axes in the order of <paramref name="RowAxes"/>, outermost first.
/// </summary>
/// <param name="ColumnAxis">The axis along the panels.</param>
/// <param name="Columns">The number of columns of a group.</param>
/// <param name="Rows">The number of rows of a panel.</param>
/// <param name="RowAxes">The other axes of the value.</param>
/// <param name="Groups">The number of parts of the column axis that have separate panels.</param>
internal sealed record Panels(int ColumnAxis, int Columns, int Rows, EquatableArray<int> RowAxes, int Groups = 1) : Layout
{
    public const int Width = 32;

    /// <summary>The number of panels of a group.</summary>
    public int GroupCount => CountFor(Columns);

    public int Count => Groups * GroupCount;

    /// <summary>The length in elements, including pads.</summary>
    public int Length => Count * PanelStride;

    /// <summary>The distance from one panel to the next.</summary>
    public int PanelStride => Rows * Width;

    /// <summary>The distance from one group to the next.</summary>
    public int GroupStride => GroupCount * PanelStride;

    /// <summary>Returns the number of panels for a number of columns.</summary>
    public static int CountFor(int columns) => (columns + Width - 1) / Width;

    /// <summary>Returns the offset of a column, which may be in any panel.</summary>
    /// <param name="column">The column, from 0.</param>
    /// <param name="panelStride">The distance from one panel to the next.</param>
    public static Index ColumnOffset(Index column, int panelStride) => (column / Width * panelStride) + (column % Width);

    /// <summary>Returns the stride of each axis of the value within a panel; 0 for the axis of the columns.</summary>
    /// <param name="shape">The shape of the value.</param>
    public int[] RowStrides(Shape shape)
    {
        var strides = new int[shape.Rank];
        var stride = Width;
        foreach (var axis in RowAxes.Reverse())
        {
            strides[axis] = stride;
            stride *= shape[axis].Value;
        }

        return strides;
    }

    public override IReadOnlyList<LayoutTerm> Terms(Shape shape)
    {
        // Groups that fill whole panels are numbered like the panels of one group; other groups have one panel each.
        var columns = Groups > 1 && GroupCount == 1 ? Columns : Width;
        var strides = RowStrides(shape);
        return
        [
            new(ColumnAxis, columns, 0, PanelStride),
            new(ColumnAxis, 1, columns, 1),
            .. RowAxes.Reverse().Select(axis => new LayoutTerm(axis, 1, 0, strides[axis])),
        ];
    }
}
