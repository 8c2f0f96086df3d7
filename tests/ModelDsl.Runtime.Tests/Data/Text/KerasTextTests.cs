namespace ModelDsl.Runtime.Tests.Data.Text;

/// <summary>The values of the examples in Keras' documentation, written down by hand.</summary>
public class KerasTextTests
{
    /// <summary>keras.layers.TextVectorization: adapt(["foo", "bar", "baz"]), output_sequence_length 4.</summary>
    [Fact]
    public void TextVectorization_with_adapt()
    {
        var input = new TextInput(WordTokenizer.FromTexts(["foo", "bar", "baz"], new VocabularyOptions { MaximumSize = 5000 }), length: 4);

        Assert.Equal([2, 1, 4, 0], input.Encode("foo qux bar"));
        Assert.Equal([1, 3, 0, 0], input.Encode("qux baz"));
    }

    /// <summary>keras.layers.TextVectorization(vocabulary=["earth", "wind", "and", "fire"]).</summary>
    [Fact]
    public void TextVectorization_with_a_vocabulary()
    {
        var tokenizer = WordTokenizer.FromWords(["earth", "wind", "and", "fire"]);

        Assert.Equal(6, tokenizer.VocabularySize);
        Assert.Equal([2, 3, 4, 5], tokenizer.Encode("earth wind and fire"));
        Assert.Equal([5, 4, 2, 1], tokenizer.Encode("fire and earth michigan"));
    }

    /// <summary>standardize="lower_and_strip_punctuation" removes punctuation and divides nothing at it.</summary>
    [Theory]
    [InlineData("Don't STOP, well-known e.g. (this)!", "dont stop wellknown eg this")]
    [InlineData("a_b ~ [c] {d} \"e\" `f` 1/2 3.5%", "ab  c d e f 12 35")]
    public void Lower_and_strip_punctuation(string text, string cleaned) => Assert.Equal(cleaned, TextCleaning.Default.Apply(text));

    /// <summary>Of keras.preprocessing.text.Tokenizer: filters become the split character, the apostrophe stays.</summary>
    [Fact]
    public void Tokenizer_divides_at_punctuation()
    {
        var tokenizer = WordTokenizer.FromTexts(["Don't stop, well-known man!"], new VocabularyOptions { Cleaning = TextCleaning.PunctuationSeparates });

        Assert.Equal(["don't", "known", "man", "stop", "well"], tokenizer.Words.Order(StringComparer.Ordinal));
    }

    /// <summary>keras.utils.pad_sequences([[1], [2, 3], [4, 5, 6]], …).</summary>
    [Theory]
    [InlineData(3, SequenceSide.Pre, SequenceSide.Pre, 0, new[] { 0, 0, 1, 0, 2, 3, 4, 5, 6 })]
    [InlineData(3, SequenceSide.Pre, SequenceSide.Pre, -1, new[] { -1, -1, 1, -1, 2, 3, 4, 5, 6 })]
    [InlineData(3, SequenceSide.Post, SequenceSide.Pre, 0, new[] { 1, 0, 0, 2, 3, 0, 4, 5, 6 })]
    [InlineData(2, SequenceSide.Pre, SequenceSide.Pre, 0, new[] { 0, 1, 2, 3, 5, 6 })]
    [InlineData(2, SequenceSide.Pre, SequenceSide.Post, 0, new[] { 0, 1, 2, 3, 4, 5 })]
    public void Pad_sequences(int length, SequenceSide padding, SequenceSide truncation, int value, int[] expected) =>
        Assert.Equal(expected, TokenSequences.Pad([[1], [2, 3], [4, 5, 6]], length, padding, truncation, value));

    /// <summary>keras.utils.to_categorical([0, 1, 2, 3], num_classes=4).</summary>
    [Fact]
    public void To_categorical() => Assert.Equal([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], OneHot.FromLabels([0, 1, 2, 3], 4));
}
