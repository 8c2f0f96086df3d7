using System.Text.Json;

namespace ModelDsl.Benchmarks.Gpu;

/// <summary>Lines of JSON, which are the results of all commands.</summary>
internal static class JsonLine
{
    /// <summary>Prints a line.</summary>
    /// <param name="kind">What the line describes. It is the first property.</param>
    /// <param name="properties">The other properties.</param>
    public static void Print(string kind, Dictionary<string, object?> properties) =>
        Console.WriteLine(JsonSerializer.Serialize(new[] { KeyValuePair.Create<string, object?>("kind", kind) }.Concat(properties).ToDictionary()));
}
