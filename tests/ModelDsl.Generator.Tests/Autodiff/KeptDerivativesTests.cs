using ModelDsl.Generator.Autodiff;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Scalars;
using ModelDsl.Generator.Tests.Forward;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Autodiff;

public class KeptDerivativesTests
{
    [Theory]
    [InlineData("Gelu", false, nameof(ScalarOp.Erf))]
    [InlineData("Gelu", true, nameof(ScalarOp.Tanh))]
    [InlineData("Silu", false, nameof(ScalarOp.Sigmoid))]
    public void The_function_that_an_activation_and_its_derivative_share_is_computed_once(string activation, bool isApproximate, string function)
    {
        var before = ModelCompiler.Differentiate(Network(activation, isApproximate));
        var after = KeptDerivatives.Run(before);
        Assert.Equal((2, 1), (Count(before, function), Count(after, function)));
        Assert.Contains(after.Nodes, node => node.Name.EndsWith("Derivative", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Gelu", false)]
    [InlineData("Gelu", true)]
    [InlineData("Silu", false)]
    public void Loss_and_gradients_have_the_same_bits(string activation, bool isApproximate)
    {
        var model = Network(activation, isApproximate);
        var before = ModelCompiler.Differentiate(model);
        var after = KeptDerivatives.Run(before);
        var data = new ModelData(model, 3);
        foreach (var (root, other) in before.Roots.Zip(after.Roots)) Assert.Equal(data.Interpreter().Run(root.Value), data.Interpreter().Run(other.Value));
    }

    [Theory]
    [InlineData("Relu")]
    [InlineData("Tanh")]
    [InlineData("Sigmoid")]
    [InlineData("Softplus")]
    public void A_derivative_that_shares_no_function_with_its_activation_stays_in_the_backward_pass(string activation)
    {
        var graph = ModelCompiler.Differentiate(Network(activation));
        Assert.Same(graph, KeptDerivatives.Run(graph));
    }

    [Fact]
    public void The_forward_pass_keeps_the_derivative_instead_of_the_operand()
    {
        var groups = ModelCompiler.Plan(Spec("Gelu")).Training[0].Fused.Groups;
        var forward = groups.Single(group => group.Part == 0 && group.Stored.Any(node => node.Name == "gelu1"));
        Assert.Equal(GroupKind.Contract, forward.Kind);
        Assert.Equal(["gelu1", "gelu1Derivative"], forward.Stored.Select(node => node.Name));
        Assert.DoesNotContain(groups.Where(group => group.Part == 1).SelectMany(group => group.Members).SelectMany(member => member.Operands), operand => operand.Node.Name == "dense1");
    }

    [Theory]
    [InlineData("h.Gelu().Dense(2) + h.Dense(2)")]
    [InlineData("h.Gelu() * h.Silu()")]
    public void An_operand_that_the_backward_pass_reads_otherwise_is_kept(string result)
    {
        var graph = ModelCompiler.Differentiate(Read.Body("8", $"{{ var h = x.Dense(6); var scaled = h * 2; return {result}; }}"));
        Assert.Same(graph, KeptDerivatives.Run(graph));
    }

    private static int Count(ModelGraph graph, string op) => graph.Nodes.OfType<MapNode>().Sum(map => ExprWalk.All(map.Body).Count(part => part is Apply apply && apply.Op.ToString() == op));

    private static LoweredModel Network(string activation, bool isApproximate = false) => Lowering.Lower(Spec(activation, isApproximate));

    private static ModelSpec Spec(string activation, bool isApproximate = false) =>
        new SpecBuilder().Input(8).Dense(6).Layer(activation, isApproximate ? [("approximate", true)] : []).Dense(2).Layer("MeanSquaredError").Build();
}
