namespace ModelDsl.Runtime.Tests.Data;

public sealed class TextTests
{
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
