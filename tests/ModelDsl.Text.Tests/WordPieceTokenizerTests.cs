using ModelDsl.Runtime.Tests.Data;

namespace ModelDsl.Text.Tests;

/// <summary>WordPiece, as BERT has it.</summary>
public sealed class WordPieceTokenizerTests : IDisposable
{
    private static readonly Lazy<(WordPieceTokenizer Uncased, WordPieceTokenizer Cased)> Bert = new(() =>
    {
        using var folder = new TemporaryFolder();
        folder.Write("vocab.txt", TokenizerVectors.BertVocabulary());
        return (WordPieceTokenizer.Load(folder.Path), WordPieceTokenizer.Load(folder.Path, new WordPieceOptions { LowerCase = false }));
    });

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(TokenizerVectors.Indices), MemberType = typeof(TokenizerVectors))]
    public void Ids_are_those_of_BERT(int index)
    {
        var (text, uncased) = TokenizerVectors.Get(index, "uncased");
        Assert.Equal(uncased, Bert.Value.Uncased.Encode(text));
        Assert.Equal(TokenizerVectors.Get(index, "cased").Ids, Bert.Value.Cased.Encode(text));
    }

    [Fact]
    public void Ids_of_special_tokens_are_known_and_surround_a_text_where_it_is_asked_for()
    {
        folder.Write("vocab.txt", TokenizerVectors.BertVocabulary());
        var tokenizer = WordPieceTokenizer.Load(folder.Path, new WordPieceOptions { AddSpecialTokens = true });

        Assert.Equal((30_522, 0, 100, 101, 102, 103), (tokenizer.VocabularySize, tokenizer.PaddingId, tokenizer.UnknownId!.Value, tokenizer.ClassificationId!.Value, tokenizer.SeparatorId!.Value, tokenizer.MaskId!.Value));
        Assert.Equal([101, 7592, 2088, 102], tokenizer.Encode("Hello  world"));
        Assert.Equal("[CLS] hello world [SEP]", tokenizer.Decode([101, 7592, 2088, 102, 0, 0]));
        Assert.Equal("Ids run from 0 to 30521.", Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.Decode([30_522])).Message[.."Ids run from 0 to 30521.".Length]);
    }

    [Fact]
    public void Pieces_within_a_word_are_joined()
    {
        var tokenizer = Load("[PAD]", "[UNK]", "play", "##ing", "##s", "#", "##");
        Assert.Equal([2, 3, 2, 4, 1], tokenizer.Encode("Playing plays player"));
        Assert.Equal("playing plays [UNK] # ##", tokenizer.Decode([2, 3, 2, 4, 1, 5, 6]));
    }

    [Theory]
    [InlineData("{\"do_lower_case\": false}", "É", "É")]
    [InlineData("{\"do_lower_case\": true}", "É", "e")]
    [InlineData("{\"do_lower_case\": true, \"strip_accents\": false}", "É", "é")]
    [InlineData("{\"do_lower_case\": false, \"strip_accents\": true}", "É", "E")]
    [InlineData("{\"strip_accents\": null}", "É", "e")]
    public void The_configuration_beside_the_vocabulary_says_how_texts_are_normalized(string configuration, string text, string expected)
    {
        folder.Write("tokenizer_config.json", configuration);
        Assert.Equal(expected, Load("[PAD]", "[UNK]", "e", "E", "é", "É").Decode(Load("[PAD]", "[UNK]", "e", "E", "é", "É").Encode(text)));
        folder.Write("tokenizer_config.json", "{\"do_lower_case\": 3");
        Assert.Contains("tokenizer_config.json", Assert.Throws<InvalidDataException>(() => WordPieceTokenizer.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_Chinese_character_is_a_word_also_beyond_16_bits()
    {
        const string Text = "\u4E2D\u6587\U00020000x";
        string[] tokens = ["[PAD]", "[UNK]", "\u4E2D", "\u6587", "\u4E2D\u6587", "##\u6587", "\U00020000", "x", "##x"];
        Assert.Equal([2, 3, 6, 7], Load(tokens).Encode(Text));
        Assert.Equal([4, 1], Load(new WordPieceOptions { SplitChineseCharacters = false }, tokens).Encode("\u4E2D\u6587 \U00020000y"));
    }

    [Fact]
    public void A_surrogate_without_its_partner_is_removed_like_a_control_character() =>
        Assert.Equal([2, 3], Load("[PAD]", "[UNK]", "a", "b").Encode("\uD83Da \uDE00b\uD83D"));

    [Fact]
    public void A_file_that_is_no_vocabulary_is_an_error()
    {
        Assert.Contains("has no token '[PAD]' among its 2 lines", Assert.Throws<InvalidDataException>(() => Load("a", "b")).Message, StringComparison.Ordinal);
        Assert.Contains("Line 3 of", Assert.Throws<InvalidDataException>(() => Load("a", "b", "a")).Message, StringComparison.Ordinal);
        Assert.Contains("has no token '[CLS]'", Assert.Throws<InvalidDataException>(() => Load(new WordPieceOptions { AddSpecialTokens = true }, "[PAD]", "[UNK]")).Message, StringComparison.Ordinal);
        Assert.Contains("expected a file vocab.txt", Assert.Throws<FileNotFoundException>(() => WordPieceTokenizer.Load(Path.Combine(folder.Path, "none"))).Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(folder.Path, "vocab.txt"));
        Assert.Contains("has no vocab.txt", Assert.Throws<FileNotFoundException>(() => WordPieceTokenizer.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    private WordPieceTokenizer Load(params string[] tokens) => Load(null, tokens);

    private WordPieceTokenizer Load(WordPieceOptions? options, params string[] tokens)
    {
        folder.Write("vocab.txt", string.Join('\n', tokens) + "\n");
        return WordPieceTokenizer.Load(folder.Path, options);
    }
}
