using System.Text.Json;
using ModelDsl.Files;

namespace ModelDsl;

/// <summary>The file of a vocabulary: a JSON object with a format, a version, and the properties of the tokenizer.</summary>
/// <param name="format">The format.</param>
/// <param name="tokenizer">The name of the tokenizer's class.</param>
/// <param name="versions">The versions that can be read, the greatest last.</param>
/// <param name="noJson">The error message for a file that is not JSON.</param>
internal sealed class VocabularyFile(string format, string tokenizer, int[] versions, string noJson)
{
    /// <summary>Files of <see cref="CharacterTokenizer"/>. Version 1 was plain text without padding; version 3 has a cleaning.</summary>
    public static VocabularyFile Characters { get; } = new(
        "modeldsl.characters",
        nameof(CharacterTokenizer),
        [2, 3],
        "it is no JSON. A plain text is how earlier versions kept a vocabulary: ids were counted from 0 then, without one for padding, so a model trained "
        + "with it would read other characters now. Make a tokenizer with CharacterTokenizer.FromText, train the model with its ids, and keep it with Save");

    /// <summary>Files of <see cref="WordTokenizer"/>.</summary>
    public static VocabularyFile Words { get; } = new(
        "modeldsl.words", nameof(WordTokenizer), [1], "it is no JSON. Of a list of words make a tokenizer with WordTokenizer.FromWords(File.ReadLines(path))");

    /// <summary>Writes a file.</summary>
    /// <param name="path">The path.</param>
    /// <param name="version">The version.</param>
    /// <param name="write">Writes the other properties.</param>
    /// <exception cref="IOException">The file cannot be written; an existing file is unchanged.</exception>
    public void Write(string path, int version, Action<Utf8JsonWriter> write) => OutputFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("format", format);
        json.WriteNumber("version", version);
        write(json);
        json.WriteEndObject();
    });

    /// <summary>Reads a file.</summary>
    /// <param name="path">The path.</param>
    /// <param name="read">Creates a tokenizer from the JSON object and the version.</param>
    /// <exception cref="InvalidDataException">The file has another format or version, or is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public T Read<T>(string path, Func<JsonElement, int, T> read)
    {
        using var stream = InputFile.Open(path);
        try
        {
            using var document = JsonDocument.Parse(stream);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("format", out var found) || !found.ValueEquals(format))
                throw Refused(path, $"it is JSON, but not of {tokenizer}.Save");
            var version = root.GetProperty("version").GetInt32();
            if (!versions.Contains(version))
                throw Refused(path, $"it is of version {version}, and this library reads version {versions[^1]}: save it anew with the library that the model is used with");
            return read(root, version);
        }
        catch (JsonException)
        {
            throw Refused(path, noJson);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"'{path}' holds no vocabulary that can be used: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"'{path}' cannot be read as the vocabulary of a {tokenizer}: it is damaged ({exception.Message}).", exception);
        }
    }

    private InvalidDataException Refused(string path, string reason) => new($"'{path}' cannot be read as the vocabulary of a {tokenizer}: {reason}.");
}
