using System.Runtime.CompilerServices;
using ModelDsl.Compiled;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Runtime.Tests.Data;

public sealed class BatchSequenceTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_last_batch_has_the_samples_that_are_left(bool prefetch)
    {
        var batches = DatasetTests.Numbered(10).Batches(4, prefetch: prefetch);

        Assert.Equal([4, 4, 2], Sizes(batches));
        Assert.Equal(3, batches.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_incomplete_batch_can_be_dropped(bool prefetch)
    {
        var batches = DatasetTests.Numbered(10).Batches(4, dropLast: true, prefetch: prefetch);

        Assert.Equal([4, 4], Sizes(batches));
        Assert.Equal(2, batches.Count);
        Assert.Empty(DatasetTests.Numbered(3).Batches(4, dropLast: true, prefetch: prefetch));
    }

    [Fact]
    public void Without_shuffling_samples_come_in_order() =>
        Assert.Equal(Enumerable.Range(0, 10), Pass(DatasetTests.Numbered(10).Batches(3)));

    [Fact]
    public void A_shuffled_pass_visits_every_sample_once_in_another_order_than_the_pass_before()
    {
        var batches = DatasetTests.Numbered(100).Batches(7, shuffle: true, seed: 3);
        var (first, second) = (Pass(batches), Pass(batches));

        Assert.Equal(Enumerable.Range(0, 100), first.Order());
        Assert.Equal(Enumerable.Range(0, 100), second.Order());
        Assert.NotEqual(first, second);
        Assert.NotEqual(first, first.Order());
    }

    [Fact]
    public void A_seed_gives_the_same_passes_again_and_another_seed_others()
    {
        var data = DatasetTests.Numbered(100);
        var batches = data.Batches(7, shuffle: true, seed: 3);
        var again = data.Batches(7, shuffle: true, seed: 3);

        Assert.Equal(Pass(batches), Pass(again));
        Assert.Equal(Pass(batches), Pass(again));
        Assert.NotEqual(Pass(data.Batches(7, shuffle: true, seed: 3)), Pass(data.Batches(7, shuffle: true, seed: 4)));
    }

    [Fact]
    public void Without_a_seed_each_call_continues_one_series_of_orders()
    {
        var (data, same) = (DatasetTests.Numbered(100), DatasetTests.Numbered(100));
        var first = Pass(data.Batches(7, shuffle: true));
        var second = Pass(data.Batches(7, shuffle: true));

        Assert.NotEqual(first, second);
        Assert.Equal(first, Pass(same.Batches(7, shuffle: true)));
        Assert.Equal(second, Pass(same.Batches(7, shuffle: true)));
    }

    [Fact]
    public void The_shuffled_order_is_fixed_for_all_time()
    {
        // Results are repeatable across versions only as long as these numbers stay.
        var order = new int[8];
        Shuffling.Fill(order, seed: 1, pass: 0);

        Assert.Equal(ExpectedOrder, order);
    }

    [Fact]
    public void Orders_are_evenly_distributed()
    {
        var (counts, order) = (new int[24], new int[4]);
        for (ulong pass = 0; pass < 24_000; pass++)
        {
            Shuffling.Fill(order, seed: 9, pass);
            counts[(order[0] * 6) + (order[1] > order[0] ? order[1] - 1 : order[1]) * 2 + (order[2] > order[3] ? 1 : 0)]++;
        }

        // Each of the 24 orders 1,000 times, with a standard deviation of 31.
        Assert.All(counts, count => Assert.InRange(count, 850, 1150));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(7, false)]
    [InlineData(7, true)]
    [InlineData(64, true)]
    public void Prefetched_batches_equal_those_made_on_the_spot(int batchSize, bool dropLast)
    {
        var data = DatasetTests.Numbered(200);
        var direct = data.Batches(batchSize, shuffle: true, seed: 11, dropLast, prefetch: false);
        var prefetched = data.Batches(batchSize, shuffle: true, seed: 11, dropLast, prefetch: true);
        for (var pass = 0; pass < 3; pass++)
            Assert.Equal(Content(direct), Content(prefetched));
    }

    [Fact]
    public void Prefetched_batches_come_in_order_whoever_is_slower()
    {
        var data = new SlowDataset(60, index => { if (index % 13 == 0) Thread.Sleep(2); });
        var seen = new List<int>();
        foreach (var batch in data.Batches(2, prefetch: true))
        {
            seen.AddRange(batch.Ints(0));
            if (seen.Count % 14 == 0)
                Thread.Sleep(3);
        }

        Assert.Equal(Enumerable.Range(0, 60), seen);
    }

    [Fact]
    public void A_prefetched_batch_stays_unchanged_until_the_next_is_asked_for()
    {
        foreach (var batch in new SlowDataset(40, _ => { }).Batches(2, prefetch: true))
        {
            var before = batch.Ints(0).ToArray();
            Thread.Sleep(1);
            Assert.Equal(before, batch.Ints(0).ToArray());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_error_of_the_data_surfaces_after_the_batches_before_it(bool prefetch)
    {
        var data = new SlowDataset(20, index => { if (index == 13) throw new FormatException("sample 13"); });
        var seen = 0;
        var exception = Assert.Throws<FormatException>(() =>
        {
            foreach (var batch in data.Batches(4, prefetch: prefetch))
                seen += batch.Count;
        });

        Assert.Equal("sample 13", exception.Message);
        Assert.Equal(12, seen);
    }

    [Fact]
    public void Leaving_the_loop_early_ends_the_background_thread()
    {
        var data = new SlowDataset(1000, _ => { });
        foreach (var batch in data.Batches(2, prefetch: true))
            break;

        Assert.NotNull(data.FillThread);
        Assert.NotSame(Thread.CurrentThread, data.FillThread);
        Assert.False(data.FillThread.IsAlive);
    }

    [Fact]
    public void Coming_to_the_end_ends_the_background_thread()
    {
        var data = new SlowDataset(10, _ => { });
        _ = Sizes(data.Batches(3, prefetch: true));

        Assert.False(data.FillThread!.IsAlive);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Cancelling_ends_the_enumeration(bool prefetch)
    {
        using var cancellation = new CancellationTokenSource();
        var data = new SlowDataset(1000, _ => { });
        var seen = 0;
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (var batch in data.Batches(2, prefetch: prefetch, cancellation: cancellation.Token))
            {
                if (++seen == 3)
                    cancellation.Cancel();
            }
        });

        Assert.Equal(3, seen);
        Assert.True(!prefetch || !data.FillThread!.IsAlive);
    }

    [Fact]
    public void Passes_that_overlap_have_their_own_batches()
    {
        var batches = DatasetTests.Numbered(4).Batches(2);
        foreach (var outer in batches)
        {
            var before = outer.Ints(1).ToArray();
            _ = Pass(batches);
            Assert.Equal(before, outer.Ints(1).ToArray());
        }
    }

    [Fact]
    public void Memory_is_used_again_by_the_next_pass()
    {
        var batches = DatasetTests.Numbered(8).Batches(4);

        Assert.Same(batches.First(), batches.First());
    }

    [Fact]
    public void Empty_data_has_no_batches() => Assert.Empty(DatasetTests.Numbered(0).Batches(4));

    [Fact]
    public void A_batch_size_below_one_is_rejected() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DatasetTests.Numbered(4).Batches(0));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_batch_costs_no_allocation_on_either_thread(bool prefetch)
    {
        var data = new SlowDataset(4000, _ => { });
        var batches = data.Slice(0, 4000).Batches(4, shuffle: true, seed: 1, prefetch: prefetch);
        _ = batches.Count();
        using var pass = batches.GetEnumerator();
        // The pool that indices are rented from sets itself up once per thread.
        for (var i = 0; i < 50; i++)
            pass.MoveNext();
        var consumed = 0L;
        List<(long Here, long Filling)> parts = [];
        for (var part = 0; part < 5; part++)
        {
            data.FillAllocated = 0;
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 190 && pass.MoveNext(); i++)
                consumed += pass.Current.Count;
            parts.Add((GC.GetAllocatedBytesForCurrentThread() - before, data.FillAllocated));
        }

        Assert.Equal(3800, consumed);
        // The runtime allocates on any thread, when its table of type casts grows for example, but not in every part.
        Assert.Contains((0, 0), parts);
    }

    private static readonly int[] ExpectedOrder = [7, 1, 6, 3, 0, 4, 2, 5];

    private static List<int> Sizes(BatchSequence batches)
    {
        var sizes = new List<int>();
        foreach (var batch in batches)
            sizes.Add(batch.Count);
        return sizes;
    }

    private static List<int> Pass(BatchSequence batches)
    {
        var labels = new List<int>();
        foreach (var batch in batches)
            labels.AddRange(batch.Ints(1));
        return labels;
    }

    private static List<float[]> Content(BatchSequence batches)
    {
        var content = new List<float[]>();
        foreach (var batch in batches)
            content.Add([.. batch.Floats(0), .. batch.Ints(1).ToArray()]);
        return content;
    }

    /// <summary>Data of its own kind, as a user derives it, that records who fills and what that thread allocates between two fills.</summary>
    private sealed class SlowDataset(int count, Action<int> before) : Dataset
    {
        private long allocated = -1;

        public Thread? FillThread { get; private set; }

        public long FillAllocated { get; set; }

        public override int Count => count;

        public override IReadOnlyList<ColumnDescription> Columns { get; } = [new("index", ColumnType.Int, [])];

        [MethodImpl(MethodImplOptions.NoInlining)]
        protected override void FillRows(ReadOnlySpan<int> indices, Batch batch)
        {
            if (allocated >= 0 && FillThread == Thread.CurrentThread)
                FillAllocated += GC.GetAllocatedBytesForCurrentThread() - allocated;
            FillThread = Thread.CurrentThread;
            foreach (var index in indices)
                before(index);
            indices.CopyTo(batch.Ints(0));
            allocated = GC.GetAllocatedBytesForCurrentThread();
        }
    }
}
