using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Simplify;

/// <summary>
/// A map of a reshaped map is computed before the reshape if an axis is split in mixed radix: <c>f(x, reshape(y)) = reshape(f(x at the digits, y))</c>.
/// Then both are one pass over memory. The gradient through the windows of a pool has that form: a map over positions and window elements, followed by
/// the gradient of the activation before the pool.
/// </summary>
internal static class BeforeReshape
{
    public static ModelGraph Run(ModelGraph graph)
    {
        var readers = Inlining.CountReaders(graph);
        return Rewriter.Rewrite(graph, node => node switch
        {
            MapNode map => Moved(map, readers) ?? node,
            ReshapeNode reshape => Transposed(reshape, readers) ?? node,
            _ => node,
        });
    }

    private static Node? Moved(MapNode map, Dictionary<Node, int> readers)
    {
        // A map of a product's result is fused into its epilogue anyway.
        if (map.Operands.Any(operand => operand.Node is ContractNode && operand.Map.IsIdentity(map.Shape.Rank))) return null;
        for (var i = 0; i < map.Operands.Count; i++)
        {
            var operand = map.Operands[i];
            if (operand.Node is not ReshapeNode reshape || !operand.Map.IsIdentity(map.Shape.Rank) || !IsReadOnce(reshape)) continue;
            var split = reshape.Operands[0].Node;
            if (!IsReadOnce(split) || SourceOf(split) is not { } source || !IsReadOnce(source)) continue;
            if (Maps.MixedRadix(map.Shape, split.Shape) is not { } digits) continue;
            Operand[] operands = [.. map.Operands.Select((other, at) => at == i ? Operand.Whole(split) : other with { Map = other.Map.After(digits) })];
            if (operands.Any(other => !Maps.IsNormal(other.Map, split.Shape, other.Node.Shape) || other.Node is RandomNode)) continue;
            var body = ExprWalk.Substitute(map.Body, [.. Enumerable.Range(0, operands.Length).Select(Input)], axis => Inlining.At(digits[axis]));
            return GraphBuilder.Reshape(map.Name, map.Shape, GraphBuilder.Map(map.Name, split.Shape, body, operands));
        }

        return null;

        bool IsReadOnce(Node node) => readers.TryGetValue(node, out var count) && count == 1;
    }

    /// <summary>Computes a map that is transposed before it is reshaped, and has no other reader, in the order of the transposed map.</summary>
    private static Node? Transposed(ReshapeNode reshape, Dictionary<Node, int> readers)
    {
        if (reshape.Operands[0].Node is not ViewNode view || view.Operands[0].Node is not MapNode map || readers[view] > 1 || readers[map] > 1) return null;
        if (!Maps.IsPermutation(view.Operands[0].Map, view.Shape, map.Shape)) return null;
        var operands = new List<Operand>();
        return Inlining.Inline(map, view.Operands[0].Map, view.Shape, operands) is { } body && operands.All(operand => operand.Node is not RandomNode)
            ? GraphBuilder.Reshape(reshape.Name, reshape.Shape, GraphBuilder.Map(map.Name, view.Shape, body, [.. operands]))
            : null;
    }

    /// <summary>Returns the map that computes these elements, transposed or not.</summary>
    private static MapNode? SourceOf(Node node) => (node is ViewNode view ? view.Operands[0].Node : node) as MapNode;
}
