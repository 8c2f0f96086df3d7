using System.Text.Json;
using ModelDsl.Bpe;
using ModelDsl.Runtime.Tests.Data;
using ModelDsl.Runtime.Tests.Training;

namespace ModelDsl.Text.Tests;

/// <summary>Byte-level byte-pair encoding.</summary>
public class BpeTokenizerTests
{
    private static readonly string[] TextFiles = [".cs", ".csproj", ".md", ".json", ".py", ".mjs", ".txt", ".props", ".targets", ".sln", ".editorconfig", ".yml"];

    [Theory]
    [MemberData(nameof(TokenizerVectors.Indices), MemberType = typeof(TokenizerVectors))]
    public void Ids_are_those_of_GPT2(int index)
    {
        var (text, ids) = TokenizerVectors.Get(index, "gpt2");
        Assert.Equal(ids, Gpt2.Tokenizer.Encode(text));
        Assert.Equal(text, Gpt2.Tokenizer.Decode(ids));
    }

    [Fact]
    public void The_vocabulary_of_GPT2_has_its_sizes()
    {
        Assert.Equal((50_257, 50_256, 50_256, null), (Gpt2.Tokenizer.VocabularySize, Gpt2.Tokenizer.PaddingId, Gpt2.Tokenizer.EndOfTextId, Gpt2.Tokenizer.UnknownId));
        Assert.Equal("<|endoftext|>", Assert.Single(Gpt2.Tokenizer.SpecialTokens).Key);
    }

