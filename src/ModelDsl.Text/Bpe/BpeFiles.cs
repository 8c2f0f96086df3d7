using System.Text;
using System.Text.Json;
using ModelDsl.Files;

namespace ModelDsl.Bpe;

/// <summary>Reads and writes the files of a byte-level BPE, as GPT-2 and Hugging Face write them.</summary>
internal static class BpeFiles
{
    public const string VocabularyName = "vocab.json", MergesName = "merges.txt", SpecialName = "special_tokens_map.json", AddedName = "added_tokens.json", EncoderName = "encoder.json";

    private const string VersionLine = "#version";

    /// <summary>Reads a vocabulary.</summary>
    /// <param name="vocabularyPath">The path of the tokens with their ids.</param>
    /// <param name="mergesPath">The path of the merges.</param>
    /// <param name="special">Special tokens that other files or the caller name.</param>
    /// <exception cref="InvalidDataException">A file is damaged, or the two do not belong together.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static BpeVocabulary Read(string vocabularyPath, string mergesPath, SpecialTokenNames special)
    {
        var ids = TokenIdsFile.Read(vocabularyPath);
        foreach (var (token, id) in special.Added)
        {
            if (ids.TryGetValue(token, out var known) && known != id)
                throw new InvalidDataException($"'{token}' has the id {known} in '{vocabularyPath}', but {id} in {AddedName} beside it. Use files of one model.");
            ids[token] = id;
        }

        return BpeCheck.Check(ids, ReadMerges(mergesPath), special, vocabularyPath, mergesPath);
    }

    /// <summary>Writes a vocabulary to a folder.</summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static void Write(string folder, BpeVocabulary vocabulary)
    {
        OutputFile.Write(Path.Combine(folder, VocabularyName), stream =>
        {
            using var json = new Utf8JsonWriter(stream, SpecialTokenNames.JsonOptions);
            json.WriteStartObject();
            foreach (var (token, id) in vocabulary.Ids.OrderBy(pair => pair.Value))
                json.WriteNumber(token, id);
            json.WriteEndObject();
        });
        OutputFile.Write(Path.Combine(folder, MergesName), stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
            writer.WriteLine("#version: 0.2");
            foreach (var (left, right) in vocabulary.Merges)
                writer.WriteLine($"{left} {right}");
        });
        SpecialTokenNames.Write(Path.Combine(folder, SpecialName), vocabulary.Special.OrderBy(pair => pair.Value).Select(pair => pair.Key));
    }

    /// <summary>Whether a folder has a file with the ids of tokens.</summary>
    public static bool HasVocabulary(string folder) => File.Exists(Path.Combine(folder, VocabularyName)) || File.Exists(Path.Combine(folder, EncoderName));

    /// <summary>Returns the path of a file in a folder.</summary>
    /// <exception cref="FileNotFoundException">The file is missing.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder is missing.</exception>
    public static string Find(string folder, params ReadOnlySpan<string> names)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"The folder '{folder}' does not exist; expected a folder with {VocabularyName} and {MergesName}.");
        foreach (var name in names)
        {
            if (File.Exists(Path.Combine(folder, name)))
                return Path.Combine(folder, name);
        }

        string[] found = [.. Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).Take(10)];
        throw new FileNotFoundException(
            $"'{folder}' has no {names[0]}. A byte-level BPE has two files, {VocabularyName} and {MergesName}, or one, {HuggingFace.TokenizerFile.Name}; the folder has {(found.Length == 0 ? "no files" : string.Join(", ", found))}. "
            + "Copy both files there, or give their paths to BpeTokenizer.Load(vocabularyPath, mergesPath).");
    }

    private static List<(string Left, string Right)> ReadMerges(string path)
    {
        using var reader = new StreamReader(InputFile.Open(path), new UTF8Encoding(false, throwOnInvalidBytes: true));
        var merges = new List<(string, string)>();
        try
        {
            for (var number = 1; reader.ReadLine() is { } line; number++)
            {
                if ((number == 1 && line.StartsWith(VersionLine, StringComparison.Ordinal)) || line.Length == 0)
                    continue;
                var space = line.IndexOf(' ', StringComparison.Ordinal);
                if (space <= 0 || space == line.Length - 1 || line.IndexOf(' ', space + 1) >= 0)
                    throw new InvalidDataException($"Line {number} of '{path}' is '{line}'; expected two tokens with a space between them. The file is cut short or damaged: copy it again.");
                merges.Add((line[..space], line[(space + 1)..]));
            }
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidDataException($"'{path}' is not UTF-8 after {merges.Count} merges. The file is cut short or damaged: copy it again.", exception);
        }

        return merges;
    }
}
