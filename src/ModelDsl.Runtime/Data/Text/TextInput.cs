using ModelDsl.Compiled;

namespace ModelDsl;

/// <summary>
/// How a text is converted to a sample of a model with a <c>[TokenInput(length, vocabulary)]</c>: the tokenizer, the length, and the padding or truncation of texts that are shorter
/// or longer. Use the same instance for training data and predictions.
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
    /// <summary>Creates a conversion of texts to samples.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="length">The number of tokens per sample, at least 1: the <c>length</c> of the model's <c>TokenInput</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is less than 1.</exception>
    public TextInput(ITokenizer tokenizer, int length)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        (Tokenizer, Length) = (tokenizer, length);
    }

    /// <summary>The tokenizer.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>The number of tokens per sample.</summary>
    public int Length { get; }

    /// <summary>The side at which a shorter text is padded with the tokenizer's padding; the end by default.</summary>
    public SequenceSide Padding { get; init; }

    /// <summary>The side at which a longer text is truncated; the end by default.</summary>
    public SequenceSide Truncation { get; init; }

    /// <summary>Whether a text without tokens becomes a sample of padding only. By default it is an error.</summary>
    public bool AllowEmpty { get; init; }

    /// <summary>Whether parts of a text that are not in the vocabulary become the unknown token; true by default. Otherwise they are an error.</summary>
    public bool AllowUnknown { get; init; } = true;

    /// <summary>Returns the sample of a text: <see cref="Length"/> token ids.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">The text has no token, or one that is not in the vocabulary, and the options do not allow it.</exception>
    /// <exception cref="InvalidOperationException">The tokenizer returns an id that is outside its vocabulary.</exception>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var sample = new int[Length];
        if (Encode(text, sample) is { } reason)
            throw new ArgumentException($"The text {Shown(text)} {reason}", nameof(text));
        return sample;
    }

    /// <summary>Writes the sample of a text. If the text is invalid, returns why, as the end of a sentence whose beginning is the text.</summary>
    /// <exception cref="InvalidOperationException">The tokenizer returns an id that is outside its vocabulary.</exception>
    internal string? Encode(string text, Span<int> sample)
    {
        var ids = Tokenizer.Encode(text);
        for (var i = 0; i < ids.Length; i++)
        {
            if ((uint)ids[i] >= (uint)Tokenizer.VocabularySize)
                throw OutOfRange(Tokenizer, i, ids[i], text);

            if (!AllowUnknown && ids[i] == Tokenizer.UnknownId)
                return $"has a token that is not in the vocabulary, number {i}: add it to the vocabulary, or allow it with AllowUnknown = true.";
        }

        if (ids.Length == 0 && !AllowEmpty)
            return (string.IsNullOrWhiteSpace(text) ? "is empty" : "has no token") + ": leave it out, or make a sample of padding of it with AllowEmpty = true.";
        TokenSequences.Fit(ids, sample, Padding, Truncation, Tokenizer.PaddingId);
        return null;
    }

    /// <summary>Returns the error of a tokenizer that returns an id outside its vocabulary.</summary>
    internal static InvalidOperationException OutOfRange(ITokenizer tokenizer, int index, int id, string text) =>
        new($"{tokenizer.GetType().Name} gives token {index} of the text {Shown(text)} the id {id}, but its ids run from 0 to {tokenizer.VocabularySize - 1}.");

    /// <summary>Returns a column of samples, which knows the size of the vocabulary, so that data for another model is an error before the first step.</summary>
    internal DataColumn Column(string name, int[] samples) => new IntColumn(new ColumnDescription(name, ColumnType.Int, [Length], Tokenizer.VocabularySize), samples);

    /// <summary>Returns the beginning of a text in quotes.</summary>
    internal static string Shown(string text) => text.Length <= 40 ? $"'{text}'" : $"'{text[..40]}…'";
}
