using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Simplify;

/// <summary>
/// A sum of values that are padded with zeros, each in another part of an axis, is the concatenation of these values. The gradients of the slices of one value have that form,
/// such as queries, keys and values of a common projection.
/// </summary>
internal static class DisjointPads
{
    /// <summary>Concatenates the operands of such a sum. Other terms remain terms of a sum.</summary>
    public static Node? Concatenate(Node node)
    {
        if (node is not MapNode map || Terms(map.Body) is not { } terms) return null;
        var pads = terms.Select(term => map.Operands[term]).Where(operand => operand.Node is PadNode && operand.Map.IsIdentity(map.Shape.Rank) && operand.Node.Shape == map.Shape)
            .Select(operand => (PadNode)operand.Node).Distinct().ToArray();
        for (var axis = 0; axis < map.Shape.Rank; axis++)
        {
            if (map.Shape[axis].IsBatch || PartsAlong(axis, pads) is not { } parts || parts.Sum(part => terms.Count(term => map.Operands[term].Node == part)) != parts.Count) continue;
            var whole = GraphBuilder.Concat(map.Name, axis, [.. parts.Select(part => part.Operands[0].Node)]);
            var others = terms.Select(term => map.Operands[term]).Where(operand => !parts.Contains(operand.Node)).ToArray();
            if (others.Length == 0) return whole;
            var sum = Enumerable.Range(1, others.Length).Aggregate(Input(0), (left, term) => Add(left, Input(term)));
            return GraphBuilder.Map(map.Name, map.Shape, sum, [Operand.Whole(whole), .. others]);
        }

        return null;
    }

    /// <summary>Returns the pads whose operands fill an axis without gaps or overlaps and are complete along all others; null if there are none.</summary>
    private static List<Node>? PartsAlong(int axis, PadNode[] pads)
    {
        var (parts, end) = (new List<Node>(), 0);
        foreach (var pad in pads.Where(pad => IsAlong(pad, axis)).OrderBy(pad => pad.Start[axis]))
        {
            if (pad.Start[axis] != end) return null;
            parts.Add(pad);
            end += pad.Operands[0].Node.Shape[axis].Value;
        }

        return parts.Count > 1 && end == pads[0].Shape[axis].Value ? parts : null;
    }

    private static bool IsAlong(PadNode pad, int axis) =>
        Enumerable.Range(0, pad.Shape.Rank).All(other => other == axis || pad.Operands[0].Node.Shape[other] == pad.Shape[other]);

    /// <summary>Returns the operands that a body adds; null if it does anything else.</summary>
    private static List<int>? Terms(Expr body) => body switch
    {
        Leaf leaf => [leaf.Input],
        Apply { Op: ScalarOp.Add } sum => Terms(sum.Args[0]) is { } left && Terms(sum.Args[1]) is { } right ? [.. left, .. right] : null,
        _ => null,
    };
}
