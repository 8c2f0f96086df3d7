using System.Text.Json;

namespace ModelDsl.Checkpoints;

/// <summary>
/// Reads the JSON header of a safetensors file. The file may come from an untrusted source, so everything in it is checked before use.
/// </summary>
internal static class SafetensorsHeader
{
    private const int GreatestRank = 64;

    /// <summary>Parses a header, and checks that its tensors cover the data without gaps and overlaps.</summary>
    /// <param name="header">The JSON text.</param>
    /// <param name="dataLength">The number of bytes after the header.</param>
    /// <param name="metadata">Receives the metadata.</param>
    /// <exception cref="InvalidDataException">The header is damaged.</exception>
    public static Dictionary<string, SafetensorsEntry> Parse(ReadOnlySpan<byte> header, long dataLength, Dictionary<string, string> metadata)
    {
        try
        {
            var entries = ParseEntries(header, metadata);
            CheckOffsets(entries.Values, dataLength);
            return entries;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"The header is not valid safetensors JSON: {exception.Message}", exception);
        }
    }

    private static Dictionary<string, SafetensorsEntry> ParseEntries(ReadOnlySpan<byte> header, Dictionary<string, string> metadata)
    {
        var entries = new Dictionary<string, SafetensorsEntry>();
        var reader = new Utf8JsonReader(header);
        Expect(ref reader, JsonTokenType.StartObject);
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            Expect(ref reader, JsonTokenType.StartObject);
            if (name == "__metadata__")
                ParseMetadata(ref reader, metadata);
            else if (!entries.TryAdd(name, ParseEntry(ref reader, name)))
                throw new InvalidDataException($"The header has tensor '{name}' twice.");
        }

        // Padding with spaces is allowed; the reader throws for anything else after the object.
        if (reader.Read())
            throw new InvalidDataException("The header has data after the end of its JSON object.");
        return entries;
    }

    private static SafetensorsEntry ParseEntry(ref Utf8JsonReader reader, string name)
    {
        string? type = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("dtype"u8))
            {
                Expect(ref reader, JsonTokenType.String);
                type = reader.GetString();
            }
            else if (reader.ValueTextEquals("shape"u8))
            {
                shape = ParseNumbers(ref reader, GreatestRank, name);
            }
            else if (reader.ValueTextEquals("data_offsets"u8))
            {
                offsets = ParseNumbers(ref reader, 2, name);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        if (type is null || shape is null || offsets is not { Count: 2 })
            throw new InvalidDataException($"Tensor '{name}' lacks its dtype, shape or data_offsets.");
        var size = SafetensorsEntry.SizeOf(type);
        if (size == 0)
            throw new InvalidDataException($"Tensor '{name}' has the unknown type '{type}'.");

        var bytes = (Int128)size;
        foreach (var extent in shape)
        {
            bytes *= extent;
            if (bytes > long.MaxValue)
                throw new InvalidDataException($"Tensor '{name}' has an impossible shape [{string.Join(", ", shape)}].");
        }

        if (offsets[1] < offsets[0] || offsets[1] - offsets[0] != bytes)
        {
            throw new InvalidDataException(
                $"Tensor '{name}' of type {type} and shape [{string.Join(", ", shape)}] takes {bytes} bytes, but its range is {offsets[0]} to {offsets[1]}.");
        }

        return new SafetensorsEntry(name, type, shape, offsets[0], offsets[1]);
    }

    private static void ParseMetadata(ref Utf8JsonReader reader, Dictionary<string, string> metadata)
    {
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            Expect(ref reader, JsonTokenType.String);
            metadata[key] = reader.GetString()!;
        }
    }

    private static List<long> ParseNumbers(ref Utf8JsonReader reader, int most, string name)
    {
        var numbers = new List<long>();
        Expect(ref reader, JsonTokenType.StartArray);
        while (Next(ref reader) == JsonTokenType.Number)
        {
            if (numbers.Count == most || !reader.TryGetInt64(out var number) || number < 0)
                throw new InvalidDataException($"Tensor '{name}' has a shape or range that is not a short list of sizes.");
            numbers.Add(number);
        }

        if (reader.TokenType != JsonTokenType.EndArray)
            throw new InvalidDataException($"Tensor '{name}' has a shape or range that is not a list of numbers.");
        return numbers;
    }

    private static void CheckOffsets(IEnumerable<SafetensorsEntry> entries, long dataLength)
    {
        var end = 0L;
        foreach (var entry in entries.OrderBy(static e => e.Begin).ThenBy(static e => e.End))
        {
            if (entry.End > dataLength)
                throw new InvalidDataException($"Tensor '{entry.Name}' ends at byte {entry.End}, but the file has {dataLength} bytes of data: it is cut off.");
            if (entry.Begin != end)
                throw new InvalidDataException($"Tensor '{entry.Name}' begins at byte {entry.Begin} instead of {end}: tensors overlap or leave holes.");
            end = entry.End;
        }

        if (end != dataLength)
            throw new InvalidDataException($"The file has {dataLength} bytes of data, but its tensors only {end}.");
    }

    private static JsonTokenType Next(ref Utf8JsonReader reader) => reader.Read() ? reader.TokenType : JsonTokenType.None;

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (Next(ref reader) != type)
            throw new InvalidDataException($"The header has a {reader.TokenType} at byte {reader.TokenStartIndex} where a {type} belongs.");
    }
}
