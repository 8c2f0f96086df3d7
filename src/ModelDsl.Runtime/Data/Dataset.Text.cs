using ModelDsl.Compiled;

namespace ModelDsl;

public abstract partial class Dataset
{
    /// <summary>
    /// Sliding windows over a token sequence: <paramref name="context"/> tokens, labelled with the one that follows. The sequence is used
    /// where it lies; windows are copied when a batch needs them.
    /// </summary>
    /// <param name="ids">The token ids.</param>
    /// <param name="context">Tokens per window.</param>
    /// <param name="stride">How far each window starts after the one before.</param>
    /// <exception cref="ArgumentException">The sequence is too short for one window and its label.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="context"/> or <paramref name="stride"/> is less than 1.</exception>
    public static Dataset Windows(ReadOnlyMemory<int> ids, int context, int stride = 1)
    {
        var count = WindowCount(ids.Length, context, stride);
        return FromColumns(
            new WindowColumn(new ColumnDescription("tokens", ColumnType.Int, [context]), ids, 0, stride, count),
            new WindowColumn(new ColumnDescription("label", ColumnType.Int, []), ids, context, stride, count));
    }

    /// <summary>
    /// Windows for a language model that predicts at every position: <paramref name="context"/> tokens, each labelled with the one after it.
    /// </summary>
    /// <param name="ids">The token ids.</param>
    /// <param name="context">Tokens per window.</param>
    /// <param name="stride">How far each window starts after the one before; 0 for <paramref name="context"/>, so that windows do not overlap.</param>
    /// <exception cref="ArgumentException">The sequence is too short for one window and its labels.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="context"/> is less than 1, or <paramref name="stride"/> negative.</exception>
    public static Dataset NextTokens(ReadOnlyMemory<int> ids, int context, int stride = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(stride);
        stride = stride == 0 ? context : stride;
        var count = WindowCount(ids.Length, context, stride);
        int[] shape = [context];
        return FromColumns(
            new WindowColumn(new ColumnDescription("tokens", ColumnType.Int, shape), ids, 0, stride, count),
            new WindowColumn(new ColumnDescription("label", ColumnType.Int, shape), ids, 1, stride, count));
    }

    private static int WindowCount(int length, int context, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(context, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        if (length <= context)
            throw new ArgumentException($"A window of {context} tokens and the one after it need {context + 1L} tokens; the sequence has {length}.");
        return ((length - context - 1) / stride) + 1;
    }
}
