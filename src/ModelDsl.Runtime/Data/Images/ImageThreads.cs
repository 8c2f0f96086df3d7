namespace ModelDsl.Images;

/// <summary>The number of threads that prepare images.</summary>
internal static class ImageThreads
{
    private const int Most = 8;

    /// <summary>Half of the processors, because training needs the others.</summary>
    public static int Default { get; } = Math.Clamp(Environment.ProcessorCount / 2, 1, Most);
}
