using System.Text.Json;

namespace ModelDsl.Generator.Tests.Networks;

/// <summary>What PyTorch made of random networks in five training steps: tests/vectors/networks.py.</summary>
internal sealed class TrainedNetworks
{
    private static readonly Lazy<TrainedNetworks> Read = new(() => new TrainedNetworks(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", "networks.json"))));

    private TrainedNetworks(byte[] file)
    {
        var root = JsonDocument.Parse(file).RootElement;
        (Seed, PyTorch) = (root.GetProperty("seed").GetInt32(), root.GetProperty("torch").GetString()!);
        Tolerance = new(root.GetProperty("tolerance").GetDouble(), root.GetProperty("rounding").GetDouble(), root.GetProperty("least").GetDouble());
        All = [.. root.GetProperty("networks").EnumerateArray().Select(item => new TrainedNetwork(item))];
    }

    public static TrainedNetworks Default => Read.Value;

    /// <summary>The seed with which the script drew the networks.</summary>
    public int Seed { get; }

    /// <summary>The version of PyTorch.</summary>
    public string PyTorch { get; }

    public RoundingTolerance Tolerance { get; }

    public IReadOnlyList<TrainedNetwork> All { get; }
}

/// <summary>A network and its training: summaries of tensors, by name, as <see cref="DrawnNumbers.Summary"/> makes them.</summary>
internal sealed class TrainedNetwork(JsonElement item)
{
    public string Name { get; } = item.GetProperty("name").GetString()!;

    /// <summary>The C# declaration.</summary>
    public string Source { get; } = item.GetProperty("source").GetString()!;

    public int Seed { get; } = item.GetProperty("seed").GetInt32();

    /// <summary>Samples of each training step's batch.</summary>
    public int[] Counts { get; } = [.. item.GetProperty("counts").EnumerateArray().Select(count => count.GetInt32())];

    /// <summary>What the columns hold, and the number of ids or classes.</summary>
    public (string Kind, int Bound)[] Columns { get; } =
        [.. item.GetProperty("columns").EnumerateArray().Select(column => (column[0].GetString()!, column[1].GetInt32()))];

    public string OptimizerName { get; } = item.GetProperty("optimizer").GetProperty("name").GetString()!;

    /// <summary>The optimizer's options by PyTorch's names.</summary>
    public JsonElement OptimizerOptions { get; } = item.GetProperty("optimizer").GetProperty("options");

    /// <summary>The loss of each step.</summary>
    public double[] Losses { get; } = Numbers(item.GetProperty("losses"));

    /// <summary>Gradients of the first step.</summary>
    public Dictionary<string, double[]> Gradients { get; } = Summaries(item, "gradients");

    /// <summary>By how much parameters and states differ from their initial values after the last step.</summary>
    public Dictionary<string, double[]> Changes { get; } = Summaries(item, "changes");

    /// <summary>The outputs of inference after the last step.</summary>
    public Dictionary<string, double[]> Outputs { get; } = Summaries(item, "outputs");

    public override string ToString() => $"{Name} with seed {Seed}, trained by {OptimizerName} {OptimizerOptions.GetRawText()}";

    private static Dictionary<string, double[]> Summaries(JsonElement item, string what) =>
        item.GetProperty(what).EnumerateObject().ToDictionary(entry => entry.Name, entry => Numbers(entry.Value));

    private static double[] Numbers(JsonElement values) => [.. values.EnumerateArray().Select(value => value.GetDouble())];
}
