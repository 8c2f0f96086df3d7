using ModelDsl.Generator.Autodiff;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using ModelDsl.Generator.Tests.Oracles;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Tests.Layers;

/// <summary>Every layer and every loss: its gradients against finite differences of its own forward graph.</summary>
public class LayerGradientTests
{
    [Theory]
    [InlineData("Relu")]
    [InlineData("LeakyRelu")]
    [InlineData("LeakyRelu", "slope", 0.3)]
    [InlineData("LeakyRelu", "slope", -0.5)]
    [InlineData("Elu")]
    [InlineData("Elu", "alpha", 0.7)]
    [InlineData("Elu", "alpha", -0.7)]
    [InlineData("Gelu")]
    [InlineData("Gelu", "approximate", true)]
    [InlineData("Silu")]
    [InlineData("Sigmoid")]
    [InlineData("Tanh")]
    [InlineData("Softplus")]
    [InlineData("Softmax")]
    [InlineData("LayerNorm")]
    [InlineData("LayerNorm", "useScale", false)]
    [InlineData("LayerNorm", "useBias", false)]
    [InlineData("LayerNorm", "epsilon", 0.1)]
    [InlineData("RmsNorm")]
    [InlineData("RmsNorm", "useScale", false)]
    [InlineData("Dropout", "rate", 0.4)]
    [InlineData("Dropout", "rate", 0.0)]
    [InlineData("Flatten")]
    [InlineData("Dense", "units", 3)]
    public void Layer(string kind, string? argument = null, object? value = null)
    {
        (string, object)[] arguments = argument is null ? [] : [(argument, value!)];
        GradientCheck.Run(new SpecBuilder().Input(3).Dense(5).Layer(kind, arguments).Dense(2).Layer("MeanSquaredError").Lower());
        GradientCheck.Run(new SpecBuilder().Input(2, 3).Dense(5).Layer(kind, arguments).Dense(2).Layer("MeanSquaredError").Lower(), n: 2);
        GradientCheck.Run(new SpecBuilder().Input(3).Dense(5).Layer(kind, arguments).Layer("MeanSquaredError").Lower(), n: 1);
    }

    [Theory]
    [InlineData("Conv2D", "kernel", 2)]
    [InlineData("Conv2D", "padding", "Same")]
    [InlineData("Conv2D", "paddingSize", 2)]
    [InlineData("Conv2D", "stride", 2)]
    [InlineData("Conv2D", "dilation", 2)]
    [InlineData("Conv2D", "groups", 2)]
    [InlineData("Conv2D", "kernelWidth", 1)]
    [InlineData("ConvTranspose2D", "stride", 2)]
    [InlineData("ConvTranspose2D", "padding", "Same")]
    [InlineData("ConvTranspose2D", "dilation", 2)]
    [InlineData("MaxPool2D", "window", 2)]
    [InlineData("MaxPool2D", "stride", 1)]
    [InlineData("MaxPool2D", "padding", "Same")]
    [InlineData("AveragePool2D", "window", 2)]
    [InlineData("AveragePool2D", "paddingSize", 1)]
    public void Windows(string kind, string argument, object value)
    {
        var given = kind.EndsWith("Pool2D", StringComparison.Ordinal) ? new[] { ("window", (object)3) } : [("filters", (object)4), ("kernel", (object)3)];
        (string, object)[] arguments = [.. given.Where(pair => pair.Item1 != argument), (argument, value)];
        GradientCheck.Run(new SpecBuilder().Input(5, 6, 3).Dense(2).Layer(kind, arguments).Layer("Tanh").Layer("Flatten").Dense(2).Layer("MeanSquaredError").Lower());
    }

    [Theory]
    [InlineData("Conv1D", "stride", 2)]
    [InlineData("Conv1D", "padding", "Same")]
    [InlineData("MaxPool1D", "stride", 1)]
    [InlineData("AveragePool1D", "padding", "Same")]
    public void Windows_over_time(string kind, string argument, object value)
    {
        var given = kind.EndsWith("Pool1D", StringComparison.Ordinal) ? new[] { ("window", (object)3) } : [("filters", (object)4), ("kernel", (object)3)];
        GradientCheck.Run(new SpecBuilder().Input(7, 3).Dense(2).Layer(kind, [.. given, (argument, value)]).Layer("Tanh").Dense(2).Layer("MeanSquaredError").Lower());
    }

