using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Diagnostics;

/// <summary>Networks that compile and are not what was meant, and mistakes that look like something else.</summary>
public class NewcomerTests
{
    private const string Digits = "Input(28, 28)";

    [Fact]
    public Task A_missing_Flatten_before_classes_is_an_error() => Expect.Message(
        $"[Model, {Digits}, {{|MDSL0063:Dense(128)|}}, Relu, Dense(10), SoftmaxCrossEntropy] partial class Net;",
        "takes 28 labels for each sample",
        "[Dense(128)] works along the last axis of [N, 28, 28] alone",
        "put [Flatten] before [Dense(128)]",
        "write Conv1D(10, 1) for [Dense(10)]");

    [Fact]
    public Task A_missing_Flatten_before_classes_is_an_error_in_a_Forward() => Expect.Message(
        $"[Model, {Digits}, SoftmaxCrossEntropy] partial class Net {{ static Tensor Forward(Tensor x) => x.{{|MDSL0063:Dense(128)|}}.Relu().Dense(10); }}",
        "put Flatten() before Dense(128)");

    [Fact]
    public Task A_missing_Flatten_before_numbers_is_a_warning() => Expect.Message(
        $"[Model, {Digits}, {{|MDSL0018:Dense(128)|}}, Relu, Dense(3), MeanSquaredError] partial class Net;",
        "takes a target [28, 3] for each sample");

    [Theory]
    [InlineData("Input(28, 28), Flatten, Dense(10), SoftmaxCrossEntropy")]
    [InlineData("Input(28, 28), Dense(16), Conv1D(10, 1), SoftmaxCrossEntropy")]
    [InlineData("Input(28, 28, 3), Dense(16), Conv2D(10, 1), SoftmaxCrossEntropy")]
    [InlineData("Input(28, 28), Dense(16), Relu, Dense(28), MeanSquaredError(Target = Target.Input)")]
    [InlineData("Input(28, 28), Dense(10), SoftmaxCrossEntropy(Ignore = 0)")]
    [InlineData("TokenInput(28, 28), Embedding(16), Dense(28), SoftmaxCrossEntropy")]
    [InlineData("Input(28), Dense(10), SoftmaxCrossEntropy")]
    public Task Where_rows_are_meant_nothing_is_said(string layers) => Expect.Diagnostics($"[Model, {layers}] partial class Net;");

    [Theory]
    [InlineData("[Model, Input(4), Dense(3), {|MDSL0017:Softmax|}, SoftmaxCrossEntropy] partial class Net;", "remove [Softmax]")]
    [InlineData("[Model, Input(4), Dense(3), {|MDSL0017:Sigmoid|}, BinaryCrossEntropy] partial class Net;", "remove [Sigmoid]")]
    [InlineData("[Model, Input(4), SoftmaxCrossEntropy] partial class Net { static Tensor Forward(Tensor x) => x.Dense(3).{|MDSL0017:Softmax()|}; }", "remove Softmax()")]
    [InlineData("[Block, Dense(3), {|MDSL0017:Softmax|}] partial class Head; [Model, Input(4), Apply<Head>, SoftmaxCrossEntropy] partial class Net;", "applies the softmax itself")]
    [InlineData(
        """
        [Model, Input(4)] partial class Net
        {
            static Tensor Forward(Tensor x) => x.Dense(3).{|MDSL0017:Softmax()|};
            [Loss] static Tensor Own(Tensor output, [Label(3)] Tensor kind) => output.SoftmaxCrossEntropy(kind);
        }
        """, "SoftmaxCrossEntropy works on logits")]
    [InlineData(
        """
        [Model, Input(4)] partial class Net
        {
            static (Tensor kind, Tensor share) Forward(Tensor x) { var p = x.Dense(3).{|MDSL0017:Sigmoid()|}; return (x.Dense(3), p); }
            [Loss] static Tensor Own(Tensor kind, [Label(3)] Tensor truth, Tensor share, [Target(3)] Tensor part) => kind.SoftmaxCrossEntropy(truth) + share.BinaryCrossEntropy(part);
        }
        """, "BinaryCrossEntropy works on logits")]
    [InlineData("[Model, Input(4), Dense(3), {|MDSL0017:Sigmoid|}, SoftmaxCrossEntropy] partial class Net;", "no probability comes near 0 or 1; remove [Sigmoid]")]
    [InlineData("[Model, Input(4), Dense(3), {|MDSL0017:Relu|}, BinaryCrossEntropy] partial class Net;", "learns nothing where it is 0; remove [Relu]")]
    [InlineData("[Model, Input(4), SoftmaxCrossEntropy] partial class Net { static Tensor Forward(Tensor x) => x.Dense(3).{|MDSL0017:Relu()|}; }", "remove Relu()")]
    [InlineData("[Model, Input(4), BinaryCrossEntropy] partial class Net { static Tensor Forward(Tensor x) => x.Dense(3).{|MDSL0017:Softmax()|}; }", "remove Softmax()")]
    [InlineData("[Model, Input(2, 3), BinaryCrossEntropy] partial class Net { static Tensor Forward(Tensor x) => x.Dense(3).{|MDSL0017:Sigmoid()|}.Flatten(); }", "remove Sigmoid()")]
    [InlineData(
        """
        [Model, Input(4)] partial class Net
        {
            static Tensor Forward(Tensor x) => x.Dense(3).{|MDSL0017:Tanh()|};
            [Loss] static Tensor Own(Tensor output, [Label(3)] Tensor kind) => output.SoftmaxCrossEntropy(kind);
        }
        """, "logits from -1 to 1")]
    public Task An_activation_before_a_loss_that_works_on_logits(string source, string text) => Expect.Message(source, text);

