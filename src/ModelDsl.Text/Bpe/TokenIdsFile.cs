using System.Text.Json;
using ModelDsl.Files;

namespace ModelDsl.Bpe;

/// <summary>A JSON object with the id of each token.</summary>
internal static class TokenIdsFile
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">The file is not such an object, or two tokens have one id.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Dictionary<string, int> Read(string path)
    {
        using var stream = InputFile.Open(path);
        try
        {
            using var document = JsonDocument.Parse(stream);
            return Read(document.RootElement, path);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"'{path}' is not complete JSON: {exception.Message} The file is cut short or damaged: copy it again.", exception);
        }
    }

    /// <summary>Reads the object of a larger file.</summary>
    /// <param name="vocabulary">The object.</param>
    /// <param name="path">The path of the file, for errors.</param>
    /// <exception cref="InvalidDataException">It is not such an object, or two tokens have one id.</exception>
    public static Dictionary<string, int> Read(JsonElement vocabulary, string path)
    {
        if (vocabulary.ValueKind != JsonValueKind.Object)
            throw Refused(path, $"it is a JSON {vocabulary.ValueKind}");
        var (ids, tokens) = (new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<int, string>());
        foreach (var property in vocabulary.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Number || !property.Value.TryGetInt32(out var id) || id < 0)
                throw Refused(path, $"'{property.Name}' has {property.Value.GetRawText()} instead of an id");
            if (!tokens.TryAdd(id, property.Name))
                throw Refused(path, $"'{tokens[id]}' and '{property.Name}' have the same id {id}");
            if (!ids.TryAdd(property.Name, id))
                throw Refused(path, $"it has '{property.Name}' twice");
        }

        return ids;
    }

    private static InvalidDataException Refused(string path, string reason) => new($"'{path}' is not a vocabulary: {reason}. Expected a JSON object with the id of each token, as in {{\"!\": 0, \"\\\"\": 1}}.");
}
