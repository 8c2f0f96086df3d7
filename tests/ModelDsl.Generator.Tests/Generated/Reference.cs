using ModelDsl.Compiled;
using ModelDsl.Generator.Autodiff;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Recompute;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Generated;

/// <summary>
/// What a model should compute, in float64 from its graphs as the layers made them: no rewriting, no fusion, no schedule. A second run with all
/// intermediate values and partial sums disturbed a little says how much rounding may change.
/// </summary>
internal sealed class Reference
{
    /// <summary>The disturbance: sixteen units in the last place of a float, more than the roundings within any one operation here.</summary>
    private const double Disturbance = 1.0 / (1 << 19);

    private readonly LoweredModel model;
    private readonly Sample sample;
    private readonly ulong seed;
    private readonly uint number;
    private readonly LossGraph loss;
    private readonly ModelGraph train;
    private readonly Dictionary<int, int> widths;
    private (Dictionary<string, double[]> Expected, Dictionary<string, double[]>[] Disturbed)? trainRuns;
    private (Dictionary<string, double[]> Expected, Dictionary<string, double[]>[] Disturbed)? inferRuns;
    private (Dictionary<string, double[]> Expected, Dictionary<string, double[]>[] Disturbed)? forwardRuns;

    /// <param name="model">The model.</param>
    /// <param name="sample">Its parameters and columns.</param>
    /// <param name="seed">The key of random numbers.</param>
    /// <param name="number">The step.</param>
    /// <param name="loss">Of several losses, which one is trained.</param>
    public Reference(LoweredModel model, Sample sample, ulong seed = Sample.Seed, uint number = Sample.Step, int loss = 0)
    {
        this.seed = seed;
        this.number = number;
        this.model = model;
        this.sample = sample;
        this.loss = model.Losses[loss];
        var graph = this.loss.Graph;
        train = graph.Roots.Any(root => root.Kind == RootKind.Loss) ? RecomputedBlock.WithoutMarks(Differentiation.Differentiate(graph, model.TrainedBy(this.loss))) : graph;
        widths = train.Nodes.OfType<RandomNode>().ToDictionary(node => node.Stream, node => node.Shape[node.Shape.Rank - 1].Value);
    }

    /// <summary>Compares a training step with the reference.</summary>
    public void AssertTrains(Outcome outcome, string what)
    {
        var (expected, disturbed) = trainRuns ??= Runs(train);

        // Training steps do not keep outputs over thousands of classes.
        var isLong = train.Roots.Where(root => root.Kind == RootKind.Output && root.Value.Shape[root.Value.Shape.Rank - 1] is { IsBatch: false, Value: var classes } && classes >= LongChainForm.LeastColumns).Select(NameOf).ToHashSet();
        Assert.Equal(expected.Keys.Where(name => outcome.Values.ContainsKey(name) || !isLong.Contains(name)).Order(), outcome.Values.Keys.Order());
        foreach (var (name, values) in expected.Where(pair => outcome.Values.ContainsKey(pair.Key))) AssertClose(values, Tolerance(values, [.. disturbed.Select(run => run[name])]), outcome.Values[name], $"{what}: {name}");
    }

    /// <summary>Compares inference with the reference.</summary>
    public void AssertInfers(Outcome outcome, string what)
    {
        var (expected, disturbed) = inferRuns ??= Runs(model.Infer!);
        foreach (var (name, values) in expected)
        {
            Assert.True(outcome.Values.TryGetValue(name, out var actual), $"{what}: {name} is missing");
            AssertClose(values, Tolerance(values, [.. disturbed.Select(run => run[name])]), actual, $"{what}: {name}");
        }

        // An output has a separate activated value if the loss has an output activation; otherwise the two values are the same. States do not change.
        foreach (var extra in outcome.Values.Keys.Except(expected.Keys))
        {
            if (sample.Parameters.TryGetValue(extra, out var state))
            {
                Outcome.AssertSameBits(state, outcome.Values[extra], $"{what}: {extra}");
                continue;
            }

            var name = extra.Replace(" activated", "", StringComparison.Ordinal);
            Assert.True(name != extra && expected.ContainsKey(name), $"{what}: nothing is called {extra}");
            Outcome.AssertSameBits(outcome.Values[name], outcome.Values[extra], $"{what}: {extra}");
        }
    }

