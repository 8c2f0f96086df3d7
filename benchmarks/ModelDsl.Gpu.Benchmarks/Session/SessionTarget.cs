using System.Globalization;
using System.Text.Json.Nodes;

namespace ModelDsl.Benchmarks.Gpu.Session;

/// <summary>A ratio that is aimed at.</summary>
/// <param name="Text">What is compared.</param>
/// <param name="Least">The least ratio that meets the target.</param>
/// <param name="Ratio">The measured ratio; null if one of the sides was not measured on a CUDA device.</param>
internal sealed record SessionTarget(string Text, double Least, double? Ratio)
{
    private const int ProductSize = 4096;

    /// <summary>Whether it is met.</summary>
    public string Verdict => Ratio is null ? "not measured" : Ratio >= Least ? "met" : "not met";

    /// <summary>The targets, with what a session measured.</summary>
    public static IReadOnlyList<SessionTarget> All(SessionResults results) =>
    [
        Step(results, "mlp", 128, "eager", 2),
        Step(results, "cnn", 128, "eager", 2),
        Step(results, "mlp", 128, "compile-graph", 1),
        Step(results, "cnn", 128, "compile-graph", 1),
        Step(results, "resnet18", 128, "eager", 1),
        Step(results, "gpt", 16, "eager", 1),
        new("product of 4,096 × 4,096 × 4,096: rate, as a part of cuBLAS", 0.8, Rate(results.Of("product")) / Rate(results.Of("peer-product"))),
    ];

    private static SessionTarget Step(SessionResults results, string model, int batch, string variant, double least)
    {
        var own = OnCuda(results.Of("step")).FirstOrDefault(Fits);
        var peer = OnCuda(results.Of("peer")).FirstOrDefault(line => Fits(line) && (string?)line["variant"] == variant);
        return new(string.Create(CultureInfo.InvariantCulture, $"{model}, batch of {batch}: speed, as a multiple of PyTorch's {variant}"), least, Number(peer, "median_ms") / Number(own, "median_ms"));

        bool Fits(JsonObject line) => (string?)line["model"] == model && Number(line, "batch") == batch;
    }

    /// <summary>The rate of the product itself, which comes before its gradient.</summary>
    private static double? Rate(IEnumerable<JsonObject> lines) => Number(OnCuda(lines).FirstOrDefault(static line => Number(line, "rows") == ProductSize), "gflops");

    private static IEnumerable<JsonObject> OnCuda(IEnumerable<JsonObject> lines) => lines.Where(static line => (string?)line["device"] is { } device && (device.Contains(", Cuda,", StringComparison.Ordinal) || (string?)line["peer"] == "cuda"));

    private static double? Number(JsonObject? line, string property) => line?[property] is JsonValue value && value.TryGetValue<double>(out var number) ? number : null;
}
