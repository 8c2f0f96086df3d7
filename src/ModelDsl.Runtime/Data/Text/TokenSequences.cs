namespace ModelDsl;

/// <summary>Converts sequences of token ids of different lengths to samples of one length.</summary>
public static class TokenSequences
{
    /// <summary>
    /// Makes all sequences equally long: longer ones are truncated, shorter ones are padded. By default, <c>pad_sequences</c> of Keras does both at the
    /// beginning.
    /// </summary>
    /// <param name="sequences">The sequences.</param>
    /// <param name="length">The length of each sample, at least 1.</param>
    /// <param name="padding">The side at which a shorter sequence is padded.</param>
    /// <param name="truncation">The side at which a longer sequence is truncated.</param>
    /// <param name="value">The padding value: the padding id of the tokenizer.</param>
    /// <returns>All samples in their order, as for <see cref="Dataset.FromArrays(int[], int[], int)"/>: [sequences, length].</returns>
    /// <exception cref="ArgumentException">A sequence is null, or the result is too long for an array.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is less than 1.</exception>
    /// <example>
    /// <code>
    /// int[] padded = TokenSequences.Pad([[1, 2, 3], [4]], length: 2);      // 1 2 4 0
    /// </code>
    /// </example>
    public static int[] Pad(
        IReadOnlyList<IReadOnlyList<int>> sequences, int length, SequenceSide padding = SequenceSide.Post, SequenceSide truncation = SequenceSide.Post, int value = 0)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        if ((long)sequences.Count * length > Array.MaxLength)
            throw new ArgumentException($"{sequences.Count} sequences of {length} tokens are more than an array can hold.", nameof(sequences));
        var padded = new int[sequences.Count * length];
        for (var i = 0; i < sequences.Count; i++)
        {
            if (sequences[i] is not { } sequence)
                throw new ArgumentException($"Sequence {i} is null.", nameof(sequences));
            Fit(sequence as int[] ?? [.. sequence], padded.AsSpan(i * length, length), padding, truncation, value);
        }

        return padded;
    }

    /// <summary>Writes a sequence into a sample.</summary>
    internal static void Fit(ReadOnlySpan<int> sequence, Span<int> sample, SequenceSide padding, SequenceSide truncation, int value)
    {
        if (sequence.Length > sample.Length)
            sequence = truncation == SequenceSide.Pre ? sequence[^sample.Length..] : sequence[..sample.Length];
        var start = padding == SequenceSide.Pre ? sample.Length - sequence.Length : 0;
        sample.Fill(value);
        sequence.CopyTo(sample[start..]);
    }
}
