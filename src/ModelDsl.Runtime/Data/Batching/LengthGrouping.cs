using ModelDsl.Compiled;

namespace ModelDsl;

/// <summary>
/// Combines samples of similar length into batches, so that a model with buckets computes few positions of padding. Samples are shuffled first. Then each window of batches is sorted by
/// length, and the batches are shuffled, so that a batch depends on the order of the pass as well as on lengths. The length of a sample is its number of tokens without the padding at its end.
/// </summary>
/// <example>
/// <code>
/// foreach (Batch batch in data.Batches(32, shuffle: true, grouping: LengthGrouping.Of(model))) { … }
/// </code>
/// </example>
public sealed record LengthGrouping
{
    /// <summary>The default of <see cref="Window"/>.</summary>
    private const int DefaultWindow = 50;

    private readonly int window = DefaultWindow;

    /// <summary>Creates a grouping by the tokens of a column.</summary>
    /// <param name="padding">The token of padding.</param>
    /// <param name="column">The index of the column of token ids.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="column"/> is negative.</exception>
    public LengthGrouping(int padding, int column = 0)
        : this([new PaddingDescription(ArgumentCheck.AtLeast(column, 0, nameof(column)), padding)])
    {
    }

    private LengthGrouping(PaddingDescription[] paddings) => Paddings = paddings;

    /// <summary>The number of batches that are sorted together; 50 by default. More make the lengths in a batch more similar, and batches of neighboring epochs too.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int Window
    {
        get => window;
        init => window = ArgumentCheck.AtLeast(value, 1);
    }

    /// <summary>The columns that decide how long a sample is; the longest counts.</summary>
    internal PaddingDescription[] Paddings { get; }

    /// <summary>Returns the grouping for a model with buckets: by the inputs that decide which bucket holds a batch.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="ArgumentException">The model has no buckets.</exception>
    public static LengthGrouping Of(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return OfBuckets(model) ?? throw new ArgumentException(
            $"{model.Description.Name} has no buckets, so nothing says how long its samples are: write Buckets on its TokenInput, or pass the token of padding to new LengthGrouping.", nameof(model));
    }

    /// <summary>Returns the grouping for a model; null if it has no buckets.</summary>
    internal static LengthGrouping? OfBuckets(Model model) => model.Description.Buckets is { } buckets ? new(buckets.Paddings) : null;
}
