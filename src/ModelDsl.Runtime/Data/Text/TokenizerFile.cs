using System.Text.Json;
using ModelDsl.Files;

namespace ModelDsl;

/// <summary>The file of a <see cref="CharacterTokenizer"/>: a JSON object with a format, a version, the number of ids and the characters.</summary>
internal static class TokenizerFile
{
    private const string Format = "modeldsl.characters";

    /// <summary>Before it, vocabularies were plain text without padding, and the first character had id 0.</summary>
    private const int Version = 2;

    /// <exception cref="IOException">The file cannot be written; what was at the path is still there.</exception>
    public static void Write(string path, string characters, int size) => OutputFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteNumber("version", Version);
        json.WriteNumber("size", size);
        json.WriteString("characters", characters);
        json.WriteEndObject();
    });

    /// <exception cref="InvalidDataException">It is something else, damaged, or of another version.</exception>
    public static (string Characters, int Size) Read(string path)
    {
        using var stream = InputFile.Open(path);
        try
        {
            using var document = JsonDocument.Parse(stream);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("format", out var format) || !format.ValueEquals(Format))
                throw Refused(path, "it is JSON, but not of CharacterTokenizer.Save");
            var version = root.GetProperty("version").GetInt32();
            if (version != Version)
                throw Refused(path, $"it is of version {version}, and this library reads version {Version}: save it anew with the library that the model is used with");
            return (root.GetProperty("characters").GetString() ?? "", root.GetProperty("size").GetInt32());
        }
        catch (JsonException)
        {
            throw Refused(
                path,
                "it is no JSON. A plain text is how earlier versions kept a vocabulary: ids were counted from 0 then, without one for padding, so a model trained "
                + "with it would read other characters now. Make a tokenizer with CharacterTokenizer.FromText, train the model with its ids, and keep it with Save");
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"'{path}' cannot be read as the vocabulary of a CharacterTokenizer: it is damaged ({exception.Message}).", exception);
        }
    }

    private static InvalidDataException Refused(string path, string reason) => new($"'{path}' cannot be read as the vocabulary of a CharacterTokenizer: {reason}.");
}
