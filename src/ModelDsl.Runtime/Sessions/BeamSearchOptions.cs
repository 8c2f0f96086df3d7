namespace ModelDsl;

/// <summary>Options of a beam search. Names and effects are those of Hugging Face's <c>generate</c> with <c>num_beams</c>.</summary>
public sealed class BeamSearchOptions
{
    /// <summary>The number of texts that are continued at a time, and the maximum number of results.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int Beams { get; init => field = ArgumentCheck.AtLeast(value, 1); } = 4;

    /// <summary>The maximum number of tokens to generate.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxNewTokens { get; init => field = ArgumentCheck.AtLeast(value, 1); } = int.MaxValue;

    /// <summary>
    /// The exponent of the length by which the sum of logarithms of probabilities is divided (Wu et al., 2016, without the constant). With 0, shorter texts are preferred, because each
    /// token makes a text less likely; greater values prefer longer texts.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is infinite or NaN.</exception>
    public double LengthPenalty { get; init => field = ArgumentCheck.Within(value, double.MinValue, double.MaxValue); } = 1;

    /// <summary>
    /// Whether the search ends as soon as there are as many finished texts as beams. Otherwise it ends when no text in progress, with its present score, is better than the worst of them.
    /// </summary>
    public bool EarlyStopping { get; init; }

    /// <summary>Tokens that end a text. They are not part of the results, but their probabilities and lengths count.</summary>
    public IReadOnlyList<int> StopTokens { get; init; } = [];
}
