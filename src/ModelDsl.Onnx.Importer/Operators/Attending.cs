using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>Attention as one operator, since opset 23.</summary>
internal static class Attending
{
    public static IEnumerable<KeyValuePair<string, Action<Node>>> Converters => [new("Attention", Attention)];

    private static void Attention(Node node)
    {
        node.Require(!node.Has(4) && !node.Has(5), "keys and values of earlier positions (past_key, past_value) are not supported.");
        node.Require(!node.Needs(1) && !node.Needs(2) && !node.Needs(3), "its further outputs are not supported.");
        node.Require(node.Float("softcap", 0) == 0, "softcap is not supported.");
        var (queryHeads, keyHeads) = (node.Int("q_num_heads", 0), node.Int("kv_num_heads", 0));
        var (q, k, v) = (Apart(node, node.Tensor(0), queryHeads), Apart(node, node.Tensor(1), keyHeads), Apart(node, node.Tensor(2), keyHeads));
        var scale = node.Float("scale", 0);
        var result = node.Has(3) ? Masked(node, q, k, v, scale) : Whole(node, q, k, v, scale);
        node.Set(0, node.Tensor(0).Rank == 3 ? Reshapes.Reshape(node, (Tensor)Movements.Transposed(result, [0, 2, 1, 3]), [result.Shape[0], result.Shape[2], result.Shape[1] * result.Shape[3]]) : result);
    }

    /// <summary>Returns [N, heads, T, size] of [N, T, heads · size].</summary>
    private static Tensor Apart(Node node, Tensor tensor, long heads)
    {
        if (tensor.Rank == 4) return tensor;
        node.Check(heads > 0 && tensor.Shape[2] % heads == 0, $"{heads} heads do not divide {tensor.Shape[2]}.");
        return (Tensor)Movements.Transposed(Reshapes.Reshape(node, tensor, [tensor.Shape[0], tensor.Shape[1], heads, tensor.Shape[2] / heads]), [0, 2, 1, 3]);
    }

    private static Tensor Whole(Node node, Tensor q, Tensor k, Tensor v, double scale)
    {
        node.Require(q.BatchAxis == 0, "the samples are not the first axis.");
        var factor = scale == 0 ? 1 : scale * Math.Sqrt(q.Shape[3]);
        if (Math.Abs(factor - 1) > 1e-6) q = Arithmetic.Multiply(node, q, Arithmetic.Number(factor));
        Code[] operands = [q.Arranged(2, 1, 3).Code, k.Arranged(2, 1, 3).Code, v.Arranged(2, 1, 3).Code];
        var code = new Code($"Tensor.Attention({{0}}, {{1}}, {{2}}{(node.Int("is_causal", 0) == 1 ? ", causal: true" : "")})", Precedence.Primary, operands);
        return new([q.Shape[0], q.Shape[1], q.Shape[2], v.Shape[3]], q.BatchAxis, [2, 1, 3], code);
    }

    private static Tensor Masked(Node node, Tensor q, Tensor k, Tensor v, double scale)
    {
        node.Require(node.Int("is_causal", 0) == 0, "a mask together with is_causal is not supported.");
        node.Require(q.Shape[1] == k.Shape[1], "a mask together with fewer heads of keys than of queries is not supported.");
        var scores = Matrices.Product(node, q, Movements.Transposed(k, [0, 1, 3, 2]), null);
        scores = Arithmetic.Multiply(node, scores, Arithmetic.Number(scale == 0 ? 1 / Math.Sqrt(q.Shape[3]) : scale));
        var mask = node.Input(3);
        node.Require(mask is not Constant { IsInteger: true } and not Tensor { Kind: ElementKind.Integer }, "a mask of logical values is not supported; one that is added to the scores is.");
        var masked = Arithmetic.Add(node, scores, mask).WithLast(3);
        return Matrices.Product(node, masked.With(Code.Call(masked.Code, "Softmax()")), v, null);
    }
}
