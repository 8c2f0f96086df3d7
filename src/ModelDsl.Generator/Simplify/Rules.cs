using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Simplify;

/// <summary>Rewrite rules for one node and its operands. Each returns another node for the same value, or null if it does not apply.</summary>
internal static class Rules
{
    /// <summary>Replaces a read through a view by a read of the view's operand.</summary>
    public static Node? FoldView(Node node)
    {
        if (node is not (MapNode or ReduceNode or ContractNode or ViewNode)) return null;
        for (var i = 0; i < node.Operands.Count; i++)
        {
            var (read, map) = node.Operands[i];
            if (read is not ViewNode view) continue;
            var behind = view.Operands[0];

            // A product needs a factor along each of its axes; the operand of a broadcast does not have it.
            if (node is ContractNode && Maps.Repeats(behind.Map, view.Shape)) continue;
            var composed = behind.Map.After(map);

            // A sum may skip terms beyond the edge of a slice, but the operand of the slice has elements there. A permutation has the same edges.
            var keepsEdges = Maps.InBounds(map, node.Domain, view.Shape) || Maps.IsPermutation(behind.Map, view.Shape, behind.Node.Shape);
            if (!keepsEdges || !Maps.IsNormal(composed, node.Domain, behind.Node.Shape)) continue;
            if (node is ContractNode contract && LosesAxes(contract, i, composed)) continue;
            return node.With([.. node.Operands.Take(i), new Operand(behind.Node, composed), .. node.Operands.Skip(i + 1)]);
        }

        return null;
    }

    /// <summary>
    /// Whether neither operand of a product would depend on an axis of the result. A broadcast along such an axis stays a view, whose elements have the same address.
    /// </summary>
    private static bool LosesAxes(ContractNode contract, int operand, IndexMap composed)
    {
        var read = AxesOf(composed).Concat(AxesOf(contract.Operands[1 - operand].Map));
        return AxesOf(contract.Operands[operand].Map).Intersect(AxesOf(contract.Output)).Except(read).Any();

        static IEnumerable<int> AxesOf(IndexMap map) => map.Coordinates.SelectMany(coordinate => coordinate.Terms).Select(term => term.Axis);
    }

    /// <summary>Removes a view that does not change its operand.</summary>
    public static Node? DropIdentity(Node node) => node switch
    {
        ViewNode view when view.Operands[0].Map.IsIdentity(view.Shape.Rank) && view.Shape == view.Operands[0].Node.Shape => view.Operands[0].Node,
        ReshapeNode reshape when reshape.Shape == reshape.Operands[0].Node.Shape => reshape.Operands[0].Node,
        ConcatNode { Operands.Count: 1 } concat => concat.Operands[0].Node,
        MapNode { Body: Leaf leaf } map when map.Operands[leaf.Input].Node.Type == ElementType.Float =>
            GraphBuilder.View(map.Name, map.Shape, map.Operands[leaf.Input]),
        _ => null,
    };

    public static Node? MergeReshapes(Node node) => node is ReshapeNode && node.Operands[0].Node is ReshapeNode inner
        ? GraphBuilder.Reshape(node.Name, node.Shape, inner.Operands[0].Node)
        : null;

    /// <summary>Replaces an operand with equal elements by a constant in the body.</summary>
    public static Node? FoldConstant(Node node) => Bodies.Of(node) is { } body
        && body.Operands.Any(operand => IsConstant(operand, node.Domain)) ? Fold(body) : null;

    /// <summary>Removes operands that the body does not read, or that are duplicates.</summary>
    public static Node? DropOperands(Node node)
    {
        if (Bodies.Of(node) is not { } body || body.Operands.Count == 0) return null;
        var used = ExprWalk.Inputs(body.Expr);
        var kept = new List<Operand>();
        var leaves = new Expr[body.Operands.Count];
        for (var i = 0; i < leaves.Length; i++)
        {
            var operand = body.Operands[i];

            // An operand that the body of a sum does not read may still limit its domain.
            var needed = used.Contains(i) || !Maps.InBounds(operand.Map, node.Domain, operand.Node.Shape);
            var number = kept.IndexOf(operand);
            if (needed && number < 0)
            {
                number = kept.Count;
                kept.Add(operand);
            }

            leaves[i] = Input(Math.Max(0, number));
        }

        return kept.Count == leaves.Length ? null : body.With(ExprWalk.Substitute(body.Expr, leaves), kept);
    }

