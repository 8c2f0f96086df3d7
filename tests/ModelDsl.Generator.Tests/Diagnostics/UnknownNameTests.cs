using System.Globalization;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Vocabulary;

namespace ModelDsl.Generator.Tests.Diagnostics;

/// <summary>Names of other libraries and misspelt names: the warnings in addition to the error of the C# compiler.</summary>
public class UnknownNameTests
{
    private static readonly string[] Attributes = [.. typeof(ModelAttribute).Assembly.GetExportedTypes()
        .Where(type => type.IsSubclassOf(typeof(Attribute)) && !type.IsAbstract).Select(type => type.Name.Split('`')[0].Replace("Attribute", "", StringComparison.Ordinal)).Distinct()];

    private static readonly string[] Members = [.. typeof(Tensor).GetMembers().Select(member => member.Name).Distinct()];

    [Theory]
    [InlineData("Linear(128)", "Linear", "what PyTorch calls Linear is Dense")]
    [InlineData("ReLU", "ReLU", "it is Relu")]
    [InlineData("relu", "relu", "it is Relu")]
    [InlineData("Conv2d(8, 3)", "Conv2d", "is Conv2D")]
    [InlineData("BatchNorm2d(8)", "BatchNorm2d", "is BatchNorm")]
    [InlineData("BatchNormalization", "BatchNormalization", "what Keras calls BatchNormalization is BatchNorm")]
    [InlineData("MaxPooling2D(2)", "MaxPooling2D", "MaxPool2D")]
    [InlineData("nn.Linear(128)", "Linear", "is Dense")]
    [InlineData("LSTM(32)", "LSTM", "it is Lstm")]
    [InlineData("ConvLSTM2D(32)", "ConvLSTM2D", "Scan in a Forward")]
    [InlineData("MultiHeadAttention(8)", "MultiHeadAttention", "SelfAttention")]
    [InlineData("CrossEntropyLoss", "CrossEntropyLoss", "SoftmaxCrossEntropy")]
    [InlineData("MSE", "MSE", "MeanSquaredError")]
    [InlineData("TextVectorization(1000)", "TextVectorization", "give the data a TextInput with a WordTokenizer")]
    [InlineData("Dence(3)", "Dence", "did you mean Dense?")]
    [InlineData("DenseLayer(3)", "DenseLayer", "it is Dense")]
    [InlineData("Dropuot(0.5)", "Dropuot", "did you mean Dropout?")]
    [InlineData("SoftmaxCrossEntopy", "SoftmaxCrossEntopy", "did you mean SoftmaxCrossEntropy?")]
    [InlineData("Liner(3)", "Liner", "what PyTorch calls Linear is Dense")]
    [InlineData("ReLU6", "ReLU6", "Activation(nameof(F))")]
    public async Task In_a_list(string layer, string name, string advice)
    {
        var found = await Expect.Report([$"[Model, Input(4), {layer}, Dense(2), MeanSquaredError] partial class Net;"]);
        var ours = Assert.Single(found, diagnostic => diagnostic.Id == "MDSL0065");
        Assert.StartsWith($"There is no '{name}' here; ", ours.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.Contains(advice, ours.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.All(found, diagnostic => Assert.True(diagnostic == ours || diagnostic.Id == "CS0246", diagnostic.ToString()));
    }

    [Theory]
    [InlineData("x.Linear(10)", "Linear", "is Dense")]
    [InlineData("x.Dense(3).ReLU().Dense(2)", "ReLU", "it is Relu")]
    [InlineData("x.Dense(3).view(3, 1)", "view", "is Reshape")]
    [InlineData("x.Matmul(x)", "Matmul", "it is MatMul")]
    [InlineData("Tensor.cat(x, x)", "cat", "Tensor.Concat(a, b)")]
    [InlineData("Tensor.CasualMask(4)", "CasualMask", "did you mean CausalMask?")]
    [InlineData("x.Desne(4)", "Desne", "did you mean Dense?")]
    public async Task In_a_Forward(string value, string name, string advice)
    {
        var found = await Expect.Report([$"[Model, Input(4), MeanSquaredError] partial class Net {{ static Tensor Forward(Tensor x) => {value}; }}"]);
        var ours = Assert.Single(found, diagnostic => diagnostic.Id == "MDSL0065");
        Assert.StartsWith($"There is no '{name}' here; ", ours.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.Contains(advice, ours.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.All(found, diagnostic => Assert.True(diagnostic == ours || diagnostic.Id is "CS1061" or "CS0117", diagnostic.ToString()));
    }

    [Fact]
    public Task Of_a_parameter_and_a_property() => Expect.Diagnostics(
        """
        [Model, MeanSquaredError] partial class Net
        {
            [{|CS0246:{|CS0246:{|MDSL0065:Wieght|}|}|}(4)] private static Tensor Scale => null!;
            private static Tensor Forward([{|CS0246:{|CS0246:{|MDSL0065:Inptu|}|}|}(4)] Tensor x) => x.Dense(2);
        }
        """);

    [Theory]
    [InlineData("[Model, Input(4), Activation({|CS0103:{|MDSL0065:Relu6|}|}), MeanSquaredError] partial class Net;", "private static float Relu6(float x)")]
    [InlineData("[Model, Input(4), Dense(3), Loss({|CS0103:{|MDSL0065:Own|}|})] partial class Net;", "private static float Own(float output, float target)")]
    [InlineData("[Model, Input(4), MeanSquaredError] partial class Net { static Tensor Forward(Tensor x) => x.Activation({|CS0103:{|MDSL0065:Relu6|}|}); }", "private static float Relu6(float x)")]
    public async Task A_function_that_is_not_written_yet(string source, string advice) => Assert.Contains(
        advice, (await Expect.Diagnostics(source)).Single(found => found.Id == "MDSL0065").GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    [Fact]
    public Task In_a_block() => Expect.Diagnostics(
        "[Block, {|CS0246:{|CS0246:{|MDSL0065:Linear|}|}|}(4)] partial class Part; [Model, Input(4), Apply<Part>, MeanSquaredError] partial class Net;");

    [Theory]
    [InlineData("[Model, Input(4), {|CS0246:{|CS0246:Frobnicate|}|}(4), MeanSquaredError] partial class Net;")]
    [InlineData("[{|CS0246:{|CS0246:Fact|}|}] class Other;")]
    [InlineData("[Model, Input(4), MeanSquaredError] partial class Net { static Tensor Forward(Tensor x) => x.Dense(2); int Other(string s) => s.{|CS1061:Linear|}; }")]
    public Task Nothing_is_said_of_a_name_that_nobody_knows(string source) => Expect.Diagnostics(source);

    [Fact]
    public void Every_name_of_the_table_leads_to_one_that_exists()
    {
        foreach (var other in OtherNames.All)
        {
            if (other.Here is { } here) Assert.True(other.IsOptimizer ? OtherNames.Optimizers.Contains(here) : Attributes.Contains(here) || Members.Contains(here), other.ToString());
            Assert.True(other.Here is not null || other.Remark.Length > 0, other.ToString());
        }

        Assert.All(OtherNames.Optimizers, name => Assert.NotNull(typeof(Model).Assembly.GetType("ModelDsl." + name)));
    }

    [Fact]
    public void What_exists_is_not_said_to_be_missing() =>
        Assert.All(OtherNames.All.Where(other => other.Here is null), other => Assert.DoesNotContain(other.Name, Attributes, StringComparer.OrdinalIgnoreCase));

    [Fact]
    public void A_name_stands_in_the_table_once() =>
        Assert.Empty(OtherNames.All.GroupBy(other => (other.Name.ToUpperInvariant(), other.IsOptimizer)).Where(same => same.Count() > 1).Select(same => same.Key));
}
