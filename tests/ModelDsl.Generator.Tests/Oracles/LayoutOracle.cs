using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>Where elements lie, from the definition of the layouts: the only arithmetic on panels outside of the compiler.</summary>
internal static class LayoutOracle
{
    /// <summary>The offset of an element of a value that is in row-major order or in panels.</summary>
    public static int Position(Layout layout, Shape shape, int element)
    {
        if (layout is not Panels panels) return element;
        var indices = new int[shape.Rank];
        for (var axis = indices.Length - 1; axis >= 0; axis--)
        {
            var size = shape[axis].Value;
            indices[axis] = element % size;
            element /= size;
        }

        var row = panels.RowAxes.Aggregate(0, (row, axis) => (row * shape[axis].Value) + indices[axis]);
        var (group, column) = (indices[panels.ColumnAxis] / panels.Columns, indices[panels.ColumnAxis] % panels.Columns);
        var panel = (group * ((panels.Columns + 31) / 32)) + (column / 32);
        return (((panel * panels.Rows) + row) * 32) + (column % 32);
    }
}
