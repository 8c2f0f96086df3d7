using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;

namespace ModelDsl.Generator.Tests.Generated;

/// <summary>Parameters and columns for a model, exact in float32.</summary>
internal sealed class Sample
{
    /// <summary>The key of random numbers, where nothing else is said.</summary>
    public const ulong Seed = 7;

    /// <summary>The training steps before, likewise.</summary>
    public const uint Step = 3;

    private Sample(int n) => N = n;

    public int N { get; }

    /// <summary>Parameters in their logical shape, by name.</summary>
    public Dictionary<string, float[]> Parameters { get; } = [];

    /// <summary>Columns, inputs first.</summary>
    public List<float[]> Columns { get; } = [];

    /// <summary>Values of the size they have in training: weights fall with the fan, so that deep models stay finite.</summary>
    public static Sample Random(LoweredModel model, int n, int seed = 1)
    {
        var random = new Random(seed);
        double Uniform() => (random.NextDouble() * 2) - 1;
        return Create(
            model,
            n,
            parameter => parameter.Shape.Rank == 1 ? 0.8 + (0.7 * Uniform()) : Uniform() * 1.6 / Math.Sqrt(parameter.Shape[parameter.Shape.Rank - 1].Value),
            column => column.Type == ElementType.Int ? Id(column, random) : column.Name is "target" or "weight" ? random.NextDouble() : Uniform());
    }

    /// <summary>Small whole numbers, with many ties: sums of their products are exact.</summary>
    public static Sample Whole(LoweredModel model, int n, int seed = 1)
    {
        var random = new Random(seed);
        return Create(model, n, _ => random.Next(-2, 3), column => column.Type == ElementType.Int ? Id(column, random) : random.Next(-2, 3));
    }

    /// <summary>Given values, which float32 can hold.</summary>
    public static Sample Of(int n, IReadOnlyDictionary<string, double[]> parameters, IEnumerable<double[]> columns)
    {
        var sample = new Sample(n);
        foreach (var (name, values) in parameters) sample.Parameters.Add(name, Exact(values));
        sample.Columns.AddRange(columns.Select(Exact));
        return sample;

        static float[] Exact(double[] values)
        {
            Assert.All(values, value => Assert.Equal(value, (float)value));
            return Array.ConvertAll(values, value => (float)value);
        }
    }

    /// <summary>A token or a label; some of those that may be left out are.</summary>
    public static int Id(InputNode column, Random random) =>
        column.Ignored is { } ignored && random.Next(3) == 0 ? ignored : random.Next(column.Bound);

    /// <summary>Fills the ends of texts with a token of padding. The lengths are random, and the longest is as long as possible.</summary>
    public Sample Padded(int column, int token, int longest, int seed = 1)
    {
        var (random, padded) = (new Random(seed), Pick([.. Enumerable.Range(0, N)]));
        var length = padded.Columns[column].Length / N;
        for (var sample = 0; sample < N; sample++)
        {
            var end = sample == N / 2 ? longest : random.Next(0, longest + 1);
            var text = padded.Columns[column].AsSpan(sample * length, length);
            if (end > 0 && text[end - 1] == token) text[end - 1] = token == 0 ? 1 : 0;
            text[end..].Fill(token);
        }

        return padded;
    }

    /// <summary>Some of the samples as a batch of their own.</summary>
    public Sample Pick(params int[] samples)
    {
        var picked = new Sample(samples.Length);
        foreach (var (name, values) in Parameters) picked.Parameters.Add(name, values);
        foreach (var column in Columns)
        {
            var length = column.Length / N;
            picked.Columns.Add([.. samples.SelectMany(sample => column.Skip(sample * length).Take(length))]);
        }

        return picked;
    }

    private static Sample Create(LoweredModel model, int n, Func<ParameterNode, double> parameterValue, Func<InputNode, double> columnValue)
    {
        var sample = new Sample(n);
        foreach (var parameter in model.Parameters)
        {
            sample.Parameters.Add(parameter.Name, [.. Enumerable.Range(0, parameter.Shape.Length).Select(_ => (float)parameterValue(parameter))]);
        }

        foreach (var column in model.Inputs.Concat(model.Targets).Select(column => column.Node).OrderBy(node => node.Column))
        {
            sample.Columns.Add([.. Enumerable.Range(0, n * column.Shape.Length).Select(_ => (float)columnValue(column))]);
        }

        return sample;
    }
}
