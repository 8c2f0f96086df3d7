using System.Text.Json;
using ModelDsl.Files;

namespace ModelDsl.WordPiece;

/// <summary>Reads the files of a WordPiece model, as BERT has them.</summary>
internal static class WordPieceFiles
{
    public const string VocabularyName = "vocab.txt", ConfigurationName = "tokenizer_config.json";

    /// <summary>Returns the path of the vocabulary, and the folder if one is given.</summary>
    /// <exception cref="FileNotFoundException">The file is missing.</exception>
    public static (string Vocabulary, string? Folder) Find(string path)
    {
        if (!Directory.Exists(path))
            return File.Exists(path) ? (path, null) : throw new FileNotFoundException($"'{path}' does not exist; expected a file {VocabularyName} or {HuggingFace.TokenizerFile.Name}, or the folder with it.");
        var vocabulary = Path.Combine(path, VocabularyName);
        return File.Exists(vocabulary) ? (vocabulary, path) : throw new FileNotFoundException($"'{path}' has no {VocabularyName} and no {HuggingFace.TokenizerFile.Name}. Copy the file of the published model there, or give its path.");
    }

    /// <summary>Reads the tokens in the order of their ids.</summary>
    /// <exception cref="InvalidDataException">A token occurs twice.</exception>
    public static string[] ReadTokens(string path)
    {
        using var reader = new StreamReader(InputFile.Open(path));
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            // As in BERT: what surrounds a token is not part of it.
            if (!ids.TryAdd(line.Trim(), ids.Count))
                throw new InvalidDataException($"Line {ids.Count + 1} of '{path}' has '{line.Trim()}', which line {ids[line.Trim()] + 1} has too. Expected the vocab.txt of a WordPiece model, with one token on each line.");
        }

        return [.. ids.Keys];
    }

    /// <summary>Reads how texts are normalized from the configuration of Hugging Face, if it is there.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static WordPieceOptions ReadOptions(string? folder)
    {
        if (folder is null || !File.Exists(Path.Combine(folder, ConfigurationName)))
            return new WordPieceOptions();
        var path = Path.Combine(folder, ConfigurationName);
        using var stream = InputFile.Open(path);
        try
        {
            using var document = JsonDocument.Parse(stream);
            return new WordPieceOptions
            {
                LowerCase = Flag(document.RootElement, "do_lower_case") ?? true,
                StripAccents = Flag(document.RootElement, "strip_accents"),
                SplitChineseCharacters = Flag(document.RootElement, "tokenize_chinese_chars") ?? true,
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"'{path}' cannot be read as the configuration of a tokenizer: it is damaged ({exception.Message}). Copy it again, or give WordPieceOptions.", exception);
        }
    }

    private static bool? Flag(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetBoolean() : null;
}
