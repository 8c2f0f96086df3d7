using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.RegionAnalysis;

/// <summary>
/// Reduces each value to its required region, so that the part that a slice drops is never computed, forward or backward. Required regions are propagated from
/// the roots to the leaves; a second pass rebuilds the nodes that became smaller and shifts the reads of their readers.
/// </summary>
internal static class RegionPass
{
    public static ModelGraph Run(ModelGraph graph)
    {
        var regions = Collect(graph);
        if (regions.All(pair => pair.Value.IsWhole(pair.Key.Shape))) return graph;
        var map = new Dictionary<Node, Node>();
        foreach (var node in graph.Nodes)
        {
            var rebuilt = node.Operands.Count == 0 ? node : node.With([.. node.Operands.Select(operand => Shifted(operand, regions[operand.Node], map))]);
            map[node] = regions[node].IsWhole(node.Shape)
                ? rebuilt
                : RegionRules.Of(rebuilt, regions[node]).Alone?.Invoke() ?? throw new InvalidGraphException($"no part of '{node.Name}' can be computed alone");
        }

        return Verifier.Checked(new ModelGraph([.. graph.Roots.Select(root => root with { Value = map[root.Value] })]));
    }

    private static Dictionary<Node, Box> Collect(ModelGraph graph)
    {
        var regions = new Dictionary<Node, Box>();
        foreach (var root in graph.Roots.Where(root => !root.IsMark)) regions[root.Value] = Box.Whole(root.Value.Shape);
        foreach (var node in graph.Nodes.Reverse())
        {
            // If the region is not known, the value is read only outside its bounds, or its kind cannot be computed in part.
            var isKnown = regions.TryGetValue(node, out var region);
            if (!isKnown || (!region.IsWhole(node.Shape) && RegionRules.Of(node, region).Alone is null)) regions[node] = region = Box.Whole(node.Shape);
            var required = RegionRules.Of(node, region).Required;
            for (var i = 0; i < required.Count; i++)
            {
                if (required[i] is not { } box) continue;
                var operand = node.Operands[i].Node;
                regions[operand] = regions.TryGetValue(operand, out var known) ? known.Union(box) : box;
            }
        }

        return regions;
    }

    private static Operand Shifted(Operand operand, Box box, Dictionary<Node, Node> map) => new(
        map[operand.Node],
        new([.. operand.Map.Coordinates.Select((coordinate, axis) => coordinate with { Offset = coordinate.Offset - box.Low[axis] })]));
}
