using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Generator.Tests.Layers;

/// <summary>Random models of padded texts: the values and the number of padding tokens affect no output at other positions, no loss and no gradient.</summary>
public class PaddingTests
{
    private const int Samples = 3;
    private const int Models = 30;

    [Fact]
    public void The_embedding_of_padding_reaches_nothing() => Each((seed, random) =>
    {
        var length = random.Next(2, 7);
        var model = RandomRecurrences.Padded(seed, length).Lower();
        var (data, lengths) = Texts(model, length, random);
        var before = Run(model, data);
        var table = data.Parameters["embedding1.weight"];
        var width = model.Parameters.First(parameter => parameter.Name == "embedding1.weight").Shape[1].Value;
        for (var i = 0; i < width; i++)
        {
            Require.That(before.Gradients["embedding1.weight"][i] == 0, $"the gradient of the embedding of padding is {before.Gradients["embedding1.weight"][i]:R}");
            table[i] += 1;
        }

        Compare(before, Run(model, data), lengths);
    });

    [Fact]
    public void The_number_of_padded_positions_reaches_nothing() => Each((seed, random) =>
    {
        var (length, more) = (random.Next(1, 7), random.Next(1, 5));
        var (few, many) = (RandomRecurrences.Padded(seed, length).Lower(), RandomRecurrences.Padded(seed, length + more).Lower());
        var (data, lengths) = Texts(few, length, random);
        var longer = new ModelData(many, Samples, seed);
        foreach (var (name, values) in data.Parameters) values.CopyTo(longer.Parameters[name], 0);
        foreach (var column in many.Inputs.Concat(many.Targets).Select(column => column.Node))
        {
            var (from, to) = (data.Columns[column.Column], longer.Columns[column.Column]);
            var (old, own) = (from.Length / Samples, to.Length / Samples);
            if (column.Column == 0) Array.Clear(to);
            for (var sample = 0; sample < Samples; sample++) Array.Copy(from, sample * old, to, sample * own, old);
        }

        Compare(Run(few, data), Run(many, longer), lengths);
    });

    private static void Each(Action<int, Random> check) => Failures.Collect(Enumerable.Range((TestScale.Seed - 1) * 1_000_000, TestScale.Of("padded models", Models)), seed =>
    {
        try
        {
            check(seed, new Random(seed));
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{exception.Message} (seed {seed})\n{RandomRecurrences.Padded(seed, 5).Source}", exception);
        }
    });

    /// <summary>Data whose texts have so many tokens, none of which is padding.</summary>
    private static (ModelData Data, int[] Lengths) Texts(LoweredModel model, int length, Random random)
    {
        var data = new ModelData(model, Samples, random.Next());
        int[] lengths = [.. Enumerable.Range(0, Samples).Select(_ => random.Next(1, length + 1))];
        for (var i = 0; i < Samples * length; i++) data.Columns[0][i] = i % length < lengths[i / length] ? random.Next(1, model.Inputs[0].Node.Bound) : 0;
        return (data, lengths);
    }

    private static Results Run(LoweredModel model, ModelData data)
    {
        var graph = ModelCompiler.Differentiate(model);
        var run = data.Interpreter();
        var gradients = graph.Roots.Where(root => root.Kind == RootKind.Gradient).ToDictionary(root => root.Name, root => run.Run(root.Value));
        var output = model.Infer!.Roots.First(root => root.Kind == RootKind.Output);
        return new(run.Run(graph, RootKind.Loss)[0], data.Interpreter().Run(output.Value), output.Value.Shape, gradients);
    }

    private static void Compare(Results expected, Results actual, int[] lengths)
    {
        Near(expected.Loss, actual.Loss, "the loss");
        foreach (var (name, values) in actual.Gradients)
        {
            // A table of positions is longer where there are more of them.
            var before = expected.Gradients[name];
            for (var i = 0; i < values.Length; i++) Near(i < before.Length ? before[i] : 0, values[i], $"the gradient of {name}, element {i}");
        }

        var (first, second) = (expected.Shape, actual.Shape);
        for (var sample = 0; sample < Samples; sample++)
        {
            var (start, other) = (sample * first.Length, sample * second.Length);
            var count = first.Rank == 3 ? lengths[sample] * first[2].Value : first.Length;
            for (var i = 0; i < count; i++) Near(expected.Output[start + i], actual.Output[other + i], $"output {i} of sample {sample}");
        }
    }

    private static void Near(double expected, double actual, string what) =>
        Require.That(Math.Abs(expected - actual) <= 1e-12 * (1 + Math.Abs(expected)), $"{what} is {actual:R}, not {expected:R}");

    private sealed record Results(double Loss, double[] Output, Shape Shape, Dictionary<string, double[]> Gradients);
}
