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
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw Refused(path, $"it is a JSON {document.RootElement.ValueKind}");
            var (ids, tokens) = (new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<int, string>());
            foreach (var property in document.RootElement.EnumerateObject())
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
        catch (JsonException exception)
        {
            throw new InvalidDataException($"'{path}' is not complete JSON: {exception.Message} The file is cut short or damaged: copy it again.", exception);
        }
    }

    private static InvalidDataException Refused(string path, string reason) => new($"'{path}' is not a vocabulary: {reason}. Expected a JSON object with the id of each token, as in {{\"!\": 0, \"\\\"\": 1}}.");
}
