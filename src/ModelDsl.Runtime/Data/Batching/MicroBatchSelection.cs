namespace ModelDsl;

/// <summary>
/// Which pieces of each batch a producer makes. A batch is cut into pieces of adjacent samples, whose sizes differ by one at most; the producer makes some of them, one after the other. A piece can be empty.
/// </summary>
/// <param name="Count">The number of pieces of a batch.</param>
/// <param name="First">The first piece that is made.</param>
/// <param name="Own">The number of pieces that are made.</param>
internal sealed record PieceSelection(int Count, int First, int Own)
{
    /// <summary>The least number of samples of a piece that is not empty.</summary>
    public int Minimum { get; init; } = 1;

    /// <summary>The least number of samples of a last batch; one with fewer is left out.</summary>
    public int MinimumTotal { get; init; } = 1;

    /// <summary>Whether batches know which piece they are, so that each piece draws other masks of dropout. Only for one piece per rank.</summary>
    public bool IsNumbered { get; init; }

    /// <summary>How a batch is cut, for the settings of a run; the same on all ranks.</summary>
    public string Description { get; init; } = "pieces";

    /// <summary>Returns the samples of a piece.</summary>
    /// <param name="piece">The number of the piece, from 0 to <see cref="Count"/> − 1.</param>
    /// <param name="samples">The number of samples of the batch.</param>
    public (int Start, int Count) Range(int piece, int samples)
    {
        // A batch that is too small has fewer pieces that are not empty. They are distributed over all of them, so that ranks have similar work.
        var filled = Math.Clamp(samples / Minimum, 1, Count);
        var (from, to) = (Filled(piece, filled), Filled(piece + 1, filled));
        if (from == to)
            return (0, 0);
        var start = (int)((long)from * samples / filled);
        return (start, (int)((long)to * samples / filled) - start);
    }

    /// <summary>Returns the size of the largest piece.</summary>
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

    /// <summary>Returns the number of pieces before a piece that are not empty.</summary>
    private int Filled(int piece, int filled) => (int)(((long)piece * filled + Count - 1) / Count);
}
