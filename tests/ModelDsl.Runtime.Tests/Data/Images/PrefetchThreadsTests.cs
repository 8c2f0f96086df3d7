namespace ModelDsl.Runtime.Tests.Data.Images;

public sealed class PrefetchThreadsTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Batches_of_several_threads_come_in_order_whoever_is_slower(int threads)
    {
        ManyThreads? data = null;
        data = new ManyThreads(DatasetTests.Numbered(120), threads, index =>
        {
            // The first batch is the last one to be ready of those that are under way.
            if (index == 0)
                SpinWait.SpinUntil(() => data!.Fillers.Count > 1, TimeSpan.FromSeconds(10));
            Thread.Sleep(index % 13 == 0 ? 3 : 0);
        });
        var batches = data.Batches(2, prefetch: true);
        for (var pass = 0; pass < 2; pass++)
            Assert.Equal(Enumerable.Range(0, 120), batches.SelectMany(batch => batch.Ints(1).ToArray()));
        Assert.InRange(data.Fillers.Count, 2, 2 * threads);
    }

    [Fact]
    public void A_batch_stays_unchanged_until_the_next_is_asked_for()
    {
        foreach (var batch in new ManyThreads(DatasetTests.Numbered(60), threads: 4).Batches(2, prefetch: true))
        {
            var before = batch.Ints(1).ToArray();
            Thread.Sleep(1);
            Assert.Equal(before, batch.Ints(1).ToArray());
        }
    }

    [Fact]
    public void The_first_error_arrives_after_the_batches_before_it_even_when_a_later_one_happens_first()
    {
        var data = new ManyThreads(DatasetTests.Numbered(40), threads: 4, index =>
        {
            if (index == 16)
                throw new FormatException("sample 16");
            if (index != 12)
                return;
            Thread.Sleep(30);
            throw new FormatException("sample 12");
        });
        var seen = 0;
        var exception = Assert.Throws<FormatException>(() =>
        {
            foreach (var batch in data.Batches(4, prefetch: true))
                seen += batch.Count;
        });

        Assert.Equal("sample 12", exception.Message);
        Assert.Equal(12, seen);
    }

    [Fact]
    public async Task An_error_arrives_although_the_other_threads_wait_for_room_behind_it()
    {
        var filled = 0;
        var data = new ManyThreads(DatasetTests.Numbered(1000), threads: 3, index =>
        {
            if (index > 0)
            {
                Interlocked.Increment(ref filled);
                return;
            }

            // Until the others have filled all they may and sleep.
            for (var before = -1; before != Volatile.Read(ref filled) || before == 0; Thread.Sleep(50))
                before = Volatile.Read(ref filled);
            throw new FormatException("sample 0");
        });
        var reading = Task.Run(() => data.Batches(4, prefetch: true).Count());
        var exception = await Assert.ThrowsAsync<FormatException>(() => reading.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal("sample 0", exception.Message);
    }

    [Fact]
    public void Leaving_early_ends_all_threads()
    {
        var running = 0;
        var data = new ManyThreads(DatasetTests.Numbered(1000), threads: 4, _ =>
        {
            Interlocked.Increment(ref running);
            Thread.Sleep(1);
            Interlocked.Decrement(ref running);
        });
        for (var i = 0; i < 5; i++)
        {
            foreach (var _ in data.Batches(2, prefetch: true))
                break;
            Assert.Equal(0, Volatile.Read(ref running));
        }
    }

    [Fact]
    public void Cancelling_wakes_a_consumer_that_waits()
    {
        using var cancellation = new CancellationTokenSource();

        // There are no batches after the second until cancellation.
        var data = new ManyThreads(DatasetTests.Numbered(40), threads: 3, index => _ = index < 8 || cancellation.Token.WaitHandle.WaitOne(TimeSpan.FromMinutes(1)));
        var seen = 0;
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (var batch in data.Batches(4, prefetch: true, cancellation: cancellation.Token))
            {
                seen += batch.Count;
                if (seen == 8)
                    cancellation.CancelAfter(20);
            }
        });
        Assert.Equal(8, seen);
    }
}
