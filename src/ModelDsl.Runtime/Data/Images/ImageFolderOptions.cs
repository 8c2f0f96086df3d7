namespace ModelDsl.Images;

/// <summary>How a folder of images is read.</summary>
public sealed record ImageFolderOptions
{
    private readonly long cacheBytes = 256L << 20;
    private readonly int threads = ImageThreads.Default;

    /// <summary>The subfolders that are the classes, in the order of their labels; null, the default, for all in alphabetical order.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>The targets of the images.</summary>
    public ImageTargets Targets { get; init; }

    /// <summary>
    /// Whether every file is decoded when the folder is opened, so that damaged files are skipped and listed before training begins; true by default. Otherwise a
    /// damaged file causes an exception when it is read.
    /// </summary>
    public bool CheckFiles { get; init; } = true;

    /// <summary>The number of bytes of resized images that are kept in memory, so that they need not be decoded again; 256 MiB by default, 0 for none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long CacheBytes
    {
        get => cacheBytes;
        init => cacheBytes = value >= 0 ? value : throw ArgumentCheck.Out(nameof(CacheBytes), value, "at least 0");
    }

    /// <summary>The number of threads that prepare images; half of the processors by default, but at most 8. Results do not depend on it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int Threads
    {
        get => threads;
        init => threads = ArgumentCheck.AtLeast(value, 1);
    }
}

/// <summary>The targets of images.</summary>
public enum ImageTargets
{
    /// <summary>The index of the class, for <c>[SoftmaxCrossEntropy]</c>.</summary>
    Labels,

    /// <summary>0 or 1 as a float, for two classes and <c>[BinaryCrossEntropy]</c>.</summary>
    Binary,

    /// <summary>No target, for a model whose target is its input.</summary>
    None,
}
