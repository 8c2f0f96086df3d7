namespace ModelDsl.Runtime.Tests.Data;

public sealed class TextTests
{
    [Fact]
    public void Characters_get_ids_in_the_order_of_their_code_points()
    {
        var tokenizer = CharacterTokenizer.FromText("banana\n");

        Assert.Equal("\nabn", tokenizer.Vocabulary);
        Assert.Equal(4, tokenizer.VocabularySize);
        Assert.Equal([2, 1, 3, 1, 3, 1, 0], tokenizer.Encode("banana\n"));
        Assert.Equal("nab", tokenizer.Decode([3, 1, 2]));
    }

    [Fact]
    public void Characters_beyond_sixteen_bits_are_one_token()
    {
        var tokenizer = CharacterTokenizer.FromText("a😀漢😀");

        Assert.Equal(3, tokenizer.VocabularySize);
        Assert.Equal("😀漢a", tokenizer.Decode(tokenizer.Encode("😀漢a")));
    }

    [Fact]
    public void An_unknown_character_is_named_with_its_position()
    {
        var exception = Assert.Throws<ArgumentException>(() => CharacterTokenizer.FromText("abc").Encode("ab!"));

        Assert.Contains("'!' (U+0021) at position 2", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_of_fixed_size_keeps_the_most_frequent_characters()
    {
        var tokenizer = CharacterTokenizer.FromText("aaabbbccd", size: 4, unknown: '?');

        Assert.Equal("?abc", tokenizer.Vocabulary);
        Assert.Equal([1, 0, 3], tokenizer.Encode("adc"));
        Assert.Equal("?", tokenizer.Decode([0]));
    }

    [Fact]
    public void A_text_with_few_characters_leaves_spare_ids()
    {
        var tokenizer = CharacterTokenizer.FromText("ab", size: 10);

        Assert.Equal(10, tokenizer.VocabularySize);
        Assert.Equal([1, 2, 0], tokenizer.Encode("abz"));
    }

    [Fact]
    public void A_saved_vocabulary_gives_the_same_ids()
    {
        var tokenizer = CharacterTokenizer.FromText("hello world", size: 6, unknown: '?');
        var again = CharacterTokenizer.FromVocabulary(tokenizer.Vocabulary, unknown: '?');

        Assert.Equal(tokenizer.Encode("hello, world"), again.Encode("hello, world"));
        Assert.Throws<ArgumentException>(() => CharacterTokenizer.FromVocabulary("aba"));
        Assert.Throws<ArgumentException>(() => CharacterTokenizer.FromVocabulary("ab", unknown: '?'));
    }

    [Fact]
    public void Ids_outside_the_vocabulary_are_rejected()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => CharacterTokenizer.FromText("ab").Decode([2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => CharacterTokenizer.FromText("ab").Decode([-1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ByteTokenizer().Decode([256]));
    }

    [Fact]
    public void Bytes_are_those_of_utf8()
    {
        var tokenizer = new ByteTokenizer();

        Assert.Equal([0x61, 0xC3, 0xA9], tokenizer.Encode("aé"));
        Assert.Equal("aé", tokenizer.Decode([0x61, 0xC3, 0xA9]));
        Assert.Equal("\uFFFD", tokenizer.Decode([0xC3]));
    }

    [Fact]
    public void Windows_are_labelled_with_the_token_that_follows()
    {
        var data = Dataset.Windows(new[] { 10, 11, 12, 13, 14 }, context: 3);
        var batch = Assert.Single(data.Batches(9));

        Assert.Equal(2, data.Count);
        Assert.Equal([10, 11, 12, 11, 12, 13], batch.Ints(0).ToArray());
        Assert.Equal([13, 14], batch.Ints(1).ToArray());
    }

    [Theory]
    [InlineData(2, 1, 8)]
    [InlineData(2, 3, 3)]
    [InlineData(9, 1, 1)]
    [InlineData(9, 5, 1)]
    public void The_number_of_windows_is_all_that_fit(int context, int stride, int expected)
    {
        int[] ids = [.. Enumerable.Range(0, 10)];
        var data = Dataset.Windows(ids, context, stride);

        Assert.Equal(expected, data.Count);
        Assert.Equal(Enumerable.Range(0, expected).Select(i => (i * stride) + context), DatasetTests.Labels(data));
    }

    [Fact]
    public void Every_position_of_a_language_model_window_is_labelled_with_its_next_token()
    {
        var data = Dataset.NextTokens(new[] { 0, 1, 2, 3, 4, 5, 6, 7 }, context: 3);
        var batch = Assert.Single(data.Batches(9));

        Assert.Equal([0, 1, 2, 3, 4, 5], batch.Ints(0).ToArray());
        Assert.Equal([1, 2, 3, 4, 5, 6], batch.Ints(1).ToArray());
        Assert.Equal(5, Dataset.NextTokens(new int[8], context: 3, stride: 1).Count);
    }

    [Fact]
    public void A_sequence_too_short_for_a_window_is_rejected_with_the_numbers()
    {
        var exception = Assert.Throws<ArgumentException>(() => Dataset.Windows(new int[8], context: 8));

        Assert.Contains("need 9 tokens; the sequence has 8", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_corpus_is_the_chosen_files_in_the_order_of_their_paths()
    {
        using var folder = new TemporaryFolder();
        folder.Write("b.cs", "second\r\n");
        folder.Write("a/z.cs", "first");
        folder.Write("bin/x.cs", "never");
        folder.Write("c.txt", "never");
        var corpus = TextCorpus.FromFolder(folder.Path, "*.cs", path => !path.StartsWith("bin/", StringComparison.Ordinal));

        Assert.Equal("first\nsecond\n", corpus.Text);
        Assert.Equal(2, corpus.Files.Count);
    }
}
