namespace ModelDsl;

/// <summary>The criteria for the tokens of a vocabulary that is created from texts.</summary>
public sealed record VocabularyOptions
{
    /// <summary>The minimum number of occurrences of a word or character in all texts together, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MinimumFrequency
    {
        get;
        init => field = ArgumentCheck.AtLeast(value, 1);
    } = 1;

    /// <summary>
    /// The maximum number of ids, including padding and the unknown token, at least 3: the <c>vocabulary</c> of the model's <c>TokenInput</c>. The most frequent
    /// words or characters are selected. Null for all.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 3.</exception>
    public int? MaximumSize
    {
        get;
        init => field = value is { } size ? ArgumentCheck.AtLeast(size, 3) : null;
    }

    /// <summary>The cleaning of texts; null for <see cref="TextCleaning.Default"/> for words, and <see cref="TextCleaning.None"/> for characters.</summary>
    public TextCleaning? Cleaning { get; init; }
}
