using System.Text.Json;
using System.Text.Json.Nodes;
using ModelDsl.Bpe;
using ModelDsl.Runtime.Tests.Data;

namespace ModelDsl.Text.Tests;

/// <summary>Files <c>tokenizer.json</c> of Hugging Face.</summary>
public sealed class TokenizerFileTests : IDisposable
{
    private const string ByteLevel = """{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true}""";
    private const string BertNormalizer = """{"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true}""";
    private const string BertPreTokenizer = """{"type": "BertPreTokenizer"}""";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_BPE_gives_the_ids_of_its_two_files(bool pairs)
    {
        Gpt2.Write(folder.Path);
        var ids = JsonNode.Parse(File.ReadAllText(PathOf(BpeFiles.VocabularyName)))!;
        var merges = File.ReadLines(PathOf(BpeFiles.MergesName)).Skip(1).Select(line => pairs ? (JsonNode)new JsonArray([.. line.Split(' ').Select(token => (JsonNode)token)]) : line);
        File.Delete(PathOf(BpeFiles.VocabularyName));
        var path = Write(
            new JsonObject { ["type"] = "BPE", ["dropout"] = null, ["continuing_subword_prefix"] = "", ["vocab"] = ids, ["merges"] = new JsonArray([.. merges]) },
            preTokenizer: $$"""{"type": "Sequence", "pretokenizers": [{{ByteLevel}}]}""",
            added: """[{"id": 50256, "content": "<|endoftext|>", "special": true}, {"id": 50257, "content": "<|user|>", "special": true}]""");

        foreach (var tokenizer in (BpeTokenizer[])[BpeTokenizer.Load(folder.Path), BpeTokenizer.Load(path)])
        {
            foreach (var text in (string[])["Hello world", " a  b\n\n  c", "naïve café 北京 😀", "don't we'll 12345"])
                Assert.Equal(Gpt2.Tokenizer.Encode(text), tokenizer.Encode(text));
            Assert.Equal((50_258, 50_256, 50_257), (tokenizer.VocabularySize, tokenizer.EndOfTextId!.Value, tokenizer.SpecialTokens["<|user|>"]));
        }
    }

    [Fact]
    public void A_WordPiece_model_gives_the_ids_of_its_vocabulary()
    {
        folder.Write("vocab.txt", TokenizerVectors.BertVocabulary());
        var lines = WordPieceTokenizer.Load(folder.Path);
        var ids = new JsonObject([.. TokenizerVectors.BertVocabulary().TrimEnd('\n').Split('\n').Select((token, id) => KeyValuePair.Create(token.Trim(), (JsonNode?)id))]);
        File.Delete(PathOf("vocab.txt"));
        Write(WordPiece(ids), BertPreTokenizer, BertNormalizer);

        var file = WordPieceTokenizer.Load(folder.Path);
        Assert.Equal(lines.VocabularySize, file.VocabularySize);
        foreach (var text in (string[])["Hello  world", "Café unaffable 北京", "[CLS] play##ing"])
            Assert.Equal(lines.Encode(text), file.Encode(text));
    }

    [Theory]
    [InlineData("lowercase", "e")]
    [InlineData("strip_accents", "E")]
    public void The_normalizer_of_the_file_is_used(string flag, string expected)
    {
        var normalizer = new JsonObject { ["type"] = "BertNormalizer", ["lowercase"] = flag == "lowercase", ["strip_accents"] = flag == "strip_accents" ? true : null };
        Write(WordPiece(Ids("[PAD]", "[UNK]", "e", "E", "É")), BertPreTokenizer, normalizer.ToJsonString());
        var tokenizer = WordPieceTokenizer.Load(folder.Path);
        Assert.Equal(expected, tokenizer.Decode(tokenizer.Encode("É")));
    }

