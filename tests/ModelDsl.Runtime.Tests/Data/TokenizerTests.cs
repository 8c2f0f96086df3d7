namespace ModelDsl.Runtime.Tests.Data;

public sealed class TokenizerTests
{
    public static TheoryData<ITokenizer> Tokenizers =>
        [CharacterTokenizer.FromText("banana"), CharacterTokenizer.FromText("banana", 64), CharacterTokenizer.FromCharacters("ban", 7), new ByteTokenizer()];

    [Theory]
    [MemberData(nameof(Tokenizers))]
    public void Padding_has_an_id_that_no_text_has(ITokenizer tokenizer)
    {
        var ids = tokenizer.Encode("banana, \0é\uFFFD😀 and more");

        Assert.InRange(tokenizer.PaddingId, 0, tokenizer.VocabularySize - 1);
        Assert.DoesNotContain(tokenizer.PaddingId, ids);
        Assert.NotEqual(tokenizer.PaddingId, tokenizer.UnknownId);
        Assert.All(ids, id => Assert.InRange(id, 0, tokenizer.VocabularySize - 1));
    }

    [Theory]
    [MemberData(nameof(Tokenizers))]
    public void Padding_fills_up_samples_and_is_no_text(ITokenizer tokenizer)
    {
        var ids = tokenizer.EncodeToLength("nab", 5);

        Assert.Equal([.. tokenizer.Encode("nab"), tokenizer.PaddingId, tokenizer.PaddingId], ids);
        Assert.Equal("nab", tokenizer.Decode(ids));
        Assert.Equal(tokenizer.Encode("ba"), tokenizer.EncodeToLength("banana", 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.EncodeToLength("a", 0));
    }

    [Fact]
    public void Characters_get_ids_behind_padding_and_unknown_in_the_order_of_their_code_points()
    {
        var tokenizer = CharacterTokenizer.FromText("banana\n");

        Assert.Equal("\nabn", tokenizer.Characters);
        Assert.Equal(6, tokenizer.VocabularySize);
        Assert.Equal((0, 1), (tokenizer.PaddingId, tokenizer.UnknownId));
        Assert.Equal([4, 3, 5, 3, 5, 3, 2], tokenizer.Encode("banana\n"));
        Assert.Equal("nab", tokenizer.Decode([5, 3, 4]));
    }

    [Fact]
    public void Characters_beyond_sixteen_bits_are_one_token()
    {
        var tokenizer = CharacterTokenizer.FromText("a😀漢😀");

        Assert.Equal("a漢😀", tokenizer.Characters);
        Assert.Equal("😀漢a", tokenizer.Decode(tokenizer.Encode("😀漢a")));
    }

    [Fact]
    public void An_unknown_character_stays_unknown_when_it_comes_back()
    {
        var tokenizer = CharacterTokenizer.FromText("abc");

        Assert.Equal([2, 3, CharacterTokenizer.Unknown], tokenizer.Encode("ab!"));
        Assert.Equal("ab\uFFFD", tokenizer.Decode([2, 3, CharacterTokenizer.Unknown]));
        Assert.Equal([CharacterTokenizer.Unknown], tokenizer.Encode("\uFFFD"));
    }

    [Fact]
    public void A_vocabulary_of_fixed_size_keeps_the_most_frequent_characters()
    {
        var tokenizer = CharacterTokenizer.FromText("aaabbbccd", size: 5);

        Assert.Equal("abc", tokenizer.Characters);
        Assert.Equal([2, 1, 4], tokenizer.Encode("adc"));
    }

    [Fact]
    public void A_text_with_few_characters_leaves_spare_ids()
    {
        var tokenizer = CharacterTokenizer.FromText("ab", size: 10);

        Assert.Equal(10, tokenizer.VocabularySize);
        Assert.Equal([2, 3, 1], tokenizer.Encode("abz"));
        Assert.Equal("\uFFFD", tokenizer.Decode([9]));
    }

    [Fact]
    public void A_saved_vocabulary_gives_the_same_ids()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "characters.json");
        var tokenizer = CharacterTokenizer.FromText("hello \"wörld\"\n😀", size: 64);
        tokenizer.Save(path);
        tokenizer.Save(path);
        var again = CharacterTokenizer.Load(path);

        Assert.Equal([path], Directory.GetFiles(folder.Path));
        Assert.Equal(tokenizer.Characters, again.Characters);
        Assert.Equal(tokenizer.VocabularySize, again.VocabularySize);
        Assert.Equal(tokenizer.Encode("hello, wörld"), again.Encode("hello, wörld"));
    }

    [Theory]
    [InlineData("\uFFFDabc", "earlier versions")]
    [InlineData("hello world", "earlier versions")]
    [InlineData("", "earlier versions")]
    [InlineData("[1]", "not of CharacterTokenizer.Save")]
    [InlineData("{\"format\":\"other\"}", "not of CharacterTokenizer.Save")]
    [InlineData("{\"format\":\"modeldsl.characters\",\"version\":4}", "version 4")]
    [InlineData("{\"format\":\"modeldsl.characters\",\"version\":3,\"size\":9,\"characters\":\"ab\"}", "damaged")]
    [InlineData("{\"format\":\"modeldsl.characters\",\"version\":2}", "damaged")]
    [InlineData("{\"format\":\"modeldsl.characters\",\"version\":2,\"size\":9,\"characters\":7}", "damaged")]
    [InlineData("{\"format\":\"modeldsl.characters\",\"version\":2,\"size\":9,\"characters\":\"aa\"}", "twice")]
    [InlineData("{\"format\":\"modeldsl.characters\",\"version\":2,\"size\":3,\"characters\":\"ab\"}", "size")]
    public void A_file_of_another_kind_or_version_is_refused_and_says_why(string content, string reason)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "old.vocabulary.txt");
        File.WriteAllText(path, content);

        var message = Assert.Throws<InvalidDataException>(() => CharacterTokenizer.Load(path)).Message;

        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Characters_that_cannot_be_a_vocabulary_are_refused()
    {
        Assert.Throws<ArgumentException>(() => CharacterTokenizer.FromCharacters("aba"));
        Assert.Throws<ArgumentException>(() => CharacterTokenizer.FromCharacters("a\uFFFD"));
        Assert.Throws<ArgumentException>(() => CharacterTokenizer.FromCharacters(""));
        Assert.Throws<ArgumentException>(() => CharacterTokenizer.FromText(""));
        Assert.Throws<ArgumentOutOfRangeException>(() => CharacterTokenizer.FromCharacters("abc", size: 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => CharacterTokenizer.FromText("abc", size: 2));
    }

    [Fact]
    public void Ids_outside_the_vocabulary_are_rejected()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => CharacterTokenizer.FromText("ab").Decode([4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => CharacterTokenizer.FromText("ab").Decode([-1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ByteTokenizer().Decode([257]));
    }

    [Fact]
    public void Bytes_are_those_of_utf8()
    {
        var tokenizer = new ByteTokenizer();

        Assert.Equal([0x61, 0xC3, 0xA9], tokenizer.Encode("aé"));
        Assert.Equal("aé", tokenizer.Decode([0x61, 0xC3, 0xA9]));
        Assert.Equal("\uFFFD", tokenizer.Decode([0xC3]));
        Assert.Equal((257, 256, (int?)null), (tokenizer.VocabularySize, tokenizer.PaddingId, tokenizer.UnknownId));
    }
}
