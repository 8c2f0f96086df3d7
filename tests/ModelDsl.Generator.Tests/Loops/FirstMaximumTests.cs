using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;
using ModelDsl.Generator.Simplify;
using ModelDsl.Generator.Tests.Oracles;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Tests.Loops;

/// <summary>The position of the first maximum, with ties, infinities and NaN, on every schedule that computes one.</summary>
public class FirstMaximumTests
{
    private const int Samples = 3;

    [Fact]
    public void The_first_maximum_is_the_first_NaN_or_the_first_of_equals()
    {
        var x = Column(0, Extent.Batch, 4);
        var first = (ReduceNode)GraphBuilder.ReduceLast("first", ReduceOp.ArgMax, x.Shape, Input(0), Operand.Whole(x));
        var interpreter = new GraphInterpreter(4)
        {
            Columns = { [0] = [1, 3, 3, 2, 5, double.NaN, 7, double.NaN, double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity, 0, 0, -0.0, 1, 1] },
        };
        Assert.Equal([1, 1, 3, 2], interpreter.Run(first));
        Assert.Equal("first [N] = argmax x0 over [N, 4] into (i0)", Printer.Print(GraphOf(first)).Split('\n')[1]);
    }

    [Theory]
    [InlineData(3, 1, 1)]
    [InlineData(2, 2, 0)]
    [InlineData(3, 2, 0)]
    public void In_windows(int kernel, int stride, int padding)
    {
        const int Length = 7;
        var positions = ((Length + (2 * padding) - kernel) / stride) + 1;
        var x = Column(0, Extent.Batch, Length, Length, 19);
        Coordinate Window(int position) => new([new Term(position, stride), new Term(position + 2, 1)], -padding);
        var read = new Operand(x, new IndexMap([Coordinate.Of(0), Window(1), Window(2), Coordinate.Of(5)]));
        Check(GraphBuilder.Reduce(
            "first", ReduceOp.ArgMax, Shape.Batch(positions, positions, 19), Shape.Batch(positions, positions, kernel, kernel, 19), IndexMap.Project(0, 1, 2, 5), Input(0), read));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(37)]
    [InlineData(150)]
    public void Along_a_row(int width)
    {
        var x = Column(0, Extent.Batch, width);
        Check(GraphBuilder.ReduceLast("first", ReduceOp.ArgMax, x.Shape, Negate(Input(0)), Operand.Whole(x)));
    }

    [Fact]
    public void Over_all_elements_of_a_sample()
    {
        var x = Column(0, Extent.Batch, 3, 21);
        Check(GraphBuilder.Reduce("first", ReduceOp.ArgMax, Shape.Batch(), x.Shape, IndexMap.Project(0), Input(0), Operand.Whole(x)));
    }

    [Fact]
    public void In_the_registers_of_a_product()
    {
        var (a, b) = (Column(0, Extent.Batch, 8, 3), Column(1, Extent.Batch, 3, 20));
        var product = GraphBuilder.Contract(
            "product", Shape.Batch(8, 20), Shape.Batch(8, 3, 20), IndexMap.Project(0, 1, 3), new Operand(a, IndexMap.Project(0, 1, 2)), new Operand(b, IndexMap.Project(0, 2, 3)));
        var window = new IndexMap([Coordinate.Of(0), new Coordinate([new Term(1, 2), new Term(2, 1)]), Coordinate.Of(3)]);
        var (shape, domain, output) = (Shape.Batch(4, 20), Shape.Batch(4, 2, 20), IndexMap.Project(0, 1, 3));
        var maximum = GraphBuilder.Reduce("maximum", ReduceOp.Max, shape, domain, output, Input(0), new Operand(product, window));
        var first = GraphBuilder.Reduce("first", ReduceOp.ArgMax, shape, domain, output, Input(0), new Operand(product, window));
        Check(GraphBuilder.Pointwise("both", Add(Multiply(Input(0), Const(16)), Input(1)), first, maximum), groups: 1);
    }

    [Fact]
    public void One_term_stands_first()
    {
        var x = Column(0, Extent.Batch, 4);
        var first = GraphBuilder.Reduce("first", ReduceOp.ArgMax, x.Shape, x.Shape, IndexMap.Identity(2), Input(0), Operand.Whole(x));
        var simple = Simplifier.AfterGradients(GraphOf(first));
        Assert.DoesNotContain(simple.Nodes, node => node is ReduceNode);
        Assert.All(new GraphInterpreter(Samples).Run(simple.Roots[0].Value), value => Assert.Equal(0, value));
    }

    private static InputNode Column(int column, params Extent[] shape) => new($"x{column}", Shape.Of(shape), ElementType.Float, column, 0);

    private static ModelGraph GraphOf(Node node) => new([new Root(RootKind.Output, "output", node)]);

    /// <summary>Compares the kernels of every vector width with the graph, element by element: positions are exact.</summary>
    private static void Check(Node node, int? groups = null)
    {
        var graph = GraphOf(node);
        var random = new Random(3);
        var columns = graph.Nodes.OfType<InputNode>().OrderBy(input => input.Column)
            .Select(input => Enumerable.Range(0, Samples * input.Shape.Length).Select(_ => Value(random)).ToArray()).ToArray();
        var interpreter = new GraphInterpreter(Samples);
        for (var i = 0; i < columns.Length; i++) interpreter.Columns[i] = columns[i];
        var expected = interpreter.Run(node);
        Assert.Contains(expected, double.IsFinite);

        var fused = Fuser.Fuse(graph, PlanParts.OfInference);
        if (groups is { } count) Assert.Equal(count, fused.Groups.Count);
        var parameters = ParameterPlan.Create([], [fused.Graph]);
        foreach (var target in CpuTarget.All)
        {
            var plan = ModelCompiler.Schedule(target, fused, parameters);
            var memory = new LoopMemory(Samples, plan.Arenas, 0, 0, 0);
            foreach (var column in columns) memory.AddColumn([.. column.Select(value => (float)value)]);
            var storage = plan.RootStorage(RootKind.Output)!;
            new LoopInterpreter(plan, memory, target.Bits, Samples, isCut: true).Run([storage]);
            for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], memory.Result(storage, i, "output"));
        }
    }

    /// <summary>Few different numbers, so that there are ties; now and then NaN.</summary>
    private static double Value(Random random) => random.Next(40) == 0 ? double.NaN : random.Next(-2, 3);
}
