using System.Runtime.InteropServices;
using System.Text.Json;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;

namespace ModelDsl.Generator.Tests.Networks;

/// <summary>
/// What PyTorch computed of a network: tests/vectors/image_networks.py. Pictures and parameters are drawn again here, as the script drew them; parameters belong
/// together by their order.
/// </summary>
internal sealed class NetworkVectors
{
    private NetworkVectors(JsonElement item, LoweredModel model)
    {
        (N, Loss, Output, Inference) = (item.GetProperty("n").GetInt32(), item.GetProperty("loss").GetDouble(), Numbers(item, "output"), Numbers(item, "inference"));
        var (side, classes) = (item.GetProperty("side").GetInt32(), item.GetProperty("classes").GetInt32());
        var stream = new Stream(item.GetProperty("seed").GetInt64());
        Columns = [ChannelsLast(stream.Draw(N * 3 * side * side, 0, 1), side), [.. Enumerable.Range(0, N).Select(_ => (double)(stream.Next() % classes))]];
        Gradients = Match(item.GetProperty("gradients"), [.. model.Parameters.Where(parameter => parameter is not StateNode)], stream);
        States = Match(item.GetProperty("states"), [.. model.Parameters.Where(parameter => parameter is StateNode)], stream);
    }

    public int N { get; }

    public double Loss { get; }

    /// <summary>The logits in training.</summary>
    public double[] Output { get; }

    /// <summary>The logits of inference, before the step.</summary>
    public double[] Inference { get; }

    /// <summary>Pictures and labels.</summary>
    public double[][] Columns { get; }

    /// <summary>Parameters and states before the step, by our names.</summary>
    public Dictionary<string, double[]> Parameters { get; } = [];

    public Dictionary<string, double[]> Gradients { get; }

    /// <summary>
    /// What counts as large among gradients, where sums cancel: a constant added before a batch normalisation changes nothing, so the gradient is 0 and what is computed
    /// of it is rounding.
    /// </summary>
    public double LeastGradient => Gradients.Values.Max(values => values.Max(Math.Abs)) / 100;

    /// <summary>The states after the step.</summary>
    public Dictionary<string, double[]> States { get; }

    public static NetworkVectors Read(string name, LoweredModel model)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "vectors", "image_networks.json");
        using var file = JsonDocument.Parse(File.ReadAllBytes(path));
        return new(file.RootElement.EnumerateArray().Single(item => item.GetProperty("name").GetString() == name), model);
    }

    private Dictionary<string, double[]> Match(JsonElement given, ParameterNode[] ours, Stream stream)
    {
        var theirs = given.EnumerateArray().ToArray();
        Assert.Equal(
            theirs.Select(item => $"[{string.Join(", ", item.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()))}]"),
            ours.Select(parameter => parameter.Shape.ToString()));
        foreach (var (parameter, item) in ours.Zip(theirs)) Parameters.Add(parameter.Name, stream.Fill(parameter, item.GetProperty("name").GetString()!));
        return ours.Zip(theirs).ToDictionary(pair => pair.First.Name, pair => Numbers(pair.Second, "values"));
    }

    private static double[] ChannelsLast(double[] planes, int side)
    {
        var area = side * side;
        return [.. Enumerable.Range(0, planes.Length).Select(i => planes[(i / (3 * area) * 3 * area) + (i % 3 * area) + (i / 3 % area)])];
    }

    private static double[] Numbers(JsonElement item, string name) => MemoryMarshal.Cast<byte, double>(item.GetProperty(name).GetBytesFromBase64()).ToArray();

    /// <summary>Lehmer's generator (Park and Miller 1988), as in the script.</summary>
    private sealed class Stream(long state)
    {
        public long Next() => state = state * 48271 % 2147483647;

        public double[] Draw(int count, double center, double scale) =>
            [.. Enumerable.Range(0, count).Select(_ => center + (scale * (((Next() >> 9) / 2097152.0) - 1)))];

        public double[] Fill(ParameterNode parameter, string name)
        {
            var count = parameter.Shape.Length;
            if (parameter.Shape.Rank == 1) return Draw(count, name.EndsWith("running_var", StringComparison.Ordinal) || name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0, 0.5);
            var (spread, inputs) = (1.0, count / parameter.Shape[0].Value);
            while (spread * spread * inputs > 3) spread /= 2;
            return Draw(count, 0, spread);
        }
    }
}
