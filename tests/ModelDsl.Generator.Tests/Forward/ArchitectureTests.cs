using System.Text.Json;
using ModelDsl.Compiled;
using ModelDsl.Generator.Autodiff;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Forward;

/// <summary>
/// Networks that branch, share weights, have several inputs and losses, against the outputs, losses, gradients and running statistics that PyTorch gave:
/// tests/vectors/architectures.py.
/// </summary>
public sealed class ArchitectureTests : IClassFixture<ArchitectureTests.Compiled>
{
    private static readonly Dictionary<string, JsonElement> Cases =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", "architectures.json"))).RootElement.EnumerateArray()
            .ToDictionary(item => item.GetProperty("name").GetString()!);

    private readonly ModelLibrary library;

    public ArchitectureTests(Compiled compiled) => library = compiled.Library;

    public static TheoryData<string> Names => [.. Cases.Keys];

    public static TheoryData<int> ComparedWidths => [.. Widths.ComparedBits];

    [Fact]
    public void Every_network_has_its_twin() => Assert.Equal(Cases.Keys.Order(), library.Names.Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void The_graph_is_the_network_of_PyTorch(string name)
    {
        var vectors = Cases[name];
        var model = Lowering.Lower(library[name].Spec);
        var parameters = Values(vectors, "parameters");
        Assert.Equal(parameters.Keys.Order(), model.Parameters.Where(parameter => parameter is not StateNode).Select(parameter => parameter.Name).Order());
        Assert.Equal(
            parameters.Values.Sum(values => values.Length), model.Parameters.Where(parameter => parameter is not StateNode).Sum(parameter => parameter.Shape.Length));
        GraphInterpreter Run() => new(vectors.GetProperty("n").GetInt32())
        {
            Parameters = WithStates(vectors),
            Columns = Columns(vectors).Select((values, index) => (values, index)).ToDictionary(pair => pair.index, pair => pair.values),
        };

        foreach (var (output, values) in Values(vectors, "outputs"))
        {
            FiniteDifferences.AssertClose(values, Run().Run(model.Infer!, RootKind.Output, output), output, 1e-12);
        }

        Assert.Equal(model.Losses.Select(loss => model.HasSeveralLosses ? loss.Name : "loss").Order(), Losses(vectors).Select(loss => loss.Name).Order());
        foreach (var (loss, expected) in Losses(vectors))
        {
            var graph = model.Losses.Single(other => !model.HasSeveralLosses || other.Name == loss);
            var train = Differentiation.Differentiate(graph.Graph, model.TrainedBy(graph));
            FiniteDifferences.AssertClose([expected.GetProperty("value").GetDouble()], Run().Run(train, RootKind.Loss), loss, 1e-12);
            AssertRoots(train, RootKind.Gradient, Values(expected, "gradients"));
            AssertRoots(train, RootKind.State, Values(expected, "states"));
        }

        void AssertRoots(ModelGraph train, RootKind kind, Dictionary<string, double[]> expected)
        {
            foreach (var (path, values) in expected) FiniteDifferences.AssertClose(values, Run().Run(train, kind, path), $"{kind} {path}", 1e-11);
            Assert.Equal(expected.Keys.Order(), train.Roots.Where(root => root.Kind == kind).Select(root => root.Name).Order());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_kernels_are_the_network_of_PyTorch(string name)
    {
        var vectors = Cases[name];
        var lowered = Lowering.Lower(library[name].Spec);
        var sample = Sample.Of(vectors.GetProperty("n").GetInt32(), WithStates(vectors), Columns(vectors));
        using var device = new CpuDevice { Threads = 1 };
        using var model = library[name].Create(device);
        foreach (var bits in Widths.ComparedBits)
        {
            var runner = new ProgramRunner(model, bits);
            AssertClose(Values(vectors, "outputs"), runner.Infer(sample, InferParts.OutputActivation), $"{bits} bits, inference");
            foreach (var (loss, expected) in Losses(vectors))
            {
                var number = lowered.HasSeveralLosses ? lowered.Losses.ToList().FindIndex(other => other.Name == loss) : 0;
                var outcome = runner.Train(sample, workers: 2, number);
                var all = Values(expected, "gradients").Concat(Values(expected, "states"))
                    .Append(new("loss", [expected.GetProperty("value").GetDouble()])).ToDictionary(pair => pair.Key, pair => pair.Value);
                AssertClose(all, outcome, $"{bits} bits, {loss}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(ComparedWidths))]
    public void A_later_token_changes_no_bit_of_an_earlier_output(int bits)
    {
        using var device = new CpuDevice { Threads = 1 };
        using var model = library["Gpt"].Create(device);
        var runner = new ProgramRunner(model, bits);
        var (positions, outputs) = (model.Description.Inputs[0].Length, model.Description.Outputs[0].Length);
        var width = outputs / positions;
        var sample = Sample.Random(Lowering.Lower(library["Gpt"].Spec), 2);
        var before = runner.Infer(sample, InferParts.OutputActivation).Values["output"];
        for (var changed = positions - 1; changed > 0; changed--)
        {
            sample.Columns[0][changed] = (sample.Columns[0][changed] + 1) % 9;
            var after = runner.Infer(sample, InferParts.OutputActivation).Values["output"];
            Outcome.AssertSameBits(before.AsSpan(0, changed * width), after.AsSpan(0, changed * width), $"positions before {changed}");
            Outcome.AssertSameBits(before.AsSpan(outputs), after.AsSpan(outputs), "the other sample");
            Assert.NotEqual(before[(changed * width)..((changed + 1) * width)], after[(changed * width)..((changed + 1) * width)]);
        }
    }

    [Fact]
    public void A_model_has_its_constants_when_it_is_made()
    {
        var vectors = Cases["Rotary"];
        using var device = new CpuDevice { Threads = 2 };
        using var model = library["Rotary"].Create(device);
        foreach (var (name, values) in Values(vectors, "parameters")) model.Parameters[name].CopyFrom(Array.ConvertAll(values, value => (float)value));
        ColumnDescription[] columns = [.. model.Description.Inputs, .. model.Description.Targets];
        var batch = new Batch(columns, vectors.GetProperty("n").GetInt32()) { Count = vectors.GetProperty("n").GetInt32() };
        foreach (var (values, index) in Columns(vectors).Select((values, index) => (values, index))) Array.ConvertAll(values, value => (float)value).CopyTo(batch.Floats(index));
        model.Forward(batch);
        var outcome = new Outcome();
        outcome.Values.Add("output", model.LastOutputs().ToArray());
        AssertClose(Values(vectors, "outputs"), outcome, "the model itself");
        Assert.Empty(model.States);
        Assert.Equal(Values(vectors, "parameters").Keys.Order(), model.Parameters.Select(parameter => parameter.Name).Order());
    }

    private static void AssertClose(Dictionary<string, double[]> expected, Outcome outcome, string what)
    {
        foreach (var (name, values) in expected)
        {
            var actual = outcome.Values[name];
            Assert.Equal(values.Length, actual.Length);
            var tolerance = 2e-5 * (1 + values.Max(Math.Abs));
            for (var i = 0; i < values.Length; i++)
            {
                Require.That(Math.Abs(values[i] - actual[i]) <= tolerance, $"{what}: {name}[{i}] is {actual[i]:R}, but {values[i]:R} ± {tolerance:G2} is right");
            }
        }
    }

    private static Dictionary<string, double[]> WithStates(JsonElement vectors) =>
        Values(vectors, "parameters").Concat(Values(vectors, "states")).ToDictionary(pair => pair.Key, pair => pair.Value);

    private static Dictionary<string, double[]> Values(JsonElement from, string what) =>
        from.GetProperty(what).EnumerateObject().ToDictionary(item => item.Name, item => Numbers(item.Value));

    private static IEnumerable<(string Name, JsonElement Expected)> Losses(JsonElement vectors) =>
        vectors.GetProperty("losses").EnumerateObject().Select(loss => (loss.Name, loss.Value));

    private static IEnumerable<double[]> Columns(JsonElement vectors) => vectors.GetProperty("columns").EnumerateArray().Select(Numbers);

    private static double[] Numbers(JsonElement values) => [.. values.EnumerateArray().Select(value => value.GetDouble())];

    /// <summary>All networks, compiled once.</summary>
    public sealed class Compiled() : LibraryFixture(ArchitectureModels.Sources);
}
