namespace ModelDsl;

/// <summary>
/// Which micro-batches of each batch a producer makes. A batch is cut into micro-batches of adjacent samples, whose sizes differ by one at most; the producer makes some of them, one after the other. A micro-batch can be empty.
/// </summary>
/// <param name="Count">The number of micro-batches of a batch.</param>
/// <param name="First">The first micro-batch that is made.</param>
/// <param name="Own">The number of micro-batches that are made.</param>
internal sealed record MicroBatchSelection(int Count, int First, int Own)
{
    /// <summary>The least number of samples of a micro-batch that is not empty.</summary>
    public int Minimum { get; init; } = 1;

    /// <summary>The least number of samples of a last batch; one with fewer is left out.</summary>
    public int MinimumTotal { get; init; } = 1;

    /// <summary>Whether batches know which micro-batch they are, so that each micro-batch draws other masks of dropout. Only for one micro-batch per rank.</summary>
    public bool IsNumbered { get; init; }

    /// <summary>How a batch is cut, for the settings of a run; the same on all ranks.</summary>
    public string Description { get; init; } = "micro-batches";

    /// <summary>Returns the samples of a micro-batch.</summary>
    /// <param name="microBatch">The number of the micro-batch, from 0 to <see cref="Count"/> − 1.</param>
    /// <param name="samples">The number of samples of the batch.</param>
    public (int Start, int Count) Range(int microBatch, int samples)
    {
        // A batch that is too small has fewer micro-batches that are not empty. They are distributed over all of them, so that ranks have similar work.
        var filled = Math.Clamp(samples / Minimum, 1, Count);
        var (from, to) = (Filled(microBatch, filled), Filled(microBatch + 1, filled));
        if (from == to)
            return (0, 0);
        var start = (int)((long)from * samples / filled);
        return (start, (int)((long)to * samples / filled) - start);
    }

    /// <summary>Returns the size of the largest micro-batch.</summary>
    /// <param name="samples">The maximum number of samples of a batch.</param>
    public int Largest(int samples)
    {
        var filled = Math.Clamp(samples / Minimum, 1, Count);
        return Math.Max((samples + filled - 1) / filled, Math.Min(samples, (2 * Minimum) - 1));
    }

    /// <summary>Whether a batch is too small to be used: another one has its samples in the next pass.</summary>
    /// <param name="number">The number of the batch in the pass.</param>
    /// <param name="samples">The number of samples.</param>
    public bool IsLeftOut(long number, int samples) => samples < MinimumTotal || (number > 0 && samples < Minimum);

    /// <summary>Returns the number of micro-batches before a micro-batch that are not empty.</summary>
    private int Filled(int microBatch, int filled) => (int)(((long)microBatch * filled + Count - 1) / Count);
}
