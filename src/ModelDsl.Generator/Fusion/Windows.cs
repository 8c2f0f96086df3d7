using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Fusion;

/// <summary>
/// Readers of a product's result through adjacent windows. Each of their results depends on a box of elements; the boxes are disjoint, have the same size and cover the result. A
/// tile of the product then holds whole boxes, and pooling, including the position of each maximum, is part of its epilogue. The map between the two is not stored.
/// </summary>
internal static class Windows
{
    /// <summary>The number of elements of the largest window that a tile can hold several of.</summary>
    private const int MostElements = 4;

    /// <summary>The greatest cost of the operations on each element and window, because they are unrolled over the tile.</summary>
    private const int MostCost = 6;

    /// <summary>The reductions over windows of a group.</summary>
    public static IEnumerable<ReduceNode> Of(Group group) => group.Kind == GroupKind.Contract ? group.Members.OfType<ReduceNode>() : [];

    /// <summary>Whether a node can be fused into the epilogue of a product's tile: a reduction over windows of the product's elements, or a map of the results.</summary>
    public static bool FitsTile(Node node, Group group, Func<Node, bool> isInside) => node switch
    {
        ReduceNode reduce => FitsTile(reduce, group, isInside),
        MapNode map => Of(group).FirstOrDefault() is { } window && map.Shape == window.Shape && IsPlain([map])
            && map.Operands.All(operand => isInside(operand.Node) ? operand.Map.IsIdentity(map.Shape.Rank) && operand.Node.Shape == window.Shape : IsOutside(operand, isInside)),
        _ => false,
    };

    /// <summary>Whether a pointwise stage on a product's elements may join the group.</summary>
    public static bool Allow(MapNode map, Group group) => !Of(group).Any() || IsPlain(group.Members.OfType<MapNode>().Append(map));

    /// <summary>The index map from the domain of a reduction over windows to the elements of the product.</summary>
    public static IndexMap ReadBy(ReduceNode reduce, Group group) =>
        reduce.Operands.First(operand => group.Members.Contains(operand.Node) && operand.Node.Shape == group.Anchor.Shape).Map;

    private static bool FitsTile(ReduceNode reduce, Group group, Func<Node, bool> isInside)
    {
        var contract = (ContractNode)group.Anchor;
        var elements = reduce.Operands.Where(operand => isInside(operand.Node) && operand.Node.Shape == contract.Shape).ToArray();
        if (elements.Length == 0 || !AreSideBySide(reduce, elements[0].Map, contract)) return false;
        if (Of(group).FirstOrDefault() is { } other
            && (other.Domain != reduce.Domain || other.Output != reduce.Output || ReadBy(other, group) != elements[0].Map)) return false;
        var isLive = reduce.Operands.All(operand => !isInside(operand.Node)
            ? IsOutside(operand, isInside)
            : operand.Node.Shape == contract.Shape ? operand.Map == elements[0].Map : operand.Node.Shape == reduce.Shape && operand.Map == reduce.Output);
        var readsPosition = ExprWalk.All(reduce.Body).Any(part => part is AxisIndex index && reduce.Output.Coordinates.Any(coordinate => coordinate.Axis == index.Axis));
        return isLive && !readsPosition && Work.Cost(reduce.Body) <= MostCost && IsPlain(group.Members.OfType<MapNode>());
    }

    private static bool AreSideBySide(ReduceNode reduce, IndexMap read, ContractNode contract)
    {
        var kept = reduce.Output.Coordinates.Select(coordinate => coordinate.Axis).ToArray();
        var isPlain = kept.All(axis => axis >= 0) && reduce.Shape == Shape.Of([.. kept.Select(axis => reduce.Domain[axis])]);
        var terms = read.Coordinates.SelectMany(coordinate => coordinate.Terms).Select(term => term.Axis).ToArray();
        if (!isPlain || terms.Length != reduce.Domain.Rank || terms.Distinct().Count() != terms.Length) return false;
        for (var k = 0; k < read.Rank; k++)
        {
            if (!Maps.IsCovered(read[k], reduce.Domain, contract.Shape[k])) return false;
            if (read[k].Axis is var axis and >= 0 && kept.Contains(axis)) continue;

            // A window has as many elements as the distance between positions. It lies along an axis of the product without edges that is not the axis of the lanes.
            var isWindow = k < read.Rank - 1 && read[k].Terms.Count == 2 && read[k].Terms.Count(term => kept.Contains(term.Axis)) == 1
                && !kept.Contains(read[k].Terms.OrderBy(term => term.Scale).First().Axis);
            if (!isWindow || contract.Output[k].Axis is not (var along and >= 0) || HasEdges(contract, along) || IsReadAlongLanes(contract, along)) return false;
        }

        return Work.Elements(reduce.Domain) / Work.Elements(reduce.Shape) is > 1 and <= MostElements;
    }

    /// <summary>Whether some terms of the product do not exist along an axis.</summary>
    private static bool HasEdges(ContractNode contract, int axis) => contract.Operands.Any(operand =>
    {
        for (var k = 0; k < operand.Map.Rank; k++)
        {
            if (!operand.Map[k].Terms.Any(term => term.Axis == axis)) continue;
            var (low, high) = Maps.Range(operand.Map[k], contract.Domain);
            if (low < 0 || high >= operand.Node.Shape[k].Value) return true;
        }

        return false;
    });

    /// <summary>Whether the operand that is read along the lanes varies along an axis. The elements of a window then share no operands.</summary>
    private static bool IsReadAlongLanes(ContractNode contract, int axis)
    {
        var lanes = contract.Output[contract.Output.Rank - 1].Terms.OrderBy(term => term.Scale).Select(term => term.Axis).DefaultIfEmpty(axis).First();
        return Axes(Axes(contract.B.Map).Contains(lanes) ? contract.B.Map : contract.A.Map).Contains(axis);

        static IEnumerable<int> Axes(IndexMap map) => map.Coordinates.SelectMany(coordinate => coordinate.Terms).Select(term => term.Axis);
    }

    private static bool IsOutside(Operand operand, Func<Node, bool> isInside) => operand.Node is not RandomNode && !isInside(Aliases.Source(operand.Node));

    /// <summary>Whether pointwise stages are small enough to be unrolled over a tile of windows, and do not use their position.</summary>
    private static bool IsPlain(IEnumerable<MapNode> maps) => maps.Sum(map => Work.Cost(map.Body)) <= MostCost
        && maps.All(map => !map.Operands.Any(operand => operand.Node is RandomNode) && !ExprWalk.All(map.Body).Any(part => part is AxisIndex));
}