    [Theory]
    [InlineData("Dense(3), LeakyRelu, SoftmaxCrossEntropy")]
    [InlineData("Dense(3), Relu, MeanSquaredError")]
    [InlineData("Dense(3), Sigmoid, MeanSquaredError")]
    public Task Other_activations_before_a_loss_may_be_meant(string layers) => Expect.Diagnostics($"[Model, Input(4), {layers}] partial class Net;");

    [Fact]
    public Task Logits_that_are_scaled_after_a_bound_may_be_meant() =>
        Expect.Diagnostics("[Model, Input(4), SoftmaxCrossEntropy] partial class Net { static Tensor Forward(Tensor x) => 10 * x.Dense(3).Tanh(); }");

    [Fact]
    public Task Probabilities_beside_the_logits_are_no_mistake() => Expect.Diagnostics(
        """
        [Model, Input(4)] partial class Net
        {
            static (Tensor logits, Tensor probabilities) Forward(Tensor x) { var y = x.Dense(3); return (y, y.Softmax()); }
            [Loss] static Tensor Own(Tensor logits, [Label(3)] Tensor kind) => logits.SoftmaxCrossEntropy(kind);
        }
        """);

    [Theory]
    [InlineData("[Model, Input(3, 32, 32), Conv2D(32, {|MDSL0019:5|}), Flatten, Dense(10), SoftmaxCrossEntropy] partial class Net;")]
    [InlineData("[Model, Input(1, 28, 28), Relu, MaxPool2D({|MDSL0019:2|}), Flatten, Dense(10), SoftmaxCrossEntropy] partial class Net;")]
    [InlineData("[Model, Input({|MDSL0064:3, 32, 32|}), Conv2D(32, 3), Flatten, Dense(10), SoftmaxCrossEntropy] partial class Net;")]
    [InlineData("[Model, SoftmaxCrossEntropy] partial class Net { static Tensor Forward([{|MDSL0064:Input(3, 32, 32)|}] Tensor x) => x.BatchNorm().Conv2D(32, 3).Flatten().Dense(10); }")]
    public async Task An_image_with_its_channels_first(string source)
    {
        var size = source.Contains("28, 28", StringComparison.Ordinal) ? "28, 28, 1" : "32, 32, 3";
        await Expect.Message(source, "channels last", $"did you mean Input({size})?");
    }

