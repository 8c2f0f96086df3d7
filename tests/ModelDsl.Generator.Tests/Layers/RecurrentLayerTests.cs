using System.Text.Json;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Tests.Forward;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Layers;

/// <summary>Recurrent layers against those of PyTorch, and their mistakes.</summary>
public class RecurrentLayerTests
{
    private static readonly JsonElement[] Vectors =
        [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", "recurrent_layers.json"))).RootElement.EnumerateArray()];

    public static TheoryData<string> Cases => [.. Vectors.Select(vectors => vectors.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_recurrent_layer_is_that_of_PyTorch(string name)
    {
        var vectors = Vectors.Single(vectors => vectors.GetProperty("name").GetString() == name);
        var model = Read.Model(vectors.GetProperty("source").GetString()!);
        var given = vectors.GetProperty("parameters").EnumerateObject().ToDictionary(item => item.Name, item => Numbers(item.Value));
        Assert.Equal(given.Keys.Order(StringComparer.Ordinal), model.Parameters.Select(parameter => parameter.Name).Order(StringComparer.Ordinal));
        GraphInterpreter Run() => new(vectors.GetProperty("n").GetInt32())
        {
            Parameters = given,
            Columns = vectors.GetProperty("columns").EnumerateArray().Select((column, index) => (column, index)).ToDictionary(pair => pair.index, pair => Numbers(pair.column)),
        };

        var train = ModelCompiler.Differentiate(model);
        FiniteDifferences.AssertClose(Numbers(vectors.GetProperty("output")), Run().Run(model.Infer!, RootKind.Output), "output as it was written", 1e-12);
        FiniteDifferences.AssertClose(Numbers(vectors.GetProperty("output")), Run().Run(train, RootKind.Output), "output", 1e-12);
        FiniteDifferences.AssertClose([vectors.GetProperty("loss").GetDouble()], Run().Run(train, RootKind.Loss), "loss", 1e-12);
        foreach (var gradient in vectors.GetProperty("gradients").EnumerateObject())
        {
            FiniteDifferences.AssertClose(Numbers(gradient.Value), Run().Run(train, RootKind.Gradient, gradient.Name), gradient.Name, 1e-11);
        }
    }

    [Theory]
    [InlineData("[Model, Input(5, 4), Lstm({|MDSL0010:0|}), MeanSquaredError]")]
    [InlineData("[Model, Input(5, 4), Gru(3, Layers = {|MDSL0010:0|}), MeanSquaredError]")]
    [InlineData("[Model, Input(5, 4), SimpleRnn(3, Dropout = {|MDSL0010:1|}), MeanSquaredError]")]
    [InlineData("[Model, Input(5), {|MDSL0011:Lstm(3)|}, MeanSquaredError]")]
    [InlineData("[Model, Input(5), {|MDSL0011:Last|}, MeanSquaredError]")]
    public Task A_mistake_is_one_error(string attributes) => Expect.Diagnostics($"{attributes} partial class Net;");

    [Fact]
    public Task An_initial_state_of_another_shape_is_an_error() => Expect.Diagnostics(
        "[Model, Input(5, 4), MeanSquaredError] partial class Net { private static Tensor Forward(Tensor x) { var (y, state) = x.{|MDSL0011:Gru(Tensor.Zeros(4), 3)|}; return y; } }");

    private static double[] Numbers(JsonElement values) => [.. values.EnumerateArray().Select(value => value.GetDouble())];
}
