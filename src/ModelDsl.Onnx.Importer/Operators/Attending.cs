using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Recognize;
using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>Attention: as one operator, since opset 23, and as the operators that it consists of.</summary>
internal static class Attending
{
    public static IEnumerable<KeyValuePair<string, Action<Node>>> Converters => [new("Attention", Attention), new(Recognized.Attention, Found)];

    private static void Attention(Node node)
    {
        node.Require(!node.Has(4) && !node.Has(5), "keys and values of earlier positions (past_key, past_value) are not supported.");
        node.Require(!node.Needs(1) && !node.Needs(2) && !node.Needs(3), "its further outputs are not supported.");
        node.Require(node.Float("softcap", 0) == 0, "softcap is not supported.");
        var (queryHeads, keyHeads) = (node.Int("q_num_heads", 0), node.Int("kv_num_heads", 0));
        var (q, k, v) = (Heads.Apart(node, node.Tensor(0), queryHeads), Heads.Apart(node, node.Tensor(1), keyHeads), Heads.Apart(node, node.Tensor(2), keyHeads));
        node.Require(q.BatchAxis == 0, "the samples are not the first axis.");
        var scores = new AttentionScores(node, q.Shape[1], q.Shape[2], k.Shape[2]) { IsCausal = node.Int("is_causal", 0) == 1 };
        if (node.Has(3))
        {
            var mask = node.Input(3);
            node.Require(mask is not Constant { Count: > Sizes.MostComputed }, $"a mask of shape {Sizes.Text(mask.Shape)} is too large: at most {Sizes.MostComputed:N0} elements are supported.");
            var isLogical = mask is Constant { IsInteger: true } or Tensor { Kind: ElementKind.Integer };
            var isPossible = isLogical ? scores.Select(mask, Arithmetic.Number(float.MinValue), isExcluding: false) : scores.Add(mask);
            node.Require(isPossible, isLogical || mask is Tensor || Sizes.Fits(mask.Shape, scores.Shape) ? "its mask has NaN or +∞, but finite numbers and −∞ are expected." : $"a mask of shape {Sizes.Text(mask.Shape)} does not fit the scores {Sizes.Text(scores.Shape)}.");
        }

        var scale = node.Float("scale", 0);
        node.Require(IsLayer(q, k, v, scores), $"queries {Sizes.Text(q.Shape)}, keys {Sizes.Text(k.Shape)} and values {Sizes.Text(v.Shape)} with this mask are not supported.");
        var result = Layer(node, q, k, v, scores, scale == 0 ? 1 / Math.Sqrt(q.Shape[3]) : scale);
        node.Set(0, node.Tensor(0).Rank == 3 ? Heads.Joined(node, result) : result);
    }

    /// <summary>Converts attention that is several operators in the file.</summary>
    private static void Found(Node node)
    {
        if (AsLayer(node) is { } result)
        {
            node.Set(0, result);
            return;
        }

        Value values = Matrices.Product(node, node.Input(0), node.Input(1), null);
        var at = 3;
        foreach (var step in node.Texts(AttentionPattern.Steps) ?? [])
        {
            var other = node.Input(at++);
            values = step switch
            {
                "Add" => Arithmetic.Add(node, values, other),
                "Sub" => Arithmetic.Subtract(node, values, other),
                "Mul" => Arithmetic.Multiply(node, values, other),
                "Div" => Broadcasts.Join(node, values, other, "{0} / {1}", Precedence.Product),
                "Where" => Comparisons.Select(node, other, values, node.Input(at++)),
                _ => Comparisons.Select(node, other, node.Input(at++), values),
            };
        }

        node.Set(0, Matrices.Product(node, Normalizations.Softmax(node, (Tensor)values, "Softmax()"), node.Input(2), null));
    }

    /// <summary>Returns attention as the layer; null if the layer does not compute it.</summary>
    private static Tensor? AsLayer(Node node)
    {
        if (node.Input(0) is not Tensor first || node.Axis(node.Int("axis", -1), first.Rank) != first.Rank - 1) return null;
        if (first.Rank == 4) return OfHeads(node);
        if (first.Rank != 3) return null;

        // Without samples the first axis is that of the heads; with samples there is one head.
        int[] added = [first.BatchAxis < 0 ? 0 : 1];
        var result = OfHeads(node.With(node.Type, [.. node.Inputs.Select(input => input is { Rank: 3 } ? Movements.WithAxes(input, added) : input)]));
        return result is null ? null : Movements.WithoutAxes(result, added);
    }

