using System.Text.Json;

namespace ModelDsl.Text.Tests;

/// <summary>Texts with the ids of published tokenizers, and the part of BERT's vocabulary that decides its ids: <c>tests/vectors/tokenizers.mjs</c> writes them.</summary>
internal static class TokenizerVectors
{
    private static readonly JsonElement Root = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", "tokenizers.json"))).RootElement;

    /// <summary>The numbers of the texts, for theories: a test name cannot hold every text.</summary>
    public static TheoryData<int> Indices => [.. Enumerable.Range(0, Texts.GetArrayLength())];

    private static JsonElement Texts => Root.GetProperty("texts");

    /// <summary>A text, and its ids by a tokenizer.</summary>
    public static (string Text, int[] Ids) Get(int index, string tokenizer) =>
        (Texts[index].GetProperty("text").GetString()!, [.. Texts[index].GetProperty(tokenizer).EnumerateArray().Select(id => id.GetInt32())]);

    /// <summary>BERT's <c>vocab.txt</c>, with a placeholder on each line whose token decides no id.</summary>
    public static string BertVocabulary()
    {
        string[] tokens = [.. Enumerable.Range(0, Root.GetProperty("bertSize").GetInt32()).Select(id => $"[placeholder{id}]")];
        foreach (var token in Root.GetProperty("bert").EnumerateObject())
            tokens[token.Value.GetInt32()] = token.Name;
        return string.Join('\n', tokens) + "\n";
    }
}
