namespace Transfer;

/// <summary>Divides samples into parts of about the same size, each with the same share of every label.</summary>
internal sealed class Folds
{
    private readonly int[] foldOf;

    /// <summary>Divides samples.</summary>
    /// <param name="labels">The label of each sample.</param>
    /// <param name="count">The number of parts.</param>
    /// <param name="seed">Decides which samples are in which part.</param>
    /// <exception cref="InvalidDataException">A label has fewer samples than there are parts.</exception>
    public Folds(int[] labels, int count, int seed)
    {
        Count = count;
        foldOf = new int[labels.Length];
        var random = new Random(seed);
        foreach (var kind in Enumerable.Range(0, labels.Length).GroupBy(sample => labels[sample]))
        {
            int[] samples = [.. kind];
            if (samples.Length < count)
                throw new InvalidDataException($"A kind has {samples.Length} photos that can be read; {count} folds need at least {count}.");
            random.Shuffle(samples);
            for (var i = 0; i < samples.Length; i++)
                foldOf[samples[i]] = i % count;
        }
    }

    /// <summary>The number of parts.</summary>
    public int Count { get; }

    /// <summary>Returns the samples that are not in a part, for training.</summary>
    public int[] Training(int fold) => [.. Enumerable.Range(0, foldOf.Length).Where(sample => foldOf[sample] != fold)];

    /// <summary>Returns the samples of a part, for the test.</summary>
    public int[] Test(int fold) => [.. Enumerable.Range(0, foldOf.Length).Where(sample => foldOf[sample] == fold)];
}