    /// <summary>Returns attention with operands [N, heads, T, d] as the layer; null if the layer does not compute it.</summary>
    private static Tensor? OfHeads(Node node)
    {
        if (node.Input(0) is not Tensor { Rank: 4, Kind: not ElementKind.Token } q || node.Input(1) is not Tensor { Rank: 4, Kind: not ElementKind.Token } transposedKeys || node.Input(2) is not Tensor { Rank: 4, Kind: not ElementKind.Token } v) return null;
        var k = (Tensor)Movements.Transposed(transposedKeys, [0, 1, 3, 2]);
        return AttentionScores.Of(node, q.Shape[1], q.Shape[2], k.Shape[2]) is { } scores && q.Shape[1] == k.Shape[1] && IsLayer(q, k, v, scores) ? Layer(node, q, k, v, scores, scores.Scale) : null;
    }

    /// <summary>Whether the layer computes it: [N, heads, T, d], [N, key heads, S, d], [N, key heads, S, e], and scores that fit.</summary>
    private static bool IsLayer(Tensor q, Tensor k, Tensor v, AttentionScores scores)
    {
        if (q.BatchAxis > 0 || (q.BatchAxis < 0 && q.Shape[0] != 1) || k.BatchAxis != q.BatchAxis || v.BatchAxis != q.BatchAxis || q.Shape[3] != k.Shape[3] || k.Shape[1] != v.Shape[1] || k.Shape[2] != v.Shape[2] || q.Shape[1] % k.Shape[1] != 0) return false;
        if (scores.IsCausal && q.Shape[2] != k.Shape[2]) return false;
        if (scores.Bias is not { } bias) return true;
        long[] shape = [Sizes.Batch, q.Shape[1], q.Shape[2], k.Shape[2]];
        var isWithin = bias.Rank <= 4 && Enumerable.Range(4 - bias.Rank, bias.Rank).All(axis => bias.Shape[axis - 4 + bias.Rank] is var size && (size == 1 || size == shape[axis]));
        return isWithin && (bias is Tensor tensor ? tensor.WithRank(4).BatchAxis == q.BatchAxis : bias.Rank < 4 || bias.Shape[0] == 1);
    }

    private static Tensor Layer(Node node, Tensor q, Tensor k, Tensor v, AttentionScores scores, double scale)
    {
        // The layer divides by the square root of the size of a head.
        var factor = scale * Math.Sqrt(q.Shape[3]);
        if (Math.Abs(factor - 1) > 1e-6) q = Arithmetic.Multiply(node, q, Arithmetic.Number(factor));
        Code[] operands = [q.Arranged(2, 1, 3).Code, k.Arranged(2, 1, 3).Code, v.Arranged(2, 1, 3).Code, .. scores.Bias is { } bias ? [Summand(node, bias)] : Array.Empty<Code>()];
        var arguments = string.Join(", ", operands.Select((_, index) => $"{{{index}}}")) + (scores.IsCausal ? ", causal: true" : "");
        return new([q.Shape[0], q.Shape[1], q.Shape[2], v.Shape[3]], q.BatchAxis, [2, 1, 3], new Code($"Tensor.Attention({arguments})", Precedence.Primary, operands));
    }

    /// <summary>What is added to the scores, without leading axes of size 1.</summary>
    private static Code Summand(Node node, Value bias)
    {
        if (bias is Tensor tensor)
        {
            var own = tensor.WithRank(4);
            int[] order = [.. Enumerable.Range(1, 3).SkipWhile(axis => axis < 3 && own.Shape[axis] == 1)];
            return own.Arranged(order).Code;
        }

        var constant = ((Constant)bias).WithRank(4);
        return node.Scope.Weight(constant.WithShape([.. constant.Shape.SkipWhile((size, axis) => axis < 3 && size == 1)]), node);
    }
}
