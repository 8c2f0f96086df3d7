namespace ModelDsl;

public abstract partial class Dataset
{
    /// <summary>
    /// Creates a dataset of sliding windows over a token sequence: <paramref name="context"/> tokens, whose label is the next token. The sequence is not
    /// copied; windows are copied when a batch needs them.
    /// </summary>
    /// <param name="ids">The token ids.</param>
    /// <param name="context">The number of tokens per window.</param>
    /// <param name="stride">The number of tokens from the start of one window to the start of the next.</param>
    /// <exception cref="ArgumentException">The sequence is too short for one window and its label.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="context"/> or <paramref name="stride"/> is less than 1.</exception>
    public static Dataset Windows(ReadOnlyMemory<int> ids, int context, int stride = 1) =>
        new TokenWindows(new MemoryTokens(ids), 0, ids.Length, vocabulary: 0).WithNextToken(context, stride);

    /// <summary>
    /// Creates a dataset of windows for a language model that predicts at every position: <paramref name="context"/> tokens, each labelled with the next token.
    /// </summary>
    /// <param name="ids">The token ids.</param>
    /// <param name="context">The number of tokens per window.</param>
    /// <param name="stride">The number of tokens from the start of one window to the start of the next; 0 for <paramref name="context"/>, so that windows do not overlap.</param>
    /// <exception cref="ArgumentException">The sequence is too short for one window and its labels.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="context"/> is less than 1, or <paramref name="stride"/> negative.</exception>
    public static Dataset NextTokens(ReadOnlyMemory<int> ids, int context, int stride = 0) =>
        new TokenWindows(new MemoryTokens(ids), 0, ids.Length, vocabulary: 0).WithNextTokens(context, stride);

    /// <summary>Creates a dataset of texts with class labels.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="labels">The class of each text, starting at 0. The array is not copied.</param>
    /// <param name="input">How a text is converted to a sample.</param>
    /// <exception cref="ArgumentException">The numbers of texts and labels differ, or a text cannot be converted to a sample; the message contains its index.</exception>
    public static Dataset FromTexts(IReadOnlyList<string> texts, int[] labels, TextInput input)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return FromColumns(Texts(texts, labels.Length, "labels", input), DataColumn.Ints("label", labels));
    }

    /// <summary>Creates a dataset of texts with float targets.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="targets">The targets, in the order of the texts. The array is not copied.</param>
    /// <param name="input">How a text is converted to a sample.</param>
    /// <param name="targetLength">The number of targets per text.</param>
    /// <exception cref="ArgumentException">The numbers of texts and targets do not fit, or a text cannot be converted to a sample; the message contains its index.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="targetLength"/> is less than 1.</exception>
    public static Dataset FromTexts(IReadOnlyList<string> texts, float[] targets, TextInput input, int targetLength = 1)
    {
        ArgumentNullException.ThrowIfNull(targets);
        var column = Targets(targets, targetLength);
        return FromColumns(Texts(texts, column.Count, "targets", input), column);
    }

    private static DataColumn Texts(IReadOnlyList<string> texts, int count, string what, TextInput input)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(input);
        if (texts.Count != count)
            throw new ArgumentException($"There are {texts.Count} texts, but {what} for {count}.", nameof(texts));
        var tokens = new int[checked(texts.Count * input.Length)];
        for (var i = 0; i < texts.Count; i++)
        {
            var text = texts[i] ?? throw new ArgumentException($"Text {i} is null.", nameof(texts));
            if (input.Encode(text, tokens.AsSpan(i * input.Length, input.Length)) is { } reason)
                throw new ArgumentException($"Text {i}, {TextInput.Shown(text)}, {reason}", nameof(texts));
        }

        return input.Column("tokens", tokens);
    }
}
