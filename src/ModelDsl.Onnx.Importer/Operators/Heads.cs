using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>The heads of attention, which operators read as an axis or joined with the values of a head.</summary>
internal static class Heads
{
    /// <summary>Returns [N, heads, T, size] of [N, T, heads · size]. A tensor that has an axis of heads is returned as it is.</summary>
    public static Tensor Apart(Node node, Tensor tensor, long heads)
    {
        if (tensor.Rank == 4) return tensor;
        node.Check(tensor.Rank == 3 && heads > 0 && tensor.Shape[2] % heads == 0, $"{heads} heads do not divide the last axis of {Sizes.Text(tensor.Shape)}.");
        return (Tensor)Movements.Transposed(Reshapes.Reshape(node, tensor, [tensor.Shape[0], tensor.Shape[1], heads, tensor.Shape[2] / heads]), [0, 2, 1, 3]);
    }

    /// <summary>Returns [N, T, heads · size] of [N, heads, T, size].</summary>
    public static Tensor Joined(Node node, Tensor tensor) =>
        Reshapes.Reshape(node, (Tensor)Movements.Transposed(tensor, [0, 2, 1, 3]), [tensor.Shape[0], tensor.Shape[2], tensor.Shape[1] * tensor.Shape[3]]);
}
