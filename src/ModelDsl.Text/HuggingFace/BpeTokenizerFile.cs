using System.Text.Json;
using ModelDsl.Bpe;

namespace ModelDsl.HuggingFace;

/// <summary>Reads a byte-level BPE from a <c>tokenizer.json</c>.</summary>
internal static class BpeTokenizerFile
{
    private const string Kind = "BPE", ByteLevel = "ByteLevel";

    /// <summary>Reads the vocabulary.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="special">Special tokens in addition to those of the file.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or of a tokenizer that splits texts in another way than GPT-2.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static BpeVocabulary Read(string path, IEnumerable<string> special)
    {
        var file = TokenizerFile.Read(path);
        file.Expect(Kind);
        CheckComponents(file);
        var added = file.ReadAdded();
        var names = new HashSet<string>(special.Concat(added.Select(token => token.Token)), StringComparer.Ordinal);
        return BpeCheck.Check(file.ReadIds(), ReadMerges(file), new SpecialTokenNames(names, new Dictionary<string, int>()), path, path);
    }

    private static void CheckComponents(TokenizerFile file)
    {
        if (file.Component("normalizer") is { } normalizer)
            throw file.Unsupported($"a normalizer {Name(normalizer)}", "none, as in GPT-2");
        if (file.Component("pre_tokenizer") is not { } splitter || TokenizerFile.Text(splitter, "type") != ByteLevel)
            throw file.Unsupported(file.Component("pre_tokenizer") is { } other ? $"a pre_tokenizer {Name(other)}" : "no pre_tokenizer", $"{ByteLevel}, as in GPT-2");
        if (TokenizerFile.Flag(splitter, "add_prefix_space") == true)
            throw file.Unsupported("a pre_tokenizer with add_prefix_space", "one without, as in GPT-2");
        if (TokenizerFile.Flag(splitter, "use_regex") == false)
            throw file.Unsupported("a pre_tokenizer without use_regex", "one that splits texts into words, as in GPT-2");
        if (TokenizerFile.Flag(file.Model, "byte_fallback") == true)
            throw file.Unsupported("a model with byte_fallback", "tokens of bytes, as in GPT-2");
        if (TokenizerFile.Flag(file.Model, "ignore_merges") == true)
            throw file.Unsupported("a model with ignore_merges", "one that applies merges, as in GPT-2");
        foreach (var affix in (string[])["continuing_subword_prefix", "end_of_word_suffix"])
        {
            if (TokenizerFile.Text(file.Model, affix) is { Length: > 0 } text)
                throw file.Unsupported($"a {affix} '{text}'", "none, as in GPT-2");
        }
    }

    private static string Name(JsonElement component) => $"'{TokenizerFile.Text(component, "type") ?? "?"}'";

    /// <summary>Merges are texts with a space between two tokens; since version 0.20 of the library, lists of two tokens.</summary>
    private static List<(string Left, string Right)> ReadMerges(TokenizerFile file)
    {
        if (TokenizerFile.Property(file.Model, "merges") is not { ValueKind: JsonValueKind.Array } merges)
            throw file.Damaged("its 'model' has no list 'merges'");
        return [.. merges.EnumerateArray().Select((merge, i) => Split(merge) ?? throw file.Damaged($"merge {i + 1} is {merge.GetRawText()}; expected two tokens"))];
    }

    private static (string Left, string Right)? Split(JsonElement merge)
    {
        string[]? tokens = merge.ValueKind switch
        {
            JsonValueKind.String => merge.GetString()!.Split(' '),
            JsonValueKind.Array when merge.EnumerateArray().All(token => token.ValueKind == JsonValueKind.String) => [.. merge.EnumerateArray().Select(token => token.GetString()!)],
            _ => null,
        };
        return tokens is [{ Length: > 0 } left, { Length: > 0 } right] ? (left, right) : null;
    }
}
