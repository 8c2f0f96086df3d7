using ModelDsl.Generator.Graph;

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
            map[node] = demand[node].IsWhole(node.Shape)
                ? rebuilt
                : RegionRules.Of(rebuilt, demand[node]).Alone?.Invoke() ?? throw new InvalidGraphException($"no part of '{node.Name}' can be computed alone");
        }

        return Verifier.Checked(new ModelGraph([.. graph.Roots.Select(root => root with { Value = map[root.Value] })]));
    }

    private static Dictionary<Node, Box> Collect(ModelGraph graph)
    {
        var demand = new Dictionary<Node, Box>();
        foreach (var root in graph.Roots) demand[root.Value] = Box.Whole(root.Value.Shape);
        foreach (var node in graph.Nodes.Reverse())
        {
            // Read only beyond its edges, or of a kind whose parts are not computed alone.
            var isKnown = demand.TryGetValue(node, out var region);
            if (!isKnown || (!region.IsWhole(node.Shape) && RegionRules.Of(node, region).Alone is null)) demand[node] = region = Box.Whole(node.Shape);
            var required = RegionRules.Of(node, region).Required;
            for (var i = 0; i < required.Count; i++)
            {
                if (required[i] is not { } box) continue;
                var operand = node.Operands[i].Node;
                demand[operand] = demand.TryGetValue(operand, out var known) ? known.Union(box) : box;
            }
        }

        return demand;
    }

    private static Operand Shifted(Operand operand, Box box, Dictionary<Node, Node> map) => new(
        map[operand.Node],
        new([.. operand.Map.Coordinates.Select((coordinate, axis) => coordinate with { Offset = coordinate.Offset - box.Low[axis] })]));
}
