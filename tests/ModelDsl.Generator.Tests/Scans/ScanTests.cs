using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scans;
using ModelDsl.Generator.Simplify;
using ModelDsl.Generator.Tests.Forward;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Scans;

/// <summary>Loops over time as nodes: their gradients, and what passes make of them.</summary>
public class ScanTests
{
    private readonly NodeCheck check = new(2);

    public static TheoryData<string> Loops => LoopCases.Names;

    [Theory]
    [MemberData(nameof(Loops))]
    public void A_loop_is_differentiated_once_and_twice(string name) => check.Gradients(LoopCases.Create(name, check));

    [Theory]
    [MemberData(nameof(Loops))]
    public void A_loop_written_out_gives_the_same(string name)
    {
        var value = LoopCases.Create(name, check);
        var graph = new ModelGraph([new Root(RootKind.Output, "output", value)]);
        var plain = Unrolling.Run(graph);
        Assert.DoesNotContain(plain.Nodes, node => node is ScanNode or ScanResultNode or LoopValueNode);
        FiniteDifferences.AssertClose(check.Run(value), check.Run(plain.Roots[0].Value), name, 1e-14);
    }

    [Fact]
    public void Products_with_the_inputs_are_one_product_before_the_loop()
    {
        var graph = Simplifier.BeforeGradients(new ModelGraph([new Root(RootKind.Output, "output", LoopCases.Create("recurrent", check))]));
        var loop = graph.Nodes.OfType<ScanNode>().Single();
        Assert.Equal(["recurrent"], loop.Body.Graph.Nodes.OfType<ContractNode>().Select(node => node.Name));
        Assert.Equal(Shape.Batch(4, 3), graph.Nodes.OfType<ContractNode>().Single().Shape);
    }

    [Fact]
    public void A_product_that_no_step_reads_is_one_product_behind_the_loop()
    {
        var graph = Simplifier.BeforeGradients(new ModelGraph([new Root(RootKind.Output, "output", LoopCases.Create("an output made of a product", check))]));
        var loop = graph.Nodes.OfType<ScanNode>().Single();
        Assert.Equal(["recurrent"], loop.Body.Graph.Nodes.OfType<ContractNode>().Select(node => node.Name));
        Assert.Contains(graph.Nodes.OfType<ContractNode>(), node => node.Name == "projected" && node.Shape == Shape.Batch(3, 4));
    }

    [Fact]
    public void A_training_step_of_stacked_layers_runs_the_loop_of_each_once()
    {
        var model = ModelCompiler.Plan(Read.Spec("[Model, Input(9, 4), Lstm(4, ReturnSequences = true), Gru(4, ReturnSequences = true), Lstm(4), Dense(2), MeanSquaredError] partial class Net;"));
        Assert.Equal(6, model.Train.Fused.Groups.Count(group => group.Anchor is ScanNode));
    }

    [Fact]
    public void The_gradients_of_weights_are_products_behind_the_loop()
    {
        var value = LoopCases.Create("recurrent", check);
        var leaves = ModelGraph.Sort([value]).OfType<ParameterNode>().ToArray();
        var gradients = Generator.Autodiff.Differentiation.Gradients(NodeCheck.Measure(value), leaves);
        var graph = Simplifier.AfterGradients(new ModelGraph([.. leaves.Zip(gradients, (leaf, gradient) => new Root(RootKind.Gradient, leaf.Name, gradient, leaf))]));
        Assert.All(graph.Nodes.OfType<ScanNode>(), loop => Assert.Empty(loop.Body.Totals));
        var weight = graph.Roots.Single(root => root.Parameter!.Shape == Shape.Of(3, 3)).Value;
        Assert.Equal(Shape.Of(Extent.Batch, 4, 3, 3), Assert.IsType<ContractNode>(weight).Domain);
    }
}
