namespace ModelDsl;

/// <summary>Fills batches from a stream; when shuffling, samples are drawn from a buffer.</summary>
internal sealed class StreamProducer<T>(
    Func<CancellationToken, IAsyncEnumerable<T>> open, SampleLayout<T> layout, BatchOptions options, int shuffleBuffer) : BatchProducer
{
    private readonly List<T> buffer = [];

    // The samples of the batch whose micro-batches are filled.
    private readonly List<T> whole = [];
    private IAsyncEnumerator<T>? stream;
    private SplitMix64 random;
    private DataPass pass;
    private bool exhausted;
    private long filled;

    public override void Begin(DataPass pass, CancellationToken cancellation)
    {
        End();
        this.pass = pass;
        buffer.Clear();
        exhausted = false;
        filled = 0;
        random = new SplitMix64(pass.Seed, pass.Number);
        stream = open(cancellation).GetAsyncEnumerator(cancellation);
    }

    public override bool Fill(long number, Batch batch)
    {
        if (options.MicroBatches is { } microBatches)
            return FillMicroBatch(microBatches, number, batch);

        // A stream is read from its beginning, so the samples of batches that are not requested are skipped.
        for (; filled < number; filled++)
        {
            for (var skipped = 0; skipped < batch.Capacity; skipped++)
            {
                if (!Next(out _))
                    return false;
            }
        }

        filled++;
        batch.Pass = pass;
        var count = 0;
        batch.Count = batch.Capacity;
        while (count < batch.Capacity && Next(out var sample))
            layout.Write(sample, batch, count++);
        batch.Count = count;
        return count == batch.Capacity || (count > 0 && !options.DropLast);
    }

    /// <summary>Fills a micro-batch of a batch. All samples of the batch are read, because the size of the last one is not known before.</summary>
    private bool FillMicroBatch(MicroBatchSelection microBatches, long number, Batch batch)
    {
        for (; filled <= number / microBatches.Own; filled++)
        {
            whole.Clear();
            while (whole.Count < options.Size && Next(out var sample))
                whole.Add(sample);
            if (whole.Count == 0 || microBatches.IsLeftOut(filled, whole.Count))
                return false;
        }

        var (start, count) = microBatches.Range(microBatches.First + (int)(number % microBatches.Own), whole.Count);
        batch.Pass = pass;
        batch.Count = count;
        for (var i = 0; i < count; i++)
            layout.Write(whole[start + i], batch, i);
        return true;
    }

    public override void End()
    {
        if (stream is { } open)
        {
            stream = null;
            Wait(open.DisposeAsync());
        }
    }

    private bool Next(out T sample)
    {
        if (!options.Shuffle)
            return Read(out sample);

        while (buffer.Count < shuffleBuffer && Read(out var read))
            buffer.Add(read);
        if (buffer.Count == 0)
        {
            sample = default!;
            return false;
        }

        var drawn = random.Below(buffer.Count);
        sample = buffer[drawn];
        buffer[drawn] = buffer[^1];
        buffer.RemoveAt(buffer.Count - 1);
        return true;
    }

    private bool Read(out T sample)
    {
        if (exhausted || stream is null || !Wait(stream.MoveNextAsync()))
        {
            exhausted = true;
            sample = default!;
            return false;
        }

        sample = stream.Current;
        return true;
    }

    // This thread has nothing else to do, so it blocks if the stream is not ready. If the stream is ready, no task is created.
    private static bool Wait(ValueTask<bool> task) => task.IsCompleted ? task.GetAwaiter().GetResult() : task.AsTask().GetAwaiter().GetResult();

    private static void Wait(ValueTask task)
    {
        if (task.IsCompleted)
            task.GetAwaiter().GetResult();
        else
            task.AsTask().GetAwaiter().GetResult();
    }
}
