namespace ModelDsl.Benchmarks.Scaling;

/// <summary>What each rank of a group does in a step.</summary>
/// <param name="Ranks">The number of ranks, a power of two.</param>
/// <param name="Samples">The number of samples of all ranks.</param>
/// <param name="Floats">The number of gradients.</param>
internal sealed record StepSchedule(int Ranks, double Samples, int Floats)
{
    /// <summary>The number of parts of a batch on up to as many ranks; more ranks have a part each.</summary>
    private const int LeastParts = 8;

    /// <summary>The number of floats that are exchanged at a time.</summary>
    private const int Slice = 1 << 18;

    /// <summary>The record of a rank and that of each of its parts in the exchange before the sum, with their lengths.</summary>
    private const int RankBytes = 20, PartBytes = 32;

    /// <summary>Whether gradients are exchanged during the backward pass of a rank's last part.</summary>
    public bool IsOverlapped { get; init; }

    /// <summary>The time to add a float to another, in seconds.</summary>
    public double AddSeconds { get; init; }

    /// <summary>The number of parts of a batch.</summary>
    public int AllParts { get; init; } = Math.Max(LeastParts, Ranks);

    /// <summary>The number of parts of a rank.</summary>
    public int Parts => AllParts / Ranks;

    /// <summary>The number of samples of a part.</summary>
    public double SamplesPerPart => Samples / AllParts;

    /// <summary>The number of rounds in which the sums are computed, and of those in which they are collected.</summary>
    public int Rounds => (int)Math.Log2(Ranks);

    /// <summary>The bytes that the root sends to each rank before the sum: the records of all.</summary>
    public double RecordBytes => Ranks * (double)(RankBytes + (Parts * PartBytes));

    /// <summary>The numbers of floats that are exchanged one after the other.</summary>
    public IReadOnlyList<int> Slices => [.. Enumerable.Range(0, (Floats + Slice - 1) / Slice).Select(index => Math.Min(Slice, Floats - (index * Slice)))];

    /// <summary>The bytes that a rank exchanges in a round, of a slice.</summary>
    /// <param name="slice">The number of floats of the slice.</param>
    /// <param name="round">The round, from 0; the later half of all rounds collects.</param>
    public double RoundBytes(int slice, int round) => sizeof(float) * (double)slice / (1 << (round < Rounds ? round + 1 : (2 * Rounds) - round));

    /// <summary>The time in which a rank adds what it has received in a round.</summary>
    /// <param name="slice">The number of floats of the slice.</param>
    /// <param name="round">The round.</param>
    public double RoundAdds(int slice, int round) => round < Rounds ? AddSeconds * slice / (1 << (round + 1)) : 0;
}
