using ModelDsl.Compiled;
using ModelDsl.Onnx.Export;
using ModelDsl.Onnx.Graphs;

namespace ModelDsl.Onnx.Patterns;

/// <summary>
/// Scaled dot-product attention to all keys, or to those at the query's position and before, with or without numbers that are added to the scores: the operator Attention, since opset 23. Others are
/// products and a softmax.
/// </summary>
internal static class AttentionPattern
{
    private const int OpsetOfAttention = 23;

    /// <summary>The greatest score of a key that is not attended to.</summary>
    private const double Excluded = -1e29;

    /// <summary>Returns the group whose result is a node; null if there is none.</summary>
    public static PatternMatch? Find(ExportScope scope, int number)
    {
        var node = scope.Node(number);
        if (scope.Graph.Opset < OpsetOfAttention || node is not { Kind: GraphNodeKind.Contract, Shape.Length: 4 or 5, Operands: [var weights, var value] })
            return null;

        // The axes of heads: [heads], or [groups, heads of a group].
        int[] heads = [.. Enumerable.Range(1, node.Shape.Length - 3)];
        var (query, last, sum) = (heads.Length + 1, heads.Length + 2, heads.Length + 3);
        if (!node.Output.Are([0, query, .. heads, last]) || !weights.Map.Are([0, .. heads, query, sum]) || !value.Map.Are(0, sum, 1, last))
            return null;
        if (Scores(scope, weights.Node) is not { } scores || Scale(scope.Node(scores), query, last) is not { } rule || scope.Node(scope.Node(scores).Operands[0].Node) is not { Kind: GraphNodeKind.Contract } products)
            return null;
        var (queries, keys) = (products.Operands[0], products.Operands[1]);
        if (!products.Output.Are([0, .. heads, query, last]) || !queries.Map.Are([0, query, .. heads, sum]) || !keys.Map.Are(0, last, 1, sum))
            return null;
        var (source, key) = (queries.Node, keys.Node);
        if (heads.Length == 2)
        {
            if (scope.Node(source) is not { Kind: GraphNodeKind.Reshape } split || scope.Node(split.Operands[0].Node).Shape is not [_, _, var all, _] || all != node.Shape[2] * node.Shape[3])
                return null;
            source = split.Operands[0].Node;
        }

        if (rule.IsCausal && scope.Node(source).Shape[1] != scope.Node(key).Shape[1])
            return null;
        int[] operands = [source, key, value.Node];
        if (scope.Node(scores).Operands.Length == 1)
            return new(operands, () => Write(scope, node, operands, rule.Scale, rule.IsCausal, mask: null));
        var bias = scope.Node(scores).Operands[1];
        return heads.Length == 1 ? new([.. operands, bias.Node], () => Write(scope, node, operands, rule.Scale, rule.IsCausal, Mask(scope, scope.Node(scores), bias))) : null;
    }

    /// <summary>The numbers that are added to the scores, [N or 1, heads or 1, T, S].</summary>
    private static string Mask(ExportScope scope, GraphNode scores, GraphOperand bias)
    {
        var value = scope.Read(bias, scores, needsAll: true);
        int[] order = [.. Enumerable.Range(0, 4).Where(axis => axis > 1 || value.PositionOf(axis) >= 0)];
        var full = scope.Layouts.Full(scores.Name, value, scores.Shape, order).Name;
        int[] missing = [.. Enumerable.Range(0, 2).Where(axis => !order.Contains(axis))];
        return missing.Length == 0 ? full : scope.Graph.Add("Unsqueeze", scores.Name, [full, scope.Graph.Integers(missing)]);
    }

    private static OnnxTensor Write(ExportScope scope, GraphNode node, int[] operands, double scale, bool isCausal, string? mask)
    {
        string[] inputs = [.. operands.Select(operand => scope.Layouts.Full(node.Name, scope[operand], scope.Node(operand).Shape, [0, 2, 1, 3]).Name), .. mask is null ? [] : new[] { mask }];
        var result = scope.Graph.Add("Attention", node.Name, inputs, OnnxAttribute.Of("scale", scale), OnnxAttribute.Of("is_causal", isCausal ? 1 : 0));
        return node.Shape is [_, var length, var groups, var heads, var width]
            ? new(scope.Layouts.Reshape(node.Name, result, [0, groups, heads, length, width]), [0, 2, 3, 1, 4])
            : new(result, [0, 2, 1, 3]);
    }

    /// <summary>The scores whose softmax a node is; null if it is none, or if another node reads them.</summary>
    private static int? Scores(ExportScope scope, int weights)
    {
        var node = scope.Node(weights);
        if (node is not { Kind: GraphNodeKind.Map, Operands: [var scores, var sum] } || !scope.IsReadOnce(weights) || !BodyPattern.Matches(node, "Exp(Subtract(x0,x1))"))
            return null;
        return scope.Node(sum.Node) is { Kind: GraphNodeKind.LogSumExp } total && total.Operands[0].Node == scores.Node && scope.Node(scores.Node) is { Kind: GraphNodeKind.Map, Operands.Length: 1 or 2 }
            ? scores.Node
            : null;
    }

    /// <summary>The factor of the products, and whether only keys up to the query's position count; null for other scores.</summary>
    private static (double Scale, bool IsCausal)? Scale(GraphNode scores, int query, int key)
    {
        var score = scores.Operands.Length == 1 ? "Multiply(#,x0)" : "Add(Multiply(#,x0),x1)";
        if (BodyPattern.Matches(scores, score, out var numbers))
            return (numbers[0], false);

        // A bias is not below a limit where keys are excluded.
        if (scores.Operands.Length == 2)
            score = "Add(Multiply(#,x0),Maximum(x1,#))";
        if (BodyPattern.Matches(scores, $"Select(Not(Less(Subtract(i{query},i{key}),#)),{score},#)", out numbers) && numbers[0] == 0 && numbers[^1] < Excluded && (numbers.Length == 3 || numbers[2] < Excluded))
            return (numbers[1], true);
        return null;
    }
}
