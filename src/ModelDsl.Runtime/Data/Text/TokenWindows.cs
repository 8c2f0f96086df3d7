using System.Globalization;
using ModelDsl.Compiled;

namespace ModelDsl;

/// <summary>Datasets of windows over a range of a token sequence in memory or in a file.</summary>
/// <param name="tokens">The sequence.</param>
/// <param name="start">The position of the first token of the range.</param>
/// <param name="length">The number of tokens of the range.</param>
/// <param name="vocabulary">The number of ids of the tokenizer, for a check that a model has as many; 0 if it is unknown.</param>
internal readonly struct TokenWindows(TokenSource tokens, long start, long length, int vocabulary)
{
    /// <summary>Returns windows of tokens, each labelled with the token after it.</summary>
    /// <param name="context">The number of tokens per window.</param>
    /// <param name="stride">The number of tokens from the start of one window to the start of the next.</param>
    /// <exception cref="ArgumentException">The range is too short for one window, or has more windows than a dataset can have.</exception>
    public Dataset WithNextToken(int context, int stride) => Create(context, stride, [], context);

    /// <summary>Returns windows of tokens, in which each token is labelled with the next.</summary>
    /// <param name="context">The number of tokens per window.</param>
    /// <param name="stride">The number of tokens from the start of one window to the start of the next; 0 for <paramref name="context"/>.</param>
    /// <exception cref="ArgumentException">The range is too short for one window, or has more windows than a dataset can have.</exception>
    public Dataset WithNextTokens(int context, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(stride);
        return Create(context, stride == 0 ? context : stride, [context], 1);
    }

    private ColumnarDataset Create(int context, int stride, int[] labels, int labelOffset)
    {
        var count = Count(context, stride);
        return new ColumnarDataset(
        [
            new WindowColumn(new ColumnDescription("tokens", ColumnType.Int, [context], vocabulary), tokens, start, stride, count),
            new WindowColumn(new ColumnDescription("label", ColumnType.Int, labels, vocabulary), tokens, start + labelOffset, stride, count),
        ]);
    }

    private int Count(int context, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(context, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        if (length <= context)
            throw new ArgumentException($"A window of {context} tokens and the one after it need {context + 1L} tokens; the sequence has {length}.");
        var count = ((length - context - 1) / stride) + 1;
        return count <= int.MaxValue ? (int)count : throw new ArgumentException(string.Create(
            CultureInfo.InvariantCulture,
            $"{length:N0} tokens have {count:N0} windows at a stride of {stride}; a dataset has at most {int.MaxValue:N0}. Make the stride {((length - context - 1) / int.MaxValue) + 1} or greater, or read a part of the tokens."));
    }
}
