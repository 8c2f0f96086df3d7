using System.Text.Encodings.Web;
using System.Text.Json;
using ModelDsl.Files;

namespace ModelDsl.Bpe;

/// <summary>The special tokens that the files beside a vocabulary, or the caller, name.</summary>
/// <param name="All">All names.</param>
/// <param name="Added">The ids of tokens that the vocabulary itself may lack.</param>
internal sealed record SpecialTokenNames(IReadOnlySet<string> All, IReadOnlyDictionary<string, int> Added)
{
    /// <summary>Written as other programs write it: without escapes for characters beyond ASCII.</summary>
    public static JsonWriterOptions JsonOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads the files of Hugging Face in a folder, if they are there.</summary>
    /// <param name="folder">The folder; null for none.</param>
    /// <param name="given">The names that the caller gives.</param>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    public static SpecialTokenNames Read(string? folder, IEnumerable<string> given)
    {
        var (all, added) = (new HashSet<string>(given, StringComparer.Ordinal), new Dictionary<string, int>());
        if (folder is null)
            return new SpecialTokenNames(all, added);
        if (File.Exists(Path.Combine(folder, BpeFiles.AddedName)))
        {
            added = TokenIdsFile.Read(Path.Combine(folder, BpeFiles.AddedName));
            all.UnionWith(added.Keys);
        }

        var path = Path.Combine(folder, BpeFiles.SpecialName);
        if (File.Exists(path))
            ReadNames(path, all);
        return new SpecialTokenNames(all, added);
    }

    /// <summary>Writes the names, as Hugging Face reads them.</summary>
    public static void Write(string path, IEnumerable<string> tokens) => OutputFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream, JsonOptions);
        json.WriteStartObject();
        json.WriteStartArray("additional_special_tokens");
        foreach (var token in tokens)
            json.WriteStringValue(token);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void ReadNames(string path, HashSet<string> names)
    {
        using var stream = InputFile.Open(path);
        try
        {
            using var document = JsonDocument.Parse(stream);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                foreach (var value in property.Value.ValueKind == JsonValueKind.Array ? [.. property.Value.EnumerateArray()] : new[] { property.Value })
                    names.Add((value.ValueKind == JsonValueKind.Object ? value.GetProperty("content") : value).GetString()!);
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InvalidDataException($"'{path}' cannot be read as the special tokens of a model: it is damaged ({exception.Message}). Copy it again, or delete it.", exception);
        }
    }
}
