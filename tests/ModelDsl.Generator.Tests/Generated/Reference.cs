using ModelDsl.Compiled;
using ModelDsl.Generator.Autodiff;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Generated;

/// <summary>
/// What a model should compute, in float64 from its graphs as the layers made them: no rewriting, no fusion, no schedule. A second run with all
/// intermediate values disturbed a little says how much rounding may change.
/// </summary>
internal sealed class Reference
{
    /// <summary>The disturbance: sixteen units in the last place of a float, more than the roundings within any one operation here.</summary>
    private const double Disturbance = 1.0 / (1 << 19);

    private readonly LoweredModel model;
    private readonly Sample sample;
    private readonly ulong seed;
    private readonly uint number;
    private readonly ModelGraph train;
    private readonly Dictionary<int, int> widths;
    private (Dictionary<string, double[]> Expected, Dictionary<string, double[]>[] Disturbed)? trainRuns;
    private (Dictionary<string, double[]> Expected, Dictionary<string, double[]>[] Disturbed)? inferRuns;

    /// <param name="model">The model.</param>
    /// <param name="sample">Its parameters and columns.</param>
    /// <param name="seed">The key of random numbers.</param>
    /// <param name="number">The step.</param>
    public Reference(LoweredModel model, Sample sample, ulong seed = ProgramRunner.Seed, uint number = ProgramRunner.Number)
    {
        this.seed = seed;
        this.number = number;
        this.model = model;
        this.sample = sample;
        train = model.Train!.Roots.Any(root => root.Kind == RootKind.Loss) ? Differentiation.Differentiate(model.Train, model.Parameters) : model.Train;
        widths = train.Nodes.OfType<RandomNode>().ToDictionary(node => node.Stream, node => node.Shape[node.Shape.Rank - 1].Value);
    }

    /// <summary>Compares a training step with the reference.</summary>
    public void AssertTrains(Outcome outcome, string what)
    {
        var (expected, disturbed) = trainRuns ??= Runs(train);
        Assert.Equal(expected.Keys.Order(), outcome.Values.Keys.Order());
        foreach (var (name, values) in expected) AssertClose(values, [.. disturbed.Select(run => run[name])], outcome.Values[name], $"{what}: {name}");
    }

    /// <summary>Compares inference with the reference.</summary>
    public void AssertInfers(Outcome outcome, string what)
    {
        var (expected, disturbed) = inferRuns ??= Runs(model.Infer!);
        foreach (var (name, values) in outcome.Values)
        {
            // A loss whose link is the identity has no link of its own.
            var key = expected.ContainsKey(name) ? name : name.Replace(" linked", "", StringComparison.Ordinal);
            AssertClose(expected[key], [.. disturbed.Select(run => run[key])], values, $"{what}: {name}");
        }
    }

    /// <summary>Compares a training step with the reference bit by bit: for data whose sums are exact.</summary>
    public void AssertTrainsExactly(Outcome outcome, string what)
    {
        foreach (var (name, values) in (trainRuns ??= Runs(train)).Expected)
        {
            var actual = outcome.Values[name];
            Assert.Equal(values.Length, actual.Length);
            for (var i = 0; i < actual.Length; i++) Assert.True(values[i] == actual[i], $"{what}: {name}[{i}] is {actual[i]:R} and not {values[i]:R}");
        }
    }

    private (Dictionary<string, double[]> Expected, Dictionary<string, double[]>[] Disturbed) Runs(ModelGraph graph)
    {
        var random = new Random(1);
        return (Run(graph, null), [.. Enumerable.Range(0, 2).Select(_ => Run(graph, value => value * (1 + (((random.NextDouble() * 2) - 1) * Disturbance))))]);
    }

    private Dictionary<string, double[]> Run(ModelGraph graph, Func<double, double>? round)
    {
        var interpreter = new GraphInterpreter(sample.N)
        {
            Parameters = sample.Parameters.ToDictionary(pair => pair.Key, pair => Array.ConvertAll(pair.Value, value => (double)value)),
            Columns = sample.Columns.Select((values, i) => (values, i)).ToDictionary(pair => pair.i, pair => Array.ConvertAll(pair.values, value => (double)value)),
            Random = (stream, element) => DropoutRandom.Uniform(
                seed, number, (uint)stream, (uint)(element / widths[stream]), (uint)(element % widths[stream])),
            Rounding = round,
        };
        return graph.Roots.ToDictionary(NameOf, root => interpreter.Run(root.Value));
    }

    /// <summary>What a root is called in an <see cref="Outcome"/>.</summary>
    public static string NameOf(Root root) => root.Kind switch
    {
        RootKind.Loss => "loss",
        RootKind.Link => root.Name + " linked",
        _ => root.Name,
    };

    private static void AssertClose(double[] expected, double[][] disturbed, float[] actual, string what)
    {
        Assert.True(expected.Length == actual.Length, $"{what} has {actual.Length} values and not {expected.Length}");
        var size = expected.Max(Math.Abs);
        var tolerance = (size * 1e-6) + disturbed.Max(run => run.Zip(expected, (a, b) => Math.Abs(a - b)).Max());
        Assert.True(double.IsFinite(tolerance), $"{what} is not finite in the reference; the test needs other data");
        for (var i = 0; i < actual.Length; i++)
        {
            var error = Math.Abs(actual[i] - expected[i]);
            Assert.True(error <= tolerance, $"{what}[{i}] of {actual.Length} is {actual[i]:R}, but {expected[i]:R} ± {tolerance:G2} is right");
        }
    }
}