    [Theory]
    [InlineData("MeanSquaredError")]
    [InlineData("MeanAbsoluteError")]
    [InlineData("Huber")]
    [InlineData("Huber", "delta", 0.3)]
    [InlineData("BinaryCrossEntropy")]
    [InlineData("BinaryCrossEntropy", "labelSmoothing", 0.2)]
    [InlineData("SoftmaxCrossEntropy")]
    [InlineData("SoftmaxCrossEntropy", "labelSmoothing", 0.2)]
    [InlineData("SoftmaxCrossEntropy", "softTargets", true)]
    public void Loss(string kind, string? argument = null, object? value = null)
    {
        (string, object)[] arguments = argument is null ? [] : [(argument, value!)];
        GradientCheck.Run(new SpecBuilder().Input(3).Dense(4).Layer("Tanh").Dense(3).Layer(kind, arguments).Lower());
        GradientCheck.Run(new SpecBuilder().Input(5, 3).Dense(4).Layer(kind, arguments).Lower(), n: 2);
        GradientCheck.Run(new SpecBuilder().Input(3).Dense(1).Layer("Tanh").Dense(2).Layer(kind, arguments).Lower(), n: 1);
    }

    [Theory]
    [InlineData("SoftmaxCrossEntropy", 0.0, true)]
    [InlineData("SoftmaxCrossEntropy", 0.2, true)]
    [InlineData("SoftmaxCrossEntropy", 0.1, false)]
    public void Weights_of_classes(string kind, double smoothing, bool isSampled)
    {
        var weights = new[] { 0.5, 3, 0, 1.5 }.ToEquatableArray();
        GradientCheck.Run(new SpecBuilder().Input(3).Dense(4).Layer(kind, ("classWeights", weights), ("labelSmoothing", smoothing), ("sampleWeights", isSampled)).Lower());
        GradientCheck.Run(new SpecBuilder().Input(5, 3).Dense(4).Layer(kind, ("classWeights", weights), ("labelSmoothing", smoothing), ("sampleWeights", isSampled), ("ignore", 1)).Lower(), n: 2);
    }

    [Theory]
    [InlineData("MeanSquaredError")]
    [InlineData("MeanAbsoluteError")]
    [InlineData("Huber")]
    [InlineData("BinaryCrossEntropy")]
    [InlineData("SoftmaxCrossEntropy")]
    public void Weights_of_samples(string kind)
    {
        GradientCheck.Run(new SpecBuilder().Input(3).Dense(4).Layer(kind, ("sampleWeights", true)).Lower());
        GradientCheck.Run(new SpecBuilder().Layer("TokenInput", ("length", 4), ("vocabulary", 6), ("padding", 2)).Layer("Embedding", ("width", 3)).Dense(4).Layer(kind, ("sampleWeights", true)).Lower(), n: 3);
    }

    [Fact]
    public void Positive_decisions_with_a_weight() => GradientCheck.Run(new SpecBuilder().Input(3).Dense(4).Layer("BinaryCrossEntropy", ("positiveWeight", 3.5), ("labelSmoothing", 0.1)).Lower());

    [Fact]
    public void Soft_targets_with_smoothing() => GradientCheck.Run(new SpecBuilder().Input(3).Dense(4)
        .Layer("SoftmaxCrossEntropy", ("softTargets", true), ("labelSmoothing", 0.1)).Lower());

    [Fact]
    public void Autoencoder()
    {
        var model = new SpecBuilder().Input(4).Dense(2).Layer("Tanh").Dense(4).Layer("MeanSquaredError", ("target", "Input")).Lower();
        Assert.Empty(model.Targets);
        GradientCheck.Run(model);
    }