    [Theory]
    [InlineData(null, null, "has no pre_tokenizer, which would give other ids than this tokenizer; expected ByteLevel")]
    [InlineData("""{"type": "Split"}""", null, "has a pre_tokenizer 'Split'")]
    [InlineData("""{"type": "ByteLevel", "add_prefix_space": true}""", null, "has a pre_tokenizer with add_prefix_space")]
    [InlineData("""{"type": "ByteLevel", "use_regex": false}""", null, "has a pre_tokenizer without use_regex")]
    [InlineData(ByteLevel, """{"type": "NFC"}""", "has a normalizer 'NFC'")]
    public void A_BPE_that_splits_texts_in_another_way_is_an_error(string? preTokenizer, string? normalizer, string message)
    {
        var path = Write(new JsonObject { ["type"] = "BPE", ["vocab"] = Ids("a"), ["merges"] = new JsonArray() }, preTokenizer, normalizer);
        Assert.StartsWith($"'{path}' {message}", Assert.Throws<InvalidDataException>(() => BpeTokenizer.Load(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, BertNormalizer, "has no pre_tokenizer")]
    [InlineData(BertPreTokenizer, null, "has no normalizer")]
    [InlineData(BertPreTokenizer, """{"type": "Lowercase"}""", "has a normalizer 'Lowercase'")]
    public void A_WordPiece_model_that_splits_texts_in_another_way_is_an_error(string? preTokenizer, string? normalizer, string message)
    {
        var path = Write(WordPiece(Ids("[PAD]", "[UNK]")), preTokenizer, normalizer);
        Assert.StartsWith($"'{path}' {message}", Assert.Throws<InvalidDataException>(() => WordPieceTokenizer.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_kind_names_the_tokenizer_that_reads_it()
    {
        var path = Write(WordPiece(Ids("[PAD]", "[UNK]")), BertPreTokenizer, BertNormalizer);
        Assert.Equal($"'{path}' is a tokenizer of the kind WordPiece; expected BPE. Use WordPieceTokenizer.Load.", Assert.Throws<InvalidDataException>(() => BpeTokenizer.Load(path)).Message);
    }

    [Theory]
    [InlineData("""{"model": {"type": "BPE", "vocab": {""", "is not complete JSON")]
    [InlineData("[]", "it has no 'model'")]
    [InlineData("""{"model": {"type": "BPE", "merges": []}, "pre_tokenizer": {"type": "ByteLevel"}}""", "its 'model' has no 'vocab'")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}}, "pre_tokenizer": {"type": "ByteLevel"}}""", "its 'model' has no list 'merges'")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["a b c"]}, "pre_tokenizer": {"type": "ByteLevel"}}""", "merge 1 is \"a b c\"; expected two tokens")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": [[1, 2]]}, "pre_tokenizer": {"type": "ByteLevel"}}""", "merge 1 is [1, 2]; expected two tokens")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}, "pre_tokenizer": {"type": "ByteLevel"}, "added_tokens": [{"id": "x"}]}""", "'added_tokens' has {\"id\": \"x\"} instead of a token")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}, "pre_tokenizer": {"type": "ByteLevel"}, "added_tokens": [{"id": 1, "content": "a", "special": true}]}""", "'a' has the id 0 in 'vocab', but 1 in 'added_tokens'")]
    public void A_damaged_file_is_an_error(string text, string message)
    {
        folder.Write("tokenizer.json", text);
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => BpeTokenizer.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    private string PathOf(string name) => Path.Combine(folder.Path, name);

    private static JsonObject Ids(params string[] tokens) => new([.. tokens.Select((token, id) => KeyValuePair.Create(token, (JsonNode?)id))]);

    private static JsonObject WordPiece(JsonObject ids) => new() { ["type"] = "WordPiece", ["unk_token"] = "[UNK]", ["continuing_subword_prefix"] = "##", ["vocab"] = ids };

    private string Write(JsonObject model, string? preTokenizer, string? normalizer = null, string added = "[]")
    {
        folder.Write("tokenizer.json", new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = JsonNode.Parse(added),
            ["normalizer"] = normalizer is null ? null : JsonNode.Parse(normalizer),
            ["pre_tokenizer"] = preTokenizer is null ? null : JsonNode.Parse(preTokenizer),
            ["model"] = model,
        }.ToJsonString(new JsonSerializerOptions()));
        return PathOf("tokenizer.json");
    }
}
