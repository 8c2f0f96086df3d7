using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>The input of a recurrent layer in both directions.</summary>
/// <param name="Node">The node.</param>
/// <param name="Input">The input, [T, N, width] or [N, T, width].</param>
/// <param name="IsBatchFirst">Whether the samples come before the positions.</param>
/// <param name="Units">The number of units.</param>
internal sealed record RecurrentSequence(Node Node, Tensor Input, bool IsBatchFirst, long Units)
{
    /// <summary>The number of positions.</summary>
    public long Length => Input.Shape[Time];

    private int Time => IsBatchFirst ? 1 : 0;

    private long[] Reversed => [.. Enumerable.Range(0, (int)Length).Select(position => Length - 1 - position)];

    /// <summary>Returns the expression [T, width], from the first or from the last position on.</summary>
    public Code Read(bool isReversed) => (isReversed ? Selections.At(Node, Input, Time, Reversed) : Input).Arranged(Time, 2).Code;

    /// <summary>Returns states [T, units] in the order of the positions.</summary>
    public Code Ordered(Code states, bool isReversed)
    {
        if (!isReversed) return states;
        long[] shape = IsBatchFirst ? [Sizes.Batch, Length, Units] : [Length, Sizes.Batch, Units];
        return Selections.At(Node, new Tensor(shape, IsBatchFirst ? 0 : 1, [Time, 2], states), Time, Reversed).Arranged(Time, 2).Code;
    }
}
