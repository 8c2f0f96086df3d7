using ModelDsl.Generator.Common;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Loops.Gpu;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Tests.Oracles;
using Index = ModelDsl.Generator.Loops.Index;

namespace ModelDsl.Generator.Tests.Memory;

/// <summary>Positions of elements in the layouts of parameters, as the runtime receives them and as kernels compute them.</summary>
public class LayoutTests
{
    public static TheoryData<int, int, int[], int, int[]> Matrices => new()
    {
        { 0, 10, [10, 7], 1, [1] },
        { 0, 70, [70, 3, 2], 1, [2, 1] },
        { 1, 33, [4, 33], 1, [0] },
        { 0, 3, [12, 5], 4, [1] },
        { 0, 64, [128, 5, 2], 2, [1, 2] },
        { 2, 40, [2, 3, 40], 1, [0, 1] },
    };

    [Theory]
    [MemberData(nameof(Matrices))]
    public void Elements_in_panels_lie_where_the_definition_says(int columnAxis, int columns, int[] sizes, int groups, int[] rowAxes)
    {
        var shape = Shape.Of([.. sizes.Select(size => (Extent)size)]);
        var panels = new Panels(columnAxis, columns, shape.Length / sizes[columnAxis], rowAxes.ToEquatableArray(), groups);
        var terms = panels.Terms(shape);
        var storage = new Storage("weight", Space.Parameters, panels, panels.Length);
        var parameter = new ParameterNode("weight", shape, new("Constant", 0, 0), frozen: false, double.NaN);
        var map = IndexMap.Identity(shape.Rank);
        var onDevices = ElementAccess.Of(new Operand(parameter, map), shape.Rank, _ => storage);
        var onCpus = PanelAccess.InPanels(storage, panels, shape, map, shape.Rank, columnAxis);
        var seen = new HashSet<int>();
        for (var element = 0; element < shape.Length; element++)
        {
            var expected = LayoutOracle.Position(panels, shape, element);
            Assert.InRange(expected, 0, panels.Length - 1);
            Assert.True(seen.Add(expected));
            var indices = Indices(sizes, element);
            Assert.Equal(expected, terms.Sum(term => (indices[term.Axis] / term.Divisor % (term.Modulus == 0 ? int.MaxValue : term.Modulus)) * term.Stride));
            Assert.Equal(expected, onDevices.At([.. indices.Select(index => (Index)index)]).Literal);

            // Kernels of CPUs go over whole panels, of one group.
            if (groups > 1) continue;
            var (panel, lane) = (indices[columnAxis] / Panels.Width, indices[columnAxis] % Panels.Width);
            var rows = Enumerable.Range(0, sizes.Length).Where(axis => axis != columnAxis).Sum(axis => indices[axis] * onCpus.Strides[axis]);
            Assert.Equal(expected, onCpus.Base + rows + (panel * onCpus.PanelStride) + (lane * onCpus.ColumnStride));
        }
    }

    [Fact]
    public void A_plan_counts_bytes()
    {
        var parameters = ParameterPlan.Create(
            [
                new ParameterNode("first", Shape.Of(3), new("Constant", 0, 0), frozen: false, double.NaN),
                new ParameterNode("second", Shape.Of(17), new("Constant", 0, 0), frozen: true, double.NaN),
            ],
            []);
        Assert.Equal([(0L, 64L), (64L, 128L)], parameters.Slots.Select(slot => (slot.ByteOffset, slot.Bytes)));
        Assert.Equal((192L, 64L), (parameters.Bytes, parameters.TrainableBytes));
        var column = new Storage("ids", Space.Column, Strided.RowMajor(Shape.Batch(5)), 5, ElementType.Int) { Column = 2 };
        Assert.Equal((20L, 2), (column.Bytes, column.Offset));
        Assert.Equal(-1, new Storage("value", Space.Fixed, Strided.RowMajor(Shape.Of(5)), 5).Offset);
    }

    private static int[] Indices(int[] sizes, int element)
    {
        var indices = new int[sizes.Length];
        for (var axis = sizes.Length - 1; axis >= 0; axis--)
        {
            indices[axis] = element % sizes[axis];
            element /= sizes[axis];
        }

        return indices;
    }
}
