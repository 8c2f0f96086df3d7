using System.Globalization;
using System.Text.Json;

namespace ModelDsl.Benchmarks.Gpu.Session;

/// <summary>The file of stored values: a line for each value of each case.</summary>
internal static class StoredValues
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = false };

    /// <summary>The file beside the program.</summary>
    public static string DefaultPath { get; } = Path.Combine(AppContext.BaseDirectory, "Session", "values.json");

    /// <summary>Reads the values of all cases.</summary>
    /// <exception cref="InvalidOperationException">The file does not exist or cannot be read.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, Digest>> Read(string path)
    {
        try
        {
            var cases = JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, double[]>>>(File.ReadAllText(path))!;
            return cases.ToDictionary(static one => one.Key, static IReadOnlyDictionary<string, Digest> (one) => one.Value.ToDictionary(static value => value.Key, static value => new Digest(value.Value[0], value.Value[1])));
        }
        catch (Exception exception) when (exception is IOException or JsonException or IndexOutOfRangeException)
        {
            throw new InvalidOperationException($"The stored values in {path} cannot be read: {exception.Message} 'check --device cpu --write FILE' writes them again.", exception);
        }
    }

    /// <summary>Writes the values of all cases.</summary>
    public static void Write(string path, IReadOnlyDictionary<string, IReadOnlyDictionary<string, Digest>> cases)
    {
        using var text = new StringWriter { NewLine = "\n" };
        text.WriteLine("{");
        text.WriteLine(string.Join(",\n", cases.Select(static one => $"  {Json(one.Key)}: {{\n{string.Join(",\n", one.Value.Select(Line))}\n  }}")));
        text.WriteLine("}");
        File.WriteAllText(path, text.ToString());
    }

    private static string Line(KeyValuePair<string, Digest> value) => $"    {Json(value.Key)}: {Json(new[] { Rounded(value.Value.Norm), Rounded(value.Value.Projection) })}";

    /// <summary>As many digits as matter: a float has seven.</summary>
    private static double Rounded(double value) => double.Parse(value.ToString("G8", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, Options);
}