    [Fact]
    public void Tokens() => GradientCheck.Run(new SpecBuilder().TokenInput(4, 6).Layer("Embedding", ("width", 3)).Layer("PositionalEmbedding")
        .Layer("LayerNorm").Dense(6).Layer("SoftmaxCrossEntropy").Lower());

    [Theory]
    [InlineData(-100, 0.0)]
    [InlineData(2, 0.2)]
    public void Labels_that_are_ignored(int ignore, double smoothing) => GradientCheck.Run(
        new SpecBuilder().Input(5, 3).Dense(4).Layer("SoftmaxCrossEntropy", ("ignore", ignore), ("labelSmoothing", smoothing)).Lower());

    [Theory]
    [InlineData("SoftmaxCrossEntropy")]
    [InlineData("MeanSquaredError")]
    public void Padding(string loss) => GradientCheck.Run(new SpecBuilder().Layer("TokenInput", ("length", 5), ("vocabulary", 3), ("padding", 1))
        .Layer("Embedding", ("width", 3)).Dense(4).Layer("Tanh").Layer(loss).Lower());

    [Fact]
    public void Padding_in_a_pool() => GradientCheck.Run(new SpecBuilder().Layer("TokenInput", ("length", 5), ("vocabulary", 3), ("padding", 1))
        .Layer("Embedding", ("width", 3)).Layer("GlobalAveragePool").Dense(4).Layer("Tanh").Layer("MeanSquaredError").Lower());

    [Fact]
    public void Windows_of_tokens() => GradientCheck.Run(new SpecBuilder().TokenInput(4, 6).Layer("Embedding", ("width", 3)).Layer("Flatten")
        .Dense(5).Layer("Gelu").Dense(6).Layer("SoftmaxCrossEntropy").Lower());

    [Fact]
    public void Reshape() => GradientCheck.Run(new SpecBuilder().Input(6).Dense(8).Layer("Reshape", ("shape", new EquatableArray<int>([2, 2, 2])))
        .Dense(3).Layer("Tanh").Layer("Flatten").Dense(2).Layer("MeanSquaredError").Lower());

    [Theory]
    [InlineData("Add")]
    [InlineData("Concat")]
    public void Composition(string merge) => GradientCheck.Run(new SpecBuilder().Input(4)
        .Block("Wide", block => block.Dense(6).Layer("Silu").Dense(4))
        .Block("Norm", block => block.Layer("LayerNorm").Composite("Residual", ["Wide"]))
        .Block("Nothing", _ => { })
        .Composite("Repeat", ["Norm"], ("count", 2))
        .Composite("Parallel", ["Wide", "Nothing", "Norm"], ("merge", merge))
        .Composite("Apply", ["Nothing"])
        .Dense(3)
        .Layer("SoftmaxCrossEntropy")
        .Lower());

    [Fact]
    public void Own_functions()
    {
        var x = Expressions.Input(0);
        var t = Expressions.Input(1);
        var swish = SpecBuilder.Function("Swish", 1, Divide(x, Add(One, Exp(Negate(x)))));
        var p = Sigmoid(x);
        var focal = SpecBuilder.Function("Focal", 2, Negate(Add(
            Multiply(Multiply(t, Power(Subtract(One, p), Const(2))), Log(p)),
            Multiply(Multiply(Subtract(One, t), Multiply(p, p)), Log(Subtract(One, p))))));
        GradientCheck.Run(new SpecBuilder().Input(4).Dense(5).Layer("Activation", ("function", swish)).Dense(2).Layer("Loss", ("function", focal)).Lower());
    }

    [Fact]
    public void Frozen_parameters_get_no_gradient()
    {
        var model = new SpecBuilder().Input(4).Dense(5, ("frozen", true)).Layer("Tanh").Dense(2).Layer("MeanSquaredError").Lower();
        var graph = Differentiation.Differentiate(model.Train!, model.Parameters);
        Assert.Equal(["dense2.weight", "dense2.bias"], graph.Roots.Where(root => root.Kind == RootKind.Gradient).Select(root => root.Name));
        Assert.DoesNotContain("dense1Gradient", Printer.Print(graph), StringComparison.Ordinal);
        GradientCheck.Run(model);
    }
}