    /// <summary>Compares the values that an outcome has with those of inference.</summary>
    public void AssertOutputs(Outcome outcome, string what) => AssertClose(inferRuns ??= Runs(model.Infer!), outcome, what);

    /// <summary>Compares the values that an outcome has with those of the forward part of a training step.</summary>
    public void AssertForward(Outcome outcome, string what) => AssertClose(forwardRuns ??= Runs(RecomputedBlock.WithoutMarks(loss.Graph)), outcome, what);

    private static void AssertClose((Dictionary<string, double[]> Expected, Dictionary<string, double[]>[] Disturbed) runs, Outcome outcome, string what)
    {
        var (expected, disturbed) = runs;
        foreach (var (name, actual) in outcome.Values)
        {
            Assert.True(expected.TryGetValue(name, out var values), $"{what}: nothing is called {name}");
            AssertClose(values, Tolerance(values, [.. disturbed.Select(run => run[name])]), actual, $"{what}: {name}");
        }
    }

    /// <summary>Compares a training step with the reference bit by bit: for data whose sums are exact.</summary>
    public void AssertTrainsExactly(Outcome outcome, string what)
    {
        foreach (var (name, values) in (trainRuns ??= Runs(train)).Expected)
        {
            var actual = outcome.Values[name];
            Assert.Equal(values.Length, actual.Length);
            for (var i = 0; i < actual.Length; i++) Require.That(values[i] == actual[i], $"{what}: {name}[{i}] is {actual[i]:R} and not {values[i]:R}");
        }
    }

    private (Dictionary<string, double[]> Expected, Dictionary<string, double[]>[] Disturbed) Runs(ModelGraph graph) => (Run(graph, null), Disturbed(graph));

    private Dictionary<string, double[]>[] Disturbed(ModelGraph graph)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, 2).Select(_ => Run(graph, value => value * (1 + (((random.NextDouble() * 2) - 1) * Disturbance))))];
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
        var results = graph.Roots.ToDictionary(NameOf, root => interpreter.Run(root.Value));

        // A state that no step changes stays as it is; inference has nothing to do with them.
        foreach (var state in model.Parameters.OfType<StateNode>().Where(_ => graph != model.Infer)) results.TryAdd(state.Name, interpreter.Parameters[state.Name]);
        return results;
    }

    /// <summary>What a root is called in an <see cref="Outcome"/>.</summary>
    public static string NameOf(Root root) => root.Kind switch
    {
        RootKind.OutputActivation => root.Name + " activated",
        _ => root.Name,
    };

    /// <summary>How far rounding may lead: two disturbed runs say roughly how far it does.</summary>
    private static double Tolerance(double[] expected, double[][] disturbed) =>
        (expected.Max(Math.Abs) * 1e-6) + disturbed.Max(run => run.Zip(expected, (a, b) => Math.Abs(a - b)).Max());

    private static void AssertClose(double[] expected, double tolerance, float[] actual, string what)
    {
        Assert.True(expected.Length == actual.Length, $"{what} has {actual.Length} values and not {expected.Length}");
        Assert.True(double.IsFinite(tolerance), $"{what} is not finite in the reference; the test needs other data");
        for (var i = 0; i < actual.Length; i++)
        {
            var error = Math.Abs(actual[i] - expected[i]);
            Require.That(error <= tolerance, $"{what}[{i}] of {actual.Length} is {actual[i]:R}, but {expected[i]:R} ± {tolerance:G2} is right");
        }
    }
}