    [Fact]
    public void Every_text_of_the_repository_decodes_to_itself()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "ModelDsl.sln")))
            root = root.Parent!;
        string[] files = [.. root.EnumerateFiles("*", SearchOption.AllDirectories).Select(file => file.FullName)
            .Where(path => TextFiles.Contains(Path.GetExtension(path)) && !path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin" or ".git"))];
        Assert.True(files.Length > 500);
        Parallel.ForEach(files, path => RoundTrip(path, File.ReadAllText(path)));
    }

    [DataFact("text")]
    public void The_Chinese_reviews_decode_to_themselves() =>
        Assert.All(Directory.GetFiles(TestData.Folder("text")), path => RoundTrip(path, File.ReadAllText(path)));

    [DataFact("text")]
    public void Parts_of_a_file_have_the_tokens_of_the_whole_file()
    {
        var path = Path.Combine(TestData.Folder("text"), "tinyshakespeare.txt");
        string[] parts = [.. TextParts.Read([path], length: 1000)];
        Assert.True(parts.Length > 500);
        Assert.Equal(Gpt2.Tokenizer.Encode(File.ReadAllText(path)), parts.SelectMany(part => Gpt2.Tokenizer.Encode(part)));
    }

    [Fact]
    public void A_long_word_has_the_ids_that_it_has_by_the_rules_for_short_ones()
    {
        var random = new Random(1);
        foreach (var letters in (string[])["ACGT", "aAeEtThH", "的一是不了在人有我他", "é!?x", " \n\t", "0123456789"])
        {
            var word = string.Concat(Enumerable.Range(0, 700).Select(_ => letters[random.Next(letters.Length)]));
            foreach (var text in (string[])[word, $"before {word}\n\n{word} after"])
            {
                Assert.True(LongWords.IsIn(text));
                Assert.Equal(Gpt2.PlainIds(text), Gpt2.Tokenizer.Encode(text));
            }
        }
    }

    [Fact]
    public void A_word_of_a_million_letters_takes_seconds()
    {
        var word = string.Concat(Enumerable.Repeat("的一是不了在人有我他", 100_000));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(word, Gpt2.Tokenizer.Decode(Gpt2.Tokenizer.Encode(word)));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{watch.Elapsed}");
    }

    [Fact]
    public void A_surrogate_without_its_partner_becomes_the_replacement_character()
    {
        foreach (var text in (string[])["\uD83D lone", "end \uDE00", "\uDE00\uD83D", "😀\uD83D😀"])
        {
            var replaced = System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
            Assert.Equal(Gpt2.Tokenizer.Encode(replaced), Gpt2.Tokenizer.Encode(text));
            Assert.Equal(replaced, Gpt2.Tokenizer.Decode(Gpt2.Tokenizer.Encode(text)));
        }
    }

    [Fact]
    public void Special_tokens_in_a_text_are_text_unless_they_are_parsed()
    {
        using var folder = new TemporaryFolder();
        var own = BpeTokenizer.FromTexts(["some text"], new BpeTrainingOptions { VocabularySize = 260, SpecialTokens = ["<|endoftext|>", "<pad>", "<|user|>"] });
        own.Save(folder.Path);
        const string Text = "a<|user|>b<pad>c<|endoftext|>";

        Assert.Equal(Text, own.Decode(own.Encode(Text)));
        Assert.DoesNotContain(own.SpecialTokens["<|user|>"], own.Encode(Text));
        var parsing = BpeTokenizer.Load(folder.Path, new BpeOptions { ParseSpecialTokens = true });
        var ids = parsing.Encode(Text);
        Assert.Equal([.. own.Encode("a"), 2, .. own.Encode("b<pad>c"), 0], ids);
        Assert.Equal(Text, parsing.Decode(ids));
        Assert.Equal((1, 0), (parsing.PaddingId, parsing.EndOfTextId!.Value));
        Assert.Equal(2, BpeTokenizer.Load(folder.Path, new BpeOptions { PaddingToken = "<|user|>" }).PaddingId);
    }

    [Fact]
    public void Added_tokens_and_names_of_special_tokens_are_read_from_the_files_beside_the_vocabulary()
    {
        using var folder = new TemporaryFolder();
        WriteBytes(folder, "\"EOT\": 256");
        Assert.Contains("'EOT'", Assert.Throws<InvalidDataException>(() => BpeTokenizer.Load(folder.Path)).Message, StringComparison.Ordinal);
        Assert.Equal(256, BpeTokenizer.Load(folder.Path, new BpeOptions { SpecialTokens = ["EOT"] }).SpecialTokens["EOT"]);

        folder.Write("special_tokens_map.json", """{"eos_token": {"content": "EOT", "lstrip": false}, "additional_special_tokens": ["<x>"]}""");
        folder.Write("added_tokens.json", """{"<x>": 300}""");
        var tokenizer = BpeTokenizer.Load(folder.Path);
        Assert.Equal(302, BpeTokenizer.Load(folder.Path).VocabularySize);
        Assert.Equal(301, tokenizer.PaddingId);
        Assert.Equal([("EOT", 256), ("<x>", 300)], tokenizer.SpecialTokens.OrderBy(pair => pair.Value).Select(pair => (pair.Key, pair.Value)));
        Assert.Equal("EOT<x>", tokenizer.Decode([256, 270, 300, 301]));
    }

    [Fact]
    public void A_file_of_merges_that_is_cut_short_is_an_error()
    {
        using var folder = new TemporaryFolder();
        Gpt2.Write(folder.Path);
        var path = Path.Combine(folder.Path, "merges.txt");
        var lines = File.ReadAllLines(path);

        File.WriteAllLines(path, lines[..(lines.Length / 2)]);
        var message = Assert.Throws<InvalidDataException>(() => BpeTokenizer.Load(folder.Path)).Message;
        Assert.StartsWith($"The 24999 merges of '{path}' do not make 25001 of the 50257 tokens of '{Path.Combine(folder.Path, "vocab.json")}'", message, StringComparison.Ordinal);
        Assert.Contains("cut short or of another model: copy both files again", message, StringComparison.Ordinal);

        File.WriteAllText(path, string.Join('\n', lines[..100]) + "\nĠha");
        Assert.StartsWith($"Line 101 of '{path}' is 'Ġha'; expected two tokens", Assert.Throws<InvalidDataException>(() => BpeTokenizer.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_two_models_are_an_error()
    {
        using var folder = new TemporaryFolder();
        Gpt2.Write(folder.Path);
        WriteBytes(folder, "\"<x>\": 256");
        Assert.Contains("The two files are of different models: copy both again.", Assert.Throws<InvalidDataException>(() => BpeTokenizer.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1, 2]", "it is a JSON Array")]
    [InlineData("{\"a\": \"b\"}", "'a' has \"b\" instead of an id")]
    [InlineData("{\"a\": -1}", "'a' has -1 instead of an id")]
    [InlineData("{\"a\": 1, \"b\": 1}", "'a' and 'b' have the same id 1")]
    [InlineData("{\"a\": 1, \"b", "is not complete JSON")]
    [InlineData("{\"a\": 1}", "has no token for the byte 0")]
    public void A_file_that_is_no_vocabulary_is_an_error(string json, string reason)
    {
        using var folder = new TemporaryFolder();
        folder.Write("merges.txt", "");
        var path = folder.Write("vocab.json", json);
        var message = Assert.Throws<InvalidDataException>(() => BpeTokenizer.Load(folder.Path)).Message;
        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_an_error_that_says_what_is_there()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("does not exist; expected a folder with vocab.json and merges.txt", Assert.Throws<DirectoryNotFoundException>(() => BpeTokenizer.Load(Path.Combine(folder.Path, "no"))).Message, StringComparison.Ordinal);
        WriteBytes(folder, "\"<x>\": 256");
        File.Move(Path.Combine(folder.Path, "merges.txt"), Path.Combine(folder.Path, "other.txt"));
        Assert.Contains($"'{folder.Path}' has no merges.txt. A byte-level BPE has two files, vocab.json and merges.txt, or one, tokenizer.json; the folder has other.txt, vocab.json.", Assert.Throws<FileNotFoundException>(() => BpeTokenizer.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_of_another_vocabulary_or_an_unknown_name_of_padding_is_an_error()
    {
        Assert.Contains("Ids run from 0 to 50256", Assert.Throws<ArgumentOutOfRangeException>(() => Gpt2.Tokenizer.Decode([50_257])).Message, StringComparison.Ordinal);
        using var folder = new TemporaryFolder();
        Gpt2.Write(folder.Path);
        Assert.Contains("it has <|endoftext|>", Assert.Throws<ArgumentException>(() => BpeTokenizer.Load(folder.Path, new BpeOptions { PaddingToken = "<pad>" })).Message, StringComparison.Ordinal);
    }

    /// <summary>A vocabulary of the 256 bytes and one more token, without merges.</summary>
    private static void WriteBytes(TemporaryFolder folder, string more)
    {
        var bytes = Enumerable.Range(0, 256).Select(value => $"{JsonSerializer.Serialize(ByteCharacters.Of((byte)value).ToString())}: {value}");
        folder.Write("vocab.json", "{" + string.Join(", ", [.. bytes, more]) + "}");
        if (!File.Exists(Path.Combine(folder.Path, "merges.txt")))
            folder.Write("merges.txt", "#version: 0.2\n");
    }

    private static void RoundTrip(string path, string text)
    {
        var decoded = Gpt2.Tokenizer.Decode(Gpt2.Tokenizer.Encode(text));
        Assert.True(text == decoded, path);
    }
}
