using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Layers;

/// <summary>What a lowered model says of itself: columns, parameters, rows of the summary.</summary>
public class DescriptionTests
{
    [Theory]
    [InlineData("Default", double.NaN, "Uniform", 0.5)]
    [InlineData("GlorotUniform", double.NaN, "Uniform", 0.5)]
    [InlineData("GlorotUniform", 2.0, "Uniform", 1.0)]
    [InlineData("GlorotNormal", double.NaN, "Normal", 0.28867513459481287)]
    [InlineData("HeUniform", double.NaN, "Uniform", 0.6123724356957945)]
    [InlineData("HeNormal", double.NaN, "Normal", 0.3535533905932738)]
    [InlineData("Normal", double.NaN, "Normal", 0.05)]
    [InlineData("Uniform", 0.2, "Uniform", 0.2)]
    [InlineData("Zeros", double.NaN, "Constant", 0.0)]
    public void Initializers_have_their_fans_worked_out(string kind, double scale, string distribution, double spread)
    {
        var model = new SpecBuilder().Input(16).Dense(8, ("kernelInitializer", kind), ("initScale", scale)).Layer("MeanSquaredError").Lower();
        var (weight, bias) = (model.Parameters[0].Initializer, model.Parameters[1].Initializer);
        Assert.Equal((distribution, 0.0), (weight.Distribution, weight.Center));
        Assert.Equal(spread, weight.Scale, 15);
        Assert.Equal(new Initializer("Constant", 0, 0), bias);
    }

    [Fact]
    public void Columns_come_in_order_and_are_shared_by_both_graphs()
    {
        var model = new SpecBuilder().TokenInput(5, 11).Layer("Embedding", ("width", 4)).Dense(7).Layer("SoftmaxCrossEntropy").Lower();
        var (input, label) = (Assert.Single(model.Inputs).Node, Assert.Single(model.Targets).Node);
        Assert.Equal(("input", 0, 11, Shape.Batch(5)), (input.Name, input.Column, input.Bound, input.Shape));
        Assert.Equal(("label", 1, 7, Shape.Batch(5)), (label.Name, label.Column, label.Bound, label.Shape));
        Assert.Equal("Classes", model.LossKind);
        foreach (var graph in new[] { model.Train!, model.Infer! })
        {
            Assert.All<Node>([input, label, .. model.Parameters], node => Assert.Contains(node, graph.Nodes));
        }
    }

    [Fact]
    public void Rows_add_up()
    {
        var model = new SpecBuilder().Input(6)
            .Block("Mlp", block => block.Dense(8, ("weightDecay", 0.1)).Layer("Relu").Dense(6, ("frozen", true)))
            .Composite("Repeat", ["Mlp"], ("count", 2))
            .Composite("Residual", ["Mlp"], ("name", "tail"))
            .Layer("MeanSquaredError")
            .Lower();
        Assert.Equal(
            ["0 input", "0 mlp1", "1 dense1", "1 relu1", "1 dense2", "0 mlp2", "1 dense1", "1 relu1", "1 dense2", "0 tail", "1 dense1", "1 relu1", "1 dense2"],
            model.Layers.Select(row => $"{row.Depth} {row.Name}"));
        Assert.Equal(model.Parameters.Sum(parameter => (long)parameter.Shape.Length), model.Layers.Sum(row => row.Parameters));
        Assert.Equal(new LayerRow(1, "dense1", "Dense(8, weightDecay: 0.1)", "[N, 8]", 56, 104, 32), model.Layers[2]);
        Assert.Equal(new LayerRow(0, "tail", "Residual<Mlp>", "[N, 6]", 0, 6, 24), model.Layers[9]);
        Assert.Equal(
            ["mlp1.dense1.weight", "mlp1.dense1.bias", "mlp1.dense2.weight", "mlp1.dense2.bias"],
            model.Parameters.Take(4).Select(parameter => parameter.Name));
        Assert.Equal([(false, 0.1), (true, double.NaN)], new[] { model.Parameters[0], model.Parameters[2] }.Select(p => (p.Frozen, p.WeightDecay)));
    }

    [Fact]
    public void Dropout_is_gone_in_inference()
    {
        var model = new SpecBuilder().Input(6).Layer("Dropout", ("rate", 0.5)).Dense(2).Layer("Dropout", ("rate", 0.5)).Layer("MeanSquaredError").Lower();
        Assert.Equal([0, 1], model.Train!.Nodes.OfType<RandomNode>().Select(node => node.Stream).Order());
        Assert.DoesNotContain(model.Infer!.Nodes, node => node is RandomNode);
    }
}
