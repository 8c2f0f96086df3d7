namespace ModelDsl;

/// <summary>What becomes part of a vocabulary that is made of texts.</summary>
public sealed record VocabularyOptions
{
    /// <summary>How often a word or character must occur in all texts together, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int MinimumFrequency
    {
        get;
        init => field = ArgumentCheck.AtLeast(value, 1);
    } = 1;

    /// <summary>
    /// The greatest number of ids, padding and the unknown one included, at least 3: the <c>vocabulary</c> of the model's <c>TokenInput</c>. The most frequent
    /// words or characters are kept. Null for all.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 3.</exception>
    public int? MaximumSize
    {
        get;
        init => field = value is { } size ? ArgumentCheck.AtLeast(size, 3) : null;
    }

    /// <summary>What is done to texts first; null for <see cref="TextCleaning.Default"/> of words, and <see cref="TextCleaning.None"/> of characters.</summary>
    public TextCleaning? Cleaning { get; init; }
}
