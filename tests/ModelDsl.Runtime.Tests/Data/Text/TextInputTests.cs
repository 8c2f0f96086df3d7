namespace ModelDsl.Runtime.Tests.Data.Text;

/// <summary>Texts as samples.</summary>
public class TextInputTests
{
    private static readonly WordTokenizer Words = WordTokenizer.FromWords(["a", "b", "c", "d"]);

    [Theory]
    [InlineData(SequenceSide.Post, SequenceSide.Post, "a b c d", "2 3 4")]
    [InlineData(SequenceSide.Post, SequenceSide.Pre, "a b c d", "3 4 5")]
    [InlineData(SequenceSide.Post, SequenceSide.Pre, "d", "5 0 0")]
    [InlineData(SequenceSide.Pre, SequenceSide.Post, "d", "0 0 5")]
    public void A_text_is_filled_up_and_cut_off_where_it_should_be(SequenceSide padding, SequenceSide truncation, string text, string ids) =>
        Assert.Equal(ids, string.Join(" ", new TextInput(Words, 3) { Padding = padding, Truncation = truncation }.Encode(text)));

    [Fact]
    public void Padding_is_the_tokenizers() => Assert.Equal([65, 256], new TextInput(new ByteTokenizer(), 2).Encode("A"));

    [Fact]
    public void Texts_become_samples_with_labels_or_targets()
    {
        var input = new TextInput(Words, 2);
        var labelled = Assert.Single(Dataset.FromTexts(["a b c", "d"], [1, 0], input).Batches(8));
        var scored = Assert.Single(Dataset.FromTexts(["a b c", "d"], [0.5f, 1, 1.5f, 2], input, targetLength: 2).Batches(8));

        Assert.Equal([2, 3, 5, 0], labelled.Ints(0).ToArray());
        Assert.Equal([1, 0], labelled.Ints(1).ToArray());
        Assert.Equal([0.5f, 1, 1.5f, 2], scored.Floats(1).ToArray());
    }

    [Theory]
    [InlineData("", "Text 1, '', is empty: leave it out, or make a sample of padding of it with AllowEmpty = true.")]
    [InlineData("?!", "Text 1, '?!', has no token: leave it out")]
    public void An_empty_text_is_an_error_unless_it_is_allowed(string text, string message)
    {
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => Dataset.FromTexts(["a", text], [0, 1], new TextInput(Words, 2))).Message, StringComparison.Ordinal);
        Assert.StartsWith($"The text '{text}' ", Assert.Throws<ArgumentException>(() => new TextInput(Words, 2).Encode(text)).Message, StringComparison.Ordinal);
        Assert.Equal([0, 0], new TextInput(Words, 2) { AllowEmpty = true }.Encode(text));
    }

    [Fact]
    public void A_word_outside_of_the_vocabulary_is_unknown_or_an_error()
    {
        Assert.Equal([2, 1, 0], new TextInput(Words, 3).Encode("a x"));
        Assert.StartsWith(
            "Text 0, 'a x', has a token that is not in the vocabulary, number 1: add it to the vocabulary",
            Assert.Throws<ArgumentException>(() => Dataset.FromTexts(["a x"], [0], new TextInput(Words, 3) { AllowUnknown = false })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_tokenizer_that_leaves_its_vocabulary_is_named() => Assert.Equal(
        "Wrong gives token 1 of the text 'ab' the id 5, but its ids run from 0 to 4.",
        Assert.Throws<InvalidOperationException>(() => new TextInput(new Wrong(), 3).Encode("ab")).Message);

    [Fact]
    public void Numbers_that_do_not_fit_are_errors()
    {
        var input = new TextInput(Words, 2);

        Assert.Contains("There are 2 texts, but labels for 1", Assert.Throws<ArgumentException>(() => Dataset.FromTexts(["a", "b"], [0], input)).Message, StringComparison.Ordinal);
        Assert.Contains("There are 1 texts, but targets for 2", Assert.Throws<ArgumentException>(() => Dataset.FromTexts(["a"], [0f, 1], input)).Message, StringComparison.Ordinal);
        Assert.Contains("Text 1 is null", Assert.Throws<ArgumentException>(() => Dataset.FromTexts(["a", null!], [0, 1], input)).Message, StringComparison.Ordinal);
        Assert.Contains("Sequence 1 is null", Assert.Throws<ArgumentException>(() => TokenSequences.Pad([[1], null!], 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextInput(Words, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => TokenSequences.Pad([[1]], 0));
        Assert.Contains("Label 1 is 3; with 3 classes labels run from 0 to 2", Assert.Throws<ArgumentException>(() => OneHot.FromLabels([0, 3], 3)).Message, StringComparison.Ordinal);
        Assert.Contains("Label 0 is -1", Assert.Throws<ArgumentException>(() => OneHot.FromLabels([-1], 3)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => OneHot.FromLabels([0], 0));
    }

    private sealed class Wrong : ITokenizer
    {
        public int VocabularySize => 5;

        public int PaddingId => 0;

        public int? UnknownId => null;

        public int[] Encode(ReadOnlySpan<char> text) => [4, 5];

        public string Decode(ReadOnlySpan<int> ids) => "";
    }

    [Fact]
    public void Texts_of_a_tokenizer_with_more_ids_than_the_model_are_an_error_before_the_first_step()
    {
        using var model = new Training.TokenNet(seed: 1);
        var data = Dataset.FromTexts(["a"], [1f], new TextInput(new ByteTokenizer(), 2));
        var message = Assert.Throws<ArgumentException>(() => new Trainer(new Adam(1e-3)) { View = TrainingView.None }.Fit(model, data)).Message;
        Assert.StartsWith(
            "'input' of TokenNet has 256 ids, but the training data was made with a tokenizer that has 257. Make the data with the tokenizer of the model, or give the model 257 ids", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_in_memory_beyond_the_vocabulary_of_the_model_are_an_error_that_says_what_to_do()
    {
        using var model = new Sessions.WriterModel(seed: 1);
        var data = Dataset.NextTokens(new ByteTokenizer().Encode("a longer text than a window"), Sessions.WriterModel.Context);
        var message = Assert.Throws<ArgumentException>(() => new Trainer(new Adam(1e-3)) { View = TrainingView.None }.Fit(model, data)).Message;
        Assert.Contains("takes values from 0 to 6; sample ", message, StringComparison.Ordinal);
        Assert.Contains("Make the ids with the tokenizer of the model, or give the model as many ids as its tokenizer has.", message, StringComparison.Ordinal);
    }
}
