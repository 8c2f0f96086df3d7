using ModelDsl.Generator.Autodiff;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using ModelDsl.Generator.Simplify;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>Single operations on leaves of any shape, held to finite differences.</summary>
internal sealed class NodeCheck(int n)
{
    private readonly Random random = new(7);
    private readonly List<ParameterNode> leaves = [];

    public Dictionary<string, double[]> Values { get; } = [];

    public Dictionary<int, double[]> Columns { get; } = [];

    public ParameterNode Leaf(params Extent[] shape)
    {
        var leaf = new ParameterNode($"leaf{leaves.Count}", Shape.Of(shape), new("Constant", 0, 0), frozen: false, double.NaN);
        leaves.Add(leaf);
        Values[leaf.Name] = [.. Enumerable.Range(0, Count(leaf.Shape)).Select(_ => (random.NextDouble() * 2) - 1)];
        return leaf;
    }

    public InputNode Ids(int bound, params Extent[] shape)
    {
        var ids = new InputNode("ids", Shape.Of(shape), ElementType.Int, Columns.Count, bound);
        Columns[ids.Column] = [.. Enumerable.Range(0, Count(ids.Shape)).Select(_ => (double)random.Next(bound))];
        return ids;
    }

    public double[] Run(Node node) => Interpreter().Run(node);

    public GraphInterpreter Interpreter() => new(n) { Parameters = Values, Columns = Columns };

    /// <summary>A scalar that depends on every element of a value, differently and not linearly.</summary>
    public static Node Measure(Node value)
    {
        var weight = Enumerable.Range(0, value.Shape.Rank).Aggregate(Const(0.5), (sum, axis) => Add(sum, Multiply(Const(0.3 * (axis + 1)), Index(axis))));
        var body = Add(Multiply(weight, Input(0)), Multiply(Input(0), Input(0)));
        return GraphBuilder.Reduce("measure", ReduceOp.Sum, Shape.Scalar, value.Shape, IndexMap.Project(), body, Operand.Whole(value));
    }

    /// <summary>First and second derivatives of an operation by all leaves, plain and simplified.</summary>
    public void Gradients(Node value, bool second = true)
    {
        var loss = Measure(value);
        var gradients = Check(loss, "gradient");
        if (second) Check(GraphBuilder.Add("sum", [.. gradients.Select(Measure)]), "second gradient");
    }

    private IReadOnlyList<Node> Check(Node loss, string what)
    {
        var gradients = Differentiation.Gradients(loss, leaves);
        var graph = new ModelGraph([.. leaves.Select((leaf, index) => new Root(RootKind.Gradient, leaf.Name, gradients[index], leaf))]);
        var simple = Simplifier.AfterGradients(Verifier.Checked(graph));
        foreach (var (leaf, index) in leaves.Select((leaf, index) => (leaf, index)))
        {
            var expected = FiniteDifferences.Gradient(loss, leaf.Name, Interpreter());
            FiniteDifferences.AssertClose(expected, Run(gradients[index]), $"{what} by {leaf.Name}", 1e-5);
            FiniteDifferences.AssertClose(expected, Run(simple.Roots[index].Value), $"{what} by {leaf.Name}, simplified", 1e-5);
        }

        return gradients;
    }

    private int Count(Shape shape) => shape.Extents.Aggregate(1, (product, extent) => product * (extent.IsBatch ? n : extent.Value));
}
