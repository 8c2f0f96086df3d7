namespace ModelDsl.Images;

/// <summary>How many threads prepare pictures.</summary>
internal static class ImageThreads
{
    private const int Most = 8;

    /// <summary>Half of the processors: the other half has a model to train.</summary>
    public static int Default { get; } = Math.Clamp(Environment.ProcessorCount / 2, 1, Most);
}