    /// <summary>Rewrites a body to forms that do not overflow or cancel, and to shorter ones.</summary>
    public static Node? SimplifyBody(Node node)
    {
        if (Bodies.Of(node) is not { } body) return null;
        var simple = StableForms.Simplify(body.Expr);
        return simple == body.Expr ? null : body.With(simple, body.Operands);
    }

    /// <summary>Replaces a sum with one term per result by a map.</summary>
    public static Node? DropEmptyReduction(Node node) => node is ReduceNode reduce
        && Maps.IsPermutation(reduce.Output, reduce.Domain, reduce.Shape)
        && reduce.Operands.All(operand => Maps.InBounds(operand.Map, reduce.Domain, operand.Node.Shape))
        ? GraphBuilder.View(
            reduce.Name,
            reduce.Shape,
            new Operand(GraphBuilder.Map(reduce.Name, reduce.Domain, OfOneTerm(reduce), [.. reduce.Operands]), Maps.Inverse(reduce.Output, reduce.Domain)))
        : null;

    /// <summary>
    /// Replaces a sum or maximum whose windows do not overlap and which has one term per result: un-pooling is a map over positions and window elements, whose digits in
    /// order are the index of the result.
    /// </summary>
    public static Node? DropWindowsSideBySide(Node node)
    {
        if (node is not ReduceNode reduce || !reduce.Operands.All(operand => Maps.InBounds(operand.Map, reduce.Domain, operand.Node.Shape))) return null;
        int[] order = [.. reduce.Output.Coordinates.SelectMany(coordinate => coordinate.Terms.OrderByDescending(term => term.Scale)).Select(term => term.Axis)];
        var isCovered = order.Distinct().Count() == order.Length && order.Length == reduce.Domain.Rank
            && Enumerable.Range(0, reduce.Shape.Rank).All(k => Maps.IsCovered(reduce.Output[k], reduce.Domain, reduce.Shape[k]));
        if (!isCovered || reduce.Output.Coordinates.All(coordinate => coordinate.Axis >= 0)) return null;
        int[] positions = [.. Enumerable.Range(0, order.Length).Select(axis => Array.IndexOf(order, axis))];
        var body = ExprWalk.Substitute(OfOneTerm(reduce), [.. Enumerable.Range(0, reduce.Operands.Count).Select(Input)], axis => Index(positions[axis]));
        var map = GraphBuilder.Map(
            reduce.Name,
            new Shape([.. order.Select(axis => reduce.Domain[axis])]),
            body,
            [.. reduce.Operands.Select(operand => operand with { Map = operand.Map.After(IndexMap.Project(positions)) })]);
        return GraphBuilder.Reshape(reduce.Name, reduce.Shape, map);
    }

    /// <summary>Returns the result of a reduction with a single term.</summary>
    private static Expr OfOneTerm(ReduceNode reduce) => reduce.Op == ReduceOp.ArgMax ? Zero : reduce.Body;

    /// <summary>Removes the marks of constants after differentiation.</summary>
    public static Node? DropStopGradient(Node node) => node is StopGradientNode ? node.Operands[0].Node : null;

    /// <summary>log Σ eˣ = m + log Σ e^(x − m) with m = max x, which cannot overflow. It is applied after differentiation, so m needs no gradient.</summary>
    public static Node? ExpandLogSumExp(Node node)
    {
        if (node is not LogSumExpNode) return null;
        var input = Operand.Whole(node.Operands[0].Node);
        var greatest = GraphBuilder.ReduceLast(node.Name + "Maximum", ReduceOp.Max, node.Domain, Input(0), input);
        var sum = GraphBuilder.ReduceLast(
            node.Name + "Sum", ReduceOp.Sum, node.Domain, Exp(Subtract(Input(0), Input(1))), input, Operand.Whole(greatest));
        return GraphBuilder.Pointwise(node.Name, Add(Input(0), Log(Input(1))), greatest, sum);
    }

    private static bool IsConstant(Operand operand, Shape domain) =>
        operand.Node is MapNode { Body: Constant } && Maps.InBounds(operand.Map, domain, operand.Node.Shape);

    private static Node Fold(Bodies body)
    {
        var leaves = new List<Expr>();
        var kept = new List<Operand>();
        foreach (var operand in body.Operands)
        {
            if (IsConstant(operand, body.Node.Domain))
            {
                leaves.Add(((MapNode)operand.Node).Body);
                continue;
            }

            leaves.Add(Input(kept.Count));
            kept.Add(operand);
        }

        return body.With(ExprWalk.Substitute(body.Expr, leaves), kept);
    }
}
