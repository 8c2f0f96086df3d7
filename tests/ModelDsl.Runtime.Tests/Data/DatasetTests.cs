namespace ModelDsl.Runtime.Tests.Data;

public sealed class DatasetTests
{
    private static readonly float[] SixInputs = [0, 1, 10, 11, 20, 21];

    [Fact]
    public void Sample_length_follows_from_the_number_of_labels()
    {
        var data = Dataset.FromArrays(SixInputs, [7, 8, 9]);

        Assert.Equal(3, data.Count);
        Assert.Equal("'input' (float × 2), 'label' (int)", ColumnCheck.Describe(data.Columns));
    }

    [Fact]
    public void Inputs_that_cannot_be_divided_are_rejected_with_both_numbers()
    {
        var exception = Assert.Throws<ArgumentException>(() => Dataset.FromArrays(SixInputs, [7, 8, 9, 10]));

        Assert.Contains("6 input values cannot be divided among 4 samples", exception.Message, StringComparison.Ordinal);
        Assert.Equal("inputs", exception.ParamName);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(3, 0)]
    public void Inputs_without_samples_and_samples_without_inputs_are_rejected(int inputs, int labels) =>
        Assert.Throws<ArgumentException>(() => Dataset.FromArrays(new float[inputs], new int[labels]));

    [Fact]
    public void Columns_with_different_numbers_of_samples_are_rejected()
    {
        var exception = Assert.Throws<ArgumentException>(() =>
            Dataset.FromColumns(DataColumn.Floats("left", SixInputs, 2), DataColumn.Ints("right", new[] { 1, 2 })));

        Assert.Contains("'left' has 3 samples, but 'right' has 2", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Filling_a_batch_gathers_the_samples_asked_for_in_their_order()
    {
        var data = Dataset.FromArrays(SixInputs, [7, 8, 9]);
        var batch = new Batch(data.Columns, 4);

        data.Fill([2, 0, 2], batch);

        Assert.Equal(3, batch.Count);
        Assert.Equal([20f, 21, 0, 1, 20, 21], batch.Floats(0).ToArray());
        Assert.Equal([9, 7, 9], batch.Ints(1).ToArray());
    }

    [Fact]
    public void Filling_checks_indices_room_and_columns()
    {
        var data = Dataset.FromArrays(SixInputs, [7, 8, 9]);
        var batch = new Batch(data.Columns, 2);

        Assert.Throws<ArgumentOutOfRangeException>(() => data.Fill([3], batch));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Fill([-1], batch));
        Assert.Throws<ArgumentException>(() => data.Fill([0, 1, 2], batch));
        Assert.Throws<ArgumentException>(() => data.Fill([0], new Batch(Dataset.FromArrays(SixInputs, [1f, 2, 3]).Columns, 2)));
    }

    [Fact]
    public void Several_targets_or_labels_per_sample_keep_samples_together()
    {
        var data = Dataset.FromArrays([1, 2, 3, 4], [10f, 11, 20, 21], targetLength: 2);
        var batch = Only(data.Batches(2));

        Assert.Equal([1, 2, 3, 4], batch.Ints(0).ToArray());
        Assert.Equal([10f, 11, 20, 21], batch.Floats(1).ToArray());
        Assert.Equal(2, data.Count);
    }

    [Fact]
    public void Bytes_are_scaled_to_the_same_floats_in_the_vectors_and_in_the_tail()
    {
        var bytes = new byte[2 * 37];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(i * 89);
        var batch = Only(Dataset.FromArrays(bytes, [0, 1], 1f / 255).Batches(2));

        Assert.Equal(bytes.Select(value => value * (1f / 255)), batch.Floats(0).ToArray());
    }

    [Fact]
    public void Matrices_have_one_row_per_sample()
    {
        var batch = Only(Dataset.FromArrays(new float[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } }, new float[,] { { 1 }, { 2 }, { 3 } }).Batches(3));

        Assert.Equal([1f, 2, 3, 4, 5, 6], batch.Floats(0).ToArray());
        Assert.Equal([1f, 2, 3], batch.Floats(1).ToArray());
        Assert.Throws<ArgumentException>(() => Dataset.FromArrays(new float[2, 2], [1, 2, 3]));
    }