    [Theory]
    [InlineData("Input(4, 4, 3), Conv2D(32, {|MDSL0019:5|})")]
    [InlineData("Input(32, 32, 3), Conv2D(32, 3)")]
    [InlineData("Input(3, 3, 64), Conv2D(32, 3)")]
    [InlineData("Input(3, 5, 64), Conv2D(32, 3)")]
    public Task Other_images_are_what_they_are(string layers) => Expect.Diagnostics($"[Model, {layers}, Flatten, Dense(10), SoftmaxCrossEntropy] partial class Net;");

    [Theory]
    [InlineData("[Model, {|MDSL0024:SoftmaxCrossEntropy|}, Input(4), Dense(3)] partial class Net;")]
    [InlineData("[Model, {|MDSL0024:SoftmaxCrossEntropy|}, Input(4)] partial class Net;")]
    public Task A_loss_before_the_input_is_one_error(string source) => Expect.Diagnostics(source);

    [Theory]
    [InlineData("{|CS1729:Dense{|MDSL0066:(784, 10)|}|}", "Dense takes (units) by position; the size of its input is known from the layer before; others are written by name, as in 'UseBias = …'")]
    [InlineData("{|CS1729:BatchNorm{|MDSL0066:(784)|}|}", "BatchNorm takes no argument by position; the size of its input is known")]
    public async Task A_layer_with_the_arguments_of_PyTorch(string layer, string text)
    {
        var found = await Expect.Diagnostics($"[Model, Input(784), {layer}, MeanSquaredError] partial class Net;");
        Assert.StartsWith(text, found.Single(diagnostic => diagnostic.Id == "MDSL0066").GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public Task A_Forward_that_is_spelt_in_lower_case() => Expect.Diagnostics(
        "[Model, Input(4), MeanSquaredError] partial class Net { private Tensor {|MDSL0050:forward|}(Tensor x) => x.Dense(10); }");

    [Theory]
    [InlineData("[Model, Input(4), Dense(3), Activation({|MDSL0040:\"relu\"|}), MeanSquaredError] partial class Net;")]
    [InlineData("[Model, Input(4), MeanSquaredError] partial class Net { static Tensor Forward(Tensor x) => x.Activation({|MDSL0040:\"ReLU\"|}); }")]
    public Task An_activation_of_Keras_is_a_layer(string source) => Expect.Message(source, "did you mean the layer Relu instead of Activation?");

    [Fact]
    public Task A_loss_method_of_a_list_is_one_error() => Expect.Diagnostics(
        "[Model, Input(4), Dense(3)] partial class Net { [Loss] Tensor {|MDSL0060:Own|}(Tensor output, [Target(3)] Tensor t) => output.MeanSquaredError(t); }");

    [Fact]
    public Task A_product_that_lacks_a_transposition() => Expect.Message(
        "[Model, Input(8, 4), MeanSquaredError] partial class Net { static Tensor Forward(Tensor x) => x.{|MDSL0052:MatMul(x)|}; }", "did you mean MatMul with Transpose() on the right side?");

    [Theory]
    [InlineData("x.Dense(3).Activation(Swish)", "static float Swish(float x) => x / (1f + MathF.Exp(-x));")]
    [InlineData("x.Dense(3).Activation(Own.Swish)", "")]
    [InlineData("x.Dense(3).Activation(nameof(Swish))", "static float Swish(float x) => x / (1f + MathF.Exp(-x));")]
    [InlineData("x.Dense(3).Activation(MathF.Sin)", "")]
    [InlineData("x.Dense(3).Activation({|MDSL0042:MathF.BitIncrement|})", "")]
    [InlineData("x.Dense(3).Activation({|MDSL0051:x => 2 * x|})", "")]
    public Task An_activation_of_a_Forward_is_a_method(string value, string member) => Expect.Diagnostics(
        $"static class Own {{ public static float Swish(float x) => x / (1f + MathF.Exp(-x)); }} [Model, Input(4), MeanSquaredError] partial class Net {{ static Tensor Forward(Tensor x) => {value}; {member} }}");
}
