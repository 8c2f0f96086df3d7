using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Demand;

/// <summary>
/// Shrinks each value to the region anybody reads: what a slice drops is then never computed, forward or backward. Demand flows from
/// the roots to the leaves; a second walk rebuilds what became smaller and shifts its readers.
/// </summary>
internal static class DemandPass
{
    public static ModelGraph Run(ModelGraph graph)
    {
        var demand = Collect(graph);
        if (demand.All(pair => pair.Value.IsWhole(pair.Key.Shape))) return graph;
        var map = new Dictionary<Node, Node>();
        foreach (var node in graph.Nodes)
        {
            var rebuilt = node.Operands.Count == 0 ? node : node.With([.. node.Operands.Select(operand => Shifted(operand, demand[operand.Node], map))]);
            map[node] = demand[node].IsWhole(node.Shape) ? rebuilt : Shrunk(rebuilt, demand[node]);
        }

        return Verifier.Checked(new ModelGraph([.. graph.Roots.Select(root => root with { Value = map[root.Value] })]));
    }

    private static Dictionary<Node, Box> Collect(ModelGraph graph)
    {
        var demand = new Dictionary<Node, Box>();
        foreach (var root in graph.Roots) demand[root.Value] = Box.Whole(root.Value.Shape);
        foreach (var node in graph.Nodes.Reverse())
        {
            // Read only beyond its edges, or of a kind whose parts are not computed apart.
            if (!demand.ContainsKey(node) || !CanShrink(node)) demand[node] = Box.Whole(node.Shape);
            var domain = DomainOf(node, demand[node]);
            foreach (var operand in node.Operands)
            {
                var read = node is MapNode or ViewNode or ContractNode or ReduceNode ? domain.Through(operand.Map, operand.Node.Shape) : Box.Whole(operand.Node.Shape);
                if (read is not { } box) continue;
                demand[operand.Node] = demand.TryGetValue(operand.Node, out var known) ? known.Union(box) : box;
            }
        }

        return demand;
    }

    private static bool CanShrink(Node node) => node switch
    {
        MapNode or ViewNode => true,
        ContractNode contract => IsPlain(contract.Output),
        ReduceNode reduce => IsPlain(reduce.Output),
        _ => false,
    };

    // Each axis of the output is an axis of the domain, so that a part of the one is a part of the other.
    private static bool IsPlain(IndexMap output) =>
        output.Coordinates.All(coordinate => coordinate.Axis >= 0) && output.Coordinates.Select(coordinate => coordinate.Axis).Distinct().Count() == output.Rank;

    /// <summary>The part of the domain that computes a part of the output.</summary>
    private static Box DomainOf(Node node, Box output)
    {
        if (OutputOf(node) is not { } map) return output;
        var domain = Box.Whole(node.Domain);
        if (!IsPlain(map)) return domain;
        for (var axis = 0; axis < map.Rank; axis++)
        {
            domain.Low[map[axis].Axis] = output.Low[axis];
            domain.High[map[axis].Axis] = output.High[axis];
        }

        return domain;
    }

    private static IndexMap? OutputOf(Node node) => node switch
    {
        ContractNode contract => contract.Output,
        ReduceNode reduce => reduce.Output,
        _ => null,
    };

    private static Operand Shifted(Operand operand, Box box, Dictionary<Node, Node> map) => new(
        map[operand.Node],
        new([.. operand.Map.Coordinates.Select((coordinate, axis) => coordinate with { Offset = coordinate.Offset - box.Low[axis] })]));

    private static Node Shrunk(Node node, Box box)
    {
        var domain = DomainOf(node, box);
        var shift = new IndexMap([.. domain.Low.Select((low, axis) => Coordinate.Of(axis, 1, low))]);
        var (shape, smaller) = (box.ShapeIn(node.Shape), domain.ShapeIn(node.Domain));
        Operand[] operands = [.. node.Operands.Select(operand => operand with { Map = operand.Map.After(shift) })];
        Expr Moved(Expr body) => ExprWalk.Substitute(
            body,
            [.. Enumerable.Range(0, operands.Length).Select(Expressions.Input)],
            axis => Expressions.Add(Expressions.Index(axis), Expressions.Const(domain.Low[axis])));
        return node switch
        {
            MapNode map => GraphBuilder.Map(map.Name, shape, Moved(map.Body), operands),
            ViewNode view => GraphBuilder.View(view.Name, shape, operands[0]),
            ContractNode contract => GraphBuilder.Contract(contract.Name, shape, smaller, contract.Output, operands[0], operands[1]),
            ReduceNode reduce => GraphBuilder.Reduce(reduce.Name, reduce.Op, shape, smaller, reduce.Output, Moved(reduce.Body), operands),
            _ => throw new InvalidGraphException($"no part of '{node.Name}' can be computed alone"),
        };
    }
}
