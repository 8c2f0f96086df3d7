using System.Runtime.CompilerServices;

namespace ModelDsl.Runtime.Tests.Data;

public sealed class StreamingDatasetTests
{
    private static readonly SampleLayout<int> Layout = new SampleLayout<int>().Input(2, (sample, row) => row.Fill(sample)).Label(sample => sample);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_stream_is_read_in_its_order_into_full_batches_and_a_rest(bool prefetch)
    {
        var batches = StreamingDataset.From(Count(10), Layout).Batches(4, prefetch: prefetch);
        var sizes = new List<int>();
        var labels = new List<int>();
        foreach (var batch in batches)
        {
            sizes.Add(batch.Count);
            labels.AddRange(batch.Ints(1));
            Assert.Equal(batch.Ints(1).ToArray().SelectMany(label => new float[] { label, label }), batch.Floats(0).ToArray());
        }

        Assert.Equal([4, 4, 2], sizes);
        Assert.Equal(Enumerable.Range(0, 10), labels);
        Assert.Null(batches.Count);
    }

    [Fact]
    public void Each_pass_reads_the_stream_from_its_beginning()
    {
        var batches = StreamingDataset.From(Count(10), Layout).Batches(4, dropLast: true);

        Assert.Equal(Enumerable.Range(0, 8), Labels(batches));
        Assert.Equal(Enumerable.Range(0, 8), Labels(batches));
    }

    [Fact]
    public void Shuffling_draws_from_the_samples_read_ahead()
    {
        var batches = StreamingDataset.From(Count(200), Layout, shuffleBuffer: 16).Batches(10, shuffle: true, seed: 1);
        var first = Labels(batches);

        Assert.Equal(Enumerable.Range(0, 200), first.Order());
        Assert.NotEqual(first, first.Order());
        Assert.All(first.Select((label, place) => label - place), ahead => Assert.True(ahead < 16));
        Assert.NotEqual(first, Labels(batches));
        Assert.Equal(first, Labels(StreamingDataset.From(Count(200), Layout, shuffleBuffer: 16).Batches(10, shuffle: true, seed: 1)));
    }

    [Fact]
    public void Leaving_early_cancels_and_closes_the_stream()
    {
        var closed = false;
        var source = StreamingDataset.From(Endless, Layout);
        foreach (var batch in source.Batches(2))
            break;

        Assert.True(closed);

        async IAsyncEnumerable<int> Endless([EnumeratorCancellation] CancellationToken cancellation)
        {
            try
            {
                for (var i = 0; i < 2; i++)
                    yield return i;
                await Task.Delay(Timeout.Infinite, cancellation);
            }
            finally
            {
                closed = true;
            }
        }
    }

    [Fact]
    public void An_error_of_the_stream_surfaces_in_the_loop()
    {
        var exception = Assert.Throws<FormatException>(() => Labels(StreamingDataset.From(Broken(), Layout).Batches(2)));

        Assert.Equal("row 3", exception.Message);

        static async IAsyncEnumerable<int> Broken()
        {
            for (var i = 0; i < 3; i++)
                yield return i;
            await Task.Yield();
            throw new FormatException("row 3");
        }
    }

    [Fact]
    public void A_layout_without_columns_is_rejected() =>
        Assert.Throws<InvalidOperationException>(() => StreamingDataset.From(Count(1), new SampleLayout<int>()));

    private static async IAsyncEnumerable<int> Count(int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (i % 7 == 0)
                await Task.Yield();
            yield return i;
        }
    }

    private static List<int> Labels(BatchSequence batches)
    {
        var labels = new List<int>();
        foreach (var batch in batches)
            labels.AddRange(batch.Ints(1));
        return labels;
    }
}
