using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.CodeFixes;

/// <summary>Names of Keras and PyTorch, and other spellings, are mended at the error of the C# compiler.</summary>
public class NameFixTests
{
    [Theory]
    [InlineData("{|CS0246:{|CS0246:{|MDSL0065:Linear|}|}|}(4, 8)", "Dense(8)")]
    [InlineData("{|CS0246:{|CS0246:{|MDSL0065:Linear|}|}|}(8)", "Dense(8)")]
    [InlineData("{|MDSL0065:{|CS0246:nn|}.Linear|}(4, 8)", "Dense(8)")]
    [InlineData("{|CS0246:{|CS0246:{|MDSL0065:ReLU|}|}|}", "Relu")]
    [InlineData("{|CS0246:{|CS0246:{|MDSL0065:ReLU|}|}|}()", "Relu()")]
    [InlineData("{|CS0246:{|CS0246:{|MDSL0065:BatchNorm1d|}|}|}(4)", "BatchNorm")]
    [InlineData("{|CS0246:{|CS0246:{|MDSL0065:BatchNormalization|}|}|}", "BatchNorm")]
    [InlineData("{|CS0246:{|CS0246:{|MDSL0065:Dence|}|}|}(8, UseBias = false)", "Dense(8, UseBias = false)")]
    public Task In_a_list(string before, string after) =>
        Mends($"[Model, Input(4), {before}, Dense(2), MeanSquaredError] partial class Net;", $"[Model, Input(4), {after}, Dense(2), MeanSquaredError] partial class Net;");

    [Theory]
    [InlineData("x.{|CS1061:{|MDSL0065:Linear|}|}(4, 8)", "x.Dense(8)")]
    [InlineData("x.{|CS1061:{|MDSL0065:Linear|}|}(10).Relu()", "x.Dense(10).Relu()")]
    [InlineData("x.Dense(3).{|CS1061:{|MDSL0065:ReLU|}|}()", "x.Dense(3).Relu()")]
    [InlineData("x.{|CS1061:{|MDSL0065:BatchNorm1d|}|}(4)", "x.BatchNorm()")]
    [InlineData("x.{|CS1061:{|MDSL0065:view|}|}(2, 2).Transpose()", "x.Reshape(2, 2).Transpose()")]
    public Task In_a_Forward(string before, string after) => Mends(
        $"[Model, Input(4), MeanSquaredError] partial class Net {{ static Tensor Forward(Tensor x) => {before}; }}",
        $"[Model, Input(4), MeanSquaredError] partial class Net {{ static Tensor Forward(Tensor x) => {after}; }}");

    [Fact]
    public Task A_convolution_of_PyTorch() => Mends(
        "[Model, Input(8, 8, 3), {|CS0246:{|CS0246:{|MDSL0065:Conv2d|}|}|}(3, 16, 3, Padding = Padding.Same), Flatten, Dense(2), MeanSquaredError] partial class Net;",
        "[Model, Input(8, 8, 3), Conv2D(16, 3, Padding = Padding.Same), Flatten, Dense(2), MeanSquaredError] partial class Net;");

    [Theory]
    [InlineData("{|CS0246:ADAM|}", "Adam")]
    [InlineData("{|CS0246:SGD|}", "Sgd")]
    [InlineData("{|CS0246:RMSprop|}", "RmsProp")]
    public Task An_optimizer(string before, string after) => Mends(
        $"class Program {{ static Optimizer Make() => new {before}(1e-3); }}", $"class Program {{ static Optimizer Make() => new {after}(1e-3); }}");

    [Fact]
    public async Task Nothing_is_offered_for_what_is_not_there()
    {
        using var project = new FixProject("[Model, Input(4, 4), ConvLSTM2D(8), MeanSquaredError] partial class Net;");
        Assert.Empty(await project.Fixes((await project.Report()).First(found => found.Id == "CS0246")));
    }

    private static Task Mends(string before, string after) => new ModelTest(before).Becomes(after).RunAsync();
}
