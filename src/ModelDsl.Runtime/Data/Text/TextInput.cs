namespace ModelDsl;

/// <summary>
/// How a text becomes a sample of a model with a <c>[TokenInput(length, vocabulary)]</c>: with which tokenizer, how long, and what is done where a text is shorter
/// or longer. Training data and predictions that share it are made alike.
/// </summary>
/// <example>
/// <code>
/// var input = new TextInput(tokenizer, length: 200);
/// trainer.Fit(model, Dataset.FromTexts(texts, labels, input));
/// float[] answer = model.Predict(input.Encode("a new text"));
/// </code>
/// </example>
public sealed class TextInput
{
    /// <summary>Says how texts become samples.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="length">The tokens of each sample, at least 1: the <c>length</c> of the model's <c>TokenInput</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is less than 1.</exception>
    public TextInput(ITokenizer tokenizer, int length)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        (Tokenizer, Length) = (tokenizer, length);
    }

    /// <summary>The tokenizer.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>The tokens of each sample.</summary>
    public int Length { get; }

    /// <summary>Where a shorter text is filled up with the tokenizer's padding; its end by default.</summary>
    public SequenceSide Padding { get; init; }

    /// <summary>Where a longer text is cut off; its end by default.</summary>
    public SequenceSide Truncation { get; init; }

    /// <summary>Whether a text without any token makes a sample of nothing but padding. By default it is an error.</summary>
    public bool AllowEmpty { get; init; }

    /// <summary>Whether what is not in the vocabulary becomes the unknown token, as it does by default. Otherwise it is an error.</summary>
    public bool AllowUnknown { get; init; } = true;

    /// <summary>The sample of a text: <see cref="Length"/> token ids.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">The text has no token, or one that is not in the vocabulary, and that is not allowed.</exception>
    /// <exception cref="InvalidOperationException">The tokenizer gives an id that is outside of its vocabulary.</exception>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var sample = new int[Length];
        if (Encode(text, sample) is { } reason)
            throw new ArgumentException($"The text {Shown(text)} {reason}", nameof(text));
        return sample;
    }

    /// <summary>Writes the sample of a text; gives what is wrong with the text instead, as the end of a sentence that begins with it.</summary>
    /// <exception cref="InvalidOperationException">The tokenizer gives an id that is outside of its vocabulary.</exception>
    internal string? Encode(string text, Span<int> sample)
    {
        var ids = Tokenizer.Encode(text);
        for (var i = 0; i < ids.Length; i++)
        {
            if ((uint)ids[i] >= (uint)Tokenizer.VocabularySize)
            {
                throw new InvalidOperationException(
                    $"{Tokenizer.GetType().Name} gives token {i} of the text {Shown(text)} the id {ids[i]}, but its ids run from 0 to {Tokenizer.VocabularySize - 1}.");
            }

            if (!AllowUnknown && ids[i] == Tokenizer.UnknownId)
                return $"has a token that is not in the vocabulary, number {i}: add it to the vocabulary, or allow it with AllowUnknown = true.";
        }

        if (ids.Length == 0 && !AllowEmpty)
            return (string.IsNullOrWhiteSpace(text) ? "is empty" : "has no token") + ": leave it out, or make a sample of padding of it with AllowEmpty = true.";
        TokenSequences.Fit(ids, sample, Padding, Truncation, Tokenizer.PaddingId);
        return null;
    }

    /// <summary>The beginning of a text in quotes.</summary>
    internal static string Shown(string text) => text.Length <= 40 ? $"'{text}'" : $"'{text[..40]}…'";
}
