using ModelDsl.Generator.Autodiff;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Tests.Oracles;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Tests.Autodiff;

/// <summary>Every entry of the gradient table, once and twice, against finite differences.</summary>
public class OperationGradientTests
{
    private readonly NodeCheck check = new(2);

    public static TheoryData<int, int, int, int, int> Windows()
    {
        var data = new TheoryData<int, int, int, int, int>();
        foreach (var length in new[] { 5, 8 })
        {
            foreach (var (kernel, stride, dilation, padding) in new[]
            {
                (1, 1, 1, 0), (3, 1, 1, 0), (3, 1, 1, 1), (3, 2, 1, 1), (2, 2, 1, 0), (2, 3, 1, 0), (3, 2, 2, 2), (2, 1, 3, 1), (3, 3, 2, 3),
            })
            {
                data.Add(length, kernel, stride, dilation, padding);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public void Contract_with_a_window(int length, int kernel, int stride, int dilation, int padding)
    {
        const int Channels = 2, Filters = 3;
        var positions = ((length + (2 * padding) - (dilation * (kernel - 1)) - 1) / stride) + 1;
        var x = check.Leaf(Extent.Batch, length, Channels);
        var w = check.Leaf(Filters, kernel, Channels);
        var window = new Coordinate([new Term(1, stride), new Term(2, dilation)], -padding);
        var y = GraphBuilder.Contract(
            "conv",
            Shape.Of(Extent.Batch, positions, Filters),
            Shape.Of(Extent.Batch, positions, kernel, Channels, Filters),
            IndexMap.Project(0, 1, 4),
            new Operand(x, new IndexMap([Coordinate.Of(0), window, Coordinate.Of(3)])),
            new Operand(w, IndexMap.Project(4, 2, 3)));

        var (values, xs, ws) = (check.Run(y), check.Values[x.Name], check.Values[w.Name]);
        for (var n = 0; n < 2; n++)
        {
            for (var o = 0; o < positions; o++)
            {
                for (var f = 0; f < Filters; f++)
                {
                    double expected = 0;
                    for (var k = 0; k < kernel; k++)
                    {
                        var i = (o * stride) + (k * dilation) - padding;
                        if (i < 0 || i >= length) continue;
                        for (var c = 0; c < Channels; c++)
                        {
                            expected += xs[(((n * length) + i) * Channels) + c] * ws[(((f * kernel) + k) * Channels) + c];
                        }
                    }

                    Assert.Equal(expected, values[(((n * positions) + o) * Filters) + f], 12);
                }
            }
        }

        check.Gradients(y, second: length == 5);
    }

    [Fact]
    public void Contract_with_batch_axes()
    {
        var (a, b) = (check.Leaf(Extent.Batch, 3, 4), check.Leaf(Extent.Batch, 5, 4));
        check.Gradients(GraphBuilder.Contract(
            "scores",
            Shape.Of(Extent.Batch, 3, 5),
            Shape.Of(Extent.Batch, 3, 5, 4),
            IndexMap.Project(0, 1, 2),
            new Operand(a, IndexMap.Project(0, 1, 3)),
            new Operand(b, IndexMap.Project(0, 2, 3))));
    }

    [Fact]
    public void Contract_of_a_value_with_itself()
    {
        var a = check.Leaf(3, 3);
        check.Gradients(GraphBuilder.Contract(
            "square", Shape.Of(3, 3), Shape.Of(3, 3, 3), IndexMap.Project(0, 2), new Operand(a, IndexMap.Project(0, 1)), new Operand(a, IndexMap.Project(1, 2))));
    }

    [Fact]
    public void Map_with_broadcasts_and_permutations()
    {
        var (a, row, column, turned) = (check.Leaf(Extent.Batch, 3, 4), check.Leaf(Extent.Batch, 3), check.Leaf(4), check.Leaf(4, 3));
        var body = Multiply(Tanh(Add(Input(0), Multiply(Input(1), Input(2)))), Add(Input(3), Index(2)));
        check.Gradients(GraphBuilder.Map(
            "map", a.Shape, body, Operand.Whole(a), Operand.Whole(row), Operand.Trailing(column, 3), new Operand(turned, IndexMap.Project(2, 1))));
    }

    [Fact]
    public void Map_that_reads_part_of_an_operand()
    {
        var a = check.Leaf(Extent.Batch, 5);
        var tail = new IndexMap([Coordinate.Of(0), Coordinate.Of(1, 1, 2)]);
        var every = new IndexMap([Coordinate.Of(0), Coordinate.Of(1, 2)]);
        check.Gradients(GraphBuilder.Map(
            "map", Shape.Batch(3), Multiply(Input(0), Exp(Input(1))), new Operand(a, tail), new Operand(a, every)));
    }

    [Theory]
    [InlineData(2, 2, 0)]
    [InlineData(3, 2, 1)]
    [InlineData(3, 1, 1)]
    [InlineData(2, 3, 0)]
    public void Reductions_with_windows(int kernel, int stride, int padding)
    {
        const int Length = 7;
        var positions = ((Length + (2 * padding) - kernel) / stride) + 1;
        var x = check.Leaf(Extent.Batch, Length, 2);
        var window = new Coordinate([new Term(1, stride), new Term(2, 1)], -padding);
        var read = new Operand(x, new IndexMap([Coordinate.Of(0), window, Coordinate.Of(3)]));
        foreach (var op in new[] { ReduceOp.Sum, ReduceOp.Max })
        {
            check.Gradients(GraphBuilder.Reduce(
                "pool", op, Shape.Of(Extent.Batch, positions, 2), Shape.Of(Extent.Batch, positions, kernel, 2), IndexMap.Project(0, 1, 3), Multiply(Input(0), Const(0.5)), read));
        }
    }

    [Fact]
    public void Sum_that_scatters()
    {
        var x = check.Leaf(Extent.Batch, 3, 2);
        var output = new IndexMap([Coordinate.Of(0), new Coordinate([new Term(1, 1), new Term(2, 1)])]);
        check.Gradients(GraphBuilder.Reduce("overlap", ReduceOp.Sum, Shape.Batch(4), x.Shape, output, Sin(Input(0)), Operand.Whole(x)));
    }

    [Fact]
    public void The_gradient_of_a_maximum_goes_to_the_first_of_equals()
    {
        var x = check.Leaf(2, 3);
        new double[] { 1, 5, 5, 7, 2, 7 }.CopyTo(check.Values[x.Name], 0);
        var max = GraphBuilder.ReduceLast("max", ReduceOp.Max, x.Shape, Input(0), Operand.Whole(x));
        var sum = GraphBuilder.Reduce("sum", ReduceOp.Sum, Shape.Scalar, max.Shape, IndexMap.Project(), Input(0), Operand.Whole(max));
        Assert.Equal([0, 1, 0, 1, 0, 0], check.Run(Differentiation.Gradients(sum, [x])[0]));
    }

    [Fact]
    public void Log_sum_exp() => check.Gradients(GraphBuilder.LogSumExp("lse", check.Leaf(Extent.Batch, 2, 3)));

    [Fact]
    public void Views()
    {
        var a = check.Leaf(Extent.Batch, 3, 4);
        check.Gradients(GraphBuilder.View("permute", Shape.Batch(4, 3), new Operand(a, IndexMap.Project(0, 2, 1))));
        check.Gradients(GraphBuilder.Slice("slice", a, [0, 1, 2], Shape.Batch(2, 1)));
        check.Gradients(GraphBuilder.View(
            "flip", a.Shape, new Operand(a, new IndexMap([Coordinate.Of(0), Coordinate.Of(1, -1, 2), Coordinate.Of(2)]))));
        check.Gradients(GraphBuilder.View("broadcast", Shape.Batch(3, 2, 4), new Operand(a, IndexMap.Project(0, 1, 3))));
        check.Gradients(GraphBuilder.View("first", Shape.Batch(4), new Operand(a, new IndexMap([Coordinate.Of(0), Coordinate.At(0), Coordinate.Of(1)]))));
    }

    [Fact]
    public void Reshape() => check.Gradients(GraphBuilder.Reshape("reshape", Shape.Batch(2, 6), check.Leaf(Extent.Batch, 3, 4)));

    [Fact]
    public void Concat_and_pad()
    {
        var (a, b) = (check.Leaf(Extent.Batch, 2, 3), check.Leaf(Extent.Batch, 2, 1));
        check.Gradients(GraphBuilder.Pad("pad", Shape.Batch(4, 8), [0, 1, 1], GraphBuilder.Concat("concat", 2, a, b, a)));
    }

    [Fact]
    public void Gather_and_scatter()
    {
        var (table, source, ids) = (check.Leaf(5, 3), check.Leaf(Extent.Batch, 4, 3), check.Ids(5, Extent.Batch, 4));
        check.Gradients(GraphBuilder.Gather("rows", table, ids));
        check.Gradients(GraphBuilder.ScatterAdd("sums", Shape.Of(5, 3), ids, source));
    }

    [Fact]
    public void A_stopped_gradient_is_zero()
    {
        var a = check.Leaf(3);
        var value = GraphBuilder.Pointwise("product", Multiply(Input(0), Input(1)), a, new StopGradientNode(a));
        var sum = GraphBuilder.Reduce("sum", ReduceOp.Sum, Shape.Scalar, value.Shape, IndexMap.Project(), Input(0), Operand.Whole(value));
        Assert.Equal(check.Values[a.Name], check.Run(Differentiation.Gradients(sum, [a])[0]));
    }
}
