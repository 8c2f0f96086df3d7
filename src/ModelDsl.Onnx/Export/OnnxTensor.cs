namespace ModelDsl.Onnx.Export;

/// <summary>
/// A value of the ONNX graph with the meaning of its axes. The value of a node may have its axes in another order than the node, such as channels before positions; an axis that it does not
/// have is a broadcast one: all elements along it are equal.
/// </summary>
/// <param name="Name">The name in the ONNX graph.</param>
/// <param name="Axes">For each axis of the value, the axis of the node or of the domain.</param>
/// <param name="IsInteger">Whether the elements are integers.</param>
internal sealed record OnnxTensor(string Name, int[] Axes, bool IsInteger = false)
{
    /// <summary>The position of an axis in the value; −1 if the value does not have it.</summary>
    public int PositionOf(int axis) => Array.IndexOf(Axes, axis);

    /// <summary>Whether the axes have an order, without others.</summary>
    public bool Has(IReadOnlyList<int> axes) => Axes.AsSpan().SequenceEqual([.. axes]);
}