    [Fact]
    public void Spans_are_copied()
    {
        float[] inputs = [1, 2];
        var data = Dataset.FromSpans(inputs.AsSpan(), [0, 1]);
        inputs[0] = 99;

        Assert.Equal([1f, 2], Only(data.Batches(2)).Floats(0).ToArray());
    }

    [Fact]
    public void Objects_are_read_through_selectors()
    {
        var words = new[] { "ab", "cd" };
        var data = Dataset.FromSamples(words, word => word.Select(letter => (float)letter).ToArray(), word => word[0] - 'a');
        var batch = Only(data.Batches(2));

        Assert.Equal([97f, 98, 99, 100], batch.Floats(0).ToArray());
        Assert.Equal([0, 2], batch.Ints(1).ToArray());
    }

    [Fact]
    public void An_object_with_another_number_of_inputs_is_named()
    {
        var exception = Assert.Throws<ArgumentException>(() =>
            Dataset.FromSamples(new[] { "ab", "abc" }, word => new float[word.Length], word => 0f));

        Assert.Contains("Sample 1 has 3 inputs; the first one has 2", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layout_reads_several_inputs_and_targets_of_each_object()
    {
        var layout = new SampleLayout<int>()
            .Input(2, (sample, row) => row.Fill(sample))
            .Tokens(3, (sample, row) => row.Fill(-sample))
            .Label(sample => 10 * sample)
            .Target(sample => sample / 2f);
        var batch = Only(Dataset.FromSamples(Enumerable.Range(1, 2), layout).Batches(2, prefetch: false));

        Assert.Equal([1f, 1, 2, 2], batch.Floats(0).ToArray());
        Assert.Equal([-1, -1, -1, -2, -2, -2], batch.Ints(1).ToArray());
        Assert.Equal([10, 20], batch.Ints(2).ToArray());
        Assert.Equal([0.5f, 1], batch.Floats(3).ToArray());
    }

    [Fact]
    public void Slice_take_and_skip_address_the_right_samples()
    {
        var data = Numbered(10);

        Assert.Equal([3, 4, 5], Labels(data.Slice(3, 3)));
        Assert.Equal([0, 1], Labels(data.Take(2)));
        Assert.Equal([8, 9], Labels(data.Skip(8)));
        Assert.Equal([4, 5], Labels(data.Skip(2).Slice(2, 5).Take(2)));
        Assert.Equal(10, data.Take(99).Count);
        Assert.Equal(0, data.Skip(99).Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Slice(8, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Slice(-1, 3));
    }

    [Fact]
    public void Select_takes_the_samples_given()
    {
        Assert.Equal([9, 0, 9], Labels(Numbered(10).Select([9, 0, 9])));
        Assert.Throws<ArgumentOutOfRangeException>(() => Numbered(10).Select([10]));
    }

    [Fact]
    public void Split_divides_all_samples_without_overlap_and_the_same_way_for_a_seed()
    {
        var (train, test) = Numbered(100).Split(0.83, seed: 5);

        Assert.Equal(83, train.Count);
        Assert.Equal(Enumerable.Range(0, 100), Labels(train).Concat(Labels(test)).Order());
        Assert.NotEqual(Enumerable.Range(0, 83), Labels(train));
        Assert.Equal(Labels(train), Labels(Numbered(100).Split(0.83, seed: 5).First));
        Assert.NotEqual(Labels(train), Labels(Numbered(100).Split(0.83, seed: 6).First));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void Split_rejects_fractions_outside_zero_to_one(double fraction) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Numbered(10).Split(fraction));

    [Fact]
    public void Split_in_order_keeps_the_order()
    {
        var (first, second) = Numbered(5).SplitInOrder(0.6);

        Assert.Equal([0, 1, 2], Labels(first));
        Assert.Equal([3, 4], Labels(second));
    }

    internal static Dataset Numbered(int count) =>
        Dataset.FromArrays([.. Enumerable.Range(0, count).Select(i => i / 2f)], [.. Enumerable.Range(0, count)]);

    internal static List<int> Labels(Dataset data)
    {
        var labels = new List<int>();
        foreach (var batch in data.Batches(3))
            labels.AddRange(batch.Ints(1));
        return labels;
    }

    private static Batch Only(BatchSequence batches) => Assert.Single(batches);
}
