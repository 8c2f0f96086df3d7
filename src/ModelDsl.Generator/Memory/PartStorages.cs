using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Memory;

/// <summary>Values that are computed directly in the buffer of a concatenation. Nothing else reads them, so they need no buffer of their own and no copy.</summary>
internal static class PartStorages
{
    /// <summary>For each such value: the concatenation, and the layout of the value in its row-major buffer.</summary>
    /// <param name="fused">The groups.</param>
    public static Dictionary<Node, (ConcatNode Whole, Strided Layout)> Of(FusedGraph fused)
    {
        var parts = new Dictionary<Node, (ConcatNode, Strided)>();
        var whole = fused.Groups.SelectMany(group => group.Stored).OfType<ConcatNode>().Where(concat => concat.Shape.HasBatch).ToArray();
        if (whole.Length == 0) return parts;
        var readers = fused.Graph.Nodes.SelectMany(node => node.Operands.Select(operand => operand.Node)).Concat(fused.Graph.Roots.Select(root => root.Value))
            .GroupBy(node => node).ToDictionary(group => group.Key, group => group.Count());
        var writers = fused.Groups.SelectMany(group => group.Stored.Select(node => (node, group.Kind))).ToDictionary(pair => pair.node, pair => pair.Kind);
        foreach (var concat in whole)
        {
            var (strides, start) = (Strided.RowMajor(concat.Shape).Strides, 0);
            foreach (var part in concat.Operands.Select(operand => operand.Node))
            {
                if (LayoutOf(part, strides, start * strides[concat.Axis]) is var (value, layout)) parts[value] = (concat, layout);
                start += part.Shape[concat.Axis].Value;
            }
        }

        return parts;

        // Other kinds of kernels write row-major results.
        (Node Value, Strided Layout)? LayoutOf(Node part, IReadOnlyList<int> strides, int offset)
        {
            var value = part is ReshapeNode ? part.Operands[0].Node : part;
            if (readers[part] > 1 || readers[value] > 1 || !writers.TryGetValue(value, out var kind) || kind is not (GroupKind.Contract or GroupKind.Row or GroupKind.Chain)) return null;
            if (Maps.MixedRadix(part.Shape, value.Shape) is not { } digits) return null;
            var own = new int[value.Shape.Rank];
            for (var axis = 0; axis < digits.Rank; axis++)
            {
                foreach (var term in digits[axis].Terms) own[term.Axis] = strides[axis] * term.Scale;
            }

            // Kernels store the elements of a row side by side. A value without axes of a sample has one element in each.
            var last = own.Length - 1;
            var isSingle = last < (value.Shape.HasBatch ? 1 : 0) || value.Shape[last].Value == 1;
            return isSingle || own[last] == 1 ? (value, new Strided(own, offset)) : null;
        }
    }
}
