using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Autodiff;

/// <summary>
/// The gradient of every operation by each of its operands. An operation that is not in the table cannot be differentiated, which is an error of the
/// compiler and never a silent zero.
/// </summary>
internal static class GradientRules
{
    private static readonly Dictionary<Type, Rule> Table = new()
    {
        [typeof(MapNode)] = (node, operand, gradient, name) => PointwiseRules.OfMap((MapNode)node, operand, gradient, name),
        [typeof(ReduceNode)] = (node, operand, gradient, name) => PointwiseRules.OfReduce((ReduceNode)node, operand, gradient, name),
        [typeof(ContractNode)] = (node, operand, gradient, name) => OfContract((ContractNode)node, operand, gradient, name),
        [typeof(LogSumExpNode)] = (node, _, gradient, name) => OfLogSumExp((LogSumExpNode)node, gradient, name),
        [typeof(ViewNode)] = (node, _, gradient, name) => Scatter(gradient, node.Operands[0], node.Shape, name),
        [typeof(ReshapeNode)] = (node, _, gradient, name) => GraphBuilder.Reshape(name, node.Operands[0].Node.Shape, gradient),
        [typeof(ConcatNode)] = (node, operand, gradient, name) => OfConcat((ConcatNode)node, operand, gradient, name),
        [typeof(PadNode)] = (node, _, gradient, name) => GraphBuilder.Slice(name, gradient, ((PadNode)node).Start, node.Operands[0].Node.Shape),
        [typeof(GatherNode)] = (node, operand, gradient, name) =>
            operand == 0 ? GraphBuilder.ScatterAdd(name, node.Operands[0].Node.Shape, ((GatherNode)node).Ids, gradient) : null,
        [typeof(ScatterAddNode)] = (node, operand, gradient, name) =>
            operand == 1 ? GraphBuilder.Gather(name, gradient, ((ScatterAddNode)node).Ids) : null,
    };

    private delegate Node? Rule(Node node, int operand, Node gradient, string name);

    /// <summary>What the gradient of a node's value contributes to that of an operand; null where the operand has none (integer ids).</summary>
    public static Node? Apply(Node node, int operand, Node gradient, string name) => Table.TryGetValue(node.GetType(), out var rule)
        ? rule(node, operand, gradient, name)
        : throw new InvalidOperationException($"No gradient rule is known for {node.GetType().Name} '{node.Name}'.");

    /// <summary>
    /// The gradient by an operand of what the reader sees of it: back through the map. One-to-one reads turn around, slices are padded with
    /// zeros, broadcasts are summed.
    /// </summary>
    public static Node Scatter(Node gradient, Operand operand, Shape domain, string name)
    {
        var (map, shape) = (operand.Map, operand.Node.Shape);
        if (!Maps.IsInjection(map, domain))
        {
            return ScatterPart(gradient, map, shape, domain, name)
                ?? GraphBuilder.Reduce(name, ReduceOp.Sum, shape, domain, map, Input(0), Operand.Whole(gradient));
        }

        var turned = Maps.Inverse(map);
        var permuted = GraphBuilder.View(
            name, new Shape([.. map.Coordinates.Select(coordinate => domain[coordinate.Terms[0].Axis])]), new Operand(gradient, turned));
        return permuted.Shape == shape ? permuted : GraphBuilder.Pad(name, shape, [.. map.Coordinates.Select(coordinate => coordinate.Offset)], permuted);
    }

    /// <summary>
    /// Where a broadcast reads a part only, the sum over that part, with zeros around it; null for a whole, for windows and diagonals.
    /// </summary>
    private static Node? ScatterPart(Node gradient, IndexMap map, Shape shape, Shape domain, string name)
    {
        var axes = map.Coordinates.SelectMany(coordinate => coordinate.Terms.Select(term => term.Axis)).ToList();
        if (map.Coordinates.Any(coordinate => coordinate.Terms.Count > 1 || coordinate.Terms.Any(term => term.Scale != 1))) return null;
        if (axes.Distinct().Count() < axes.Count) return null;
        var part = Shape.Of([.. map.Coordinates.Select(coordinate => coordinate.Terms.Count == 0 ? 1 : domain[coordinate.Terms[0].Axis])]);
        if (part == shape) return null;

        var kept = Shape.Of([.. axes.Select(axis => domain[axis])]);
        var sum = GraphBuilder.Reduce(name, ReduceOp.Sum, kept, domain, IndexMap.Project([.. axes]), Input(0), Operand.Whole(gradient));
        return GraphBuilder.Pad(name, shape, [.. map.Coordinates.Select(coordinate => coordinate.Offset)], GraphBuilder.Reshape(name, part, sum));
    }

    // out[ω(j)] += A[α(j)]·B[β(j)], so dA[α(j)] += dOut[ω(j)]·B[β(j)]: the roles change places and nothing else.
    private static Node OfContract(ContractNode node, int operand, Node gradient, string name)
    {
        var (target, other) = (node.Operands[operand], node.Operands[1 - operand]);
        var (shape, map) = (target.Node.Shape, target.Map);
        Node Product(Shape result, IndexMap output) => GraphBuilder.Contract(name, result, node.Domain, output, new Operand(gradient, node.Output), other);

        // Of a slice it is a slice, with zeros around it: no loop has to ask for each element whether it was read.
        int[] parts = [.. Enumerable.Range(0, map.Rank).Where(axis => IsPart(map[axis], node.Domain, shape[axis]))];
        if (parts.Length == 0) return Product(shape, map);
        var part = Shape.Of([.. map.Coordinates.Select((coordinate, axis) => !parts.Contains(axis) ? shape[axis] : coordinate.Terms.Count == 0 ? 1 : node.Domain[coordinate.Terms[0].Axis])]);
        var inner = Product(part, new([.. map.Coordinates.Select((coordinate, axis) => parts.Contains(axis) ? coordinate with { Offset = 0 } : coordinate)]));
        return GraphBuilder.Pad(name, shape, [.. map.Coordinates.Select((coordinate, axis) => parts.Contains(axis) ? coordinate.Offset : 0)], inner);
    }

    /// <summary>Whether a coordinate goes over a part of an axis, step by step.</summary>
    private static bool IsPart(Coordinate coordinate, Shape domain, Extent size)
    {
        if (size.IsBatch || coordinate.Terms.Count > 1 || coordinate.Terms.Any(term => term.Scale != 1)) return false;
        var (low, high) = Maps.Range(coordinate, domain);
        return low >= 0 && high < size.Value && high - low + 1 < size.Value;
    }

    // d/dx log Σ exp x = exp(x − lse). The softmax is a node of its own, so that a softmax computed forward is found again.
    private static Node OfLogSumExp(LogSumExpNode node, Node gradient, string name)
    {
        var input = node.Operands[0].Node;
        var softmax = GraphBuilder.Pointwise(input.Name + "Softmax", Exp(Subtract(Input(0), Input(1))), input, node);
        return GraphBuilder.Pointwise(name, Multiply(Input(0), Input(1)), softmax, gradient);
    }

    private static Node OfConcat(ConcatNode node, int operand, Node gradient, string name)
    {
        var start = new int[node.Shape.Rank];
        start[node.Axis] = node.Operands.Take(operand).Sum(part => part.Node.Shape[node.Axis].Value);
        return GraphBuilder.Slice(name, gradient, start, node.Operands[operand].Node.Shape);
    }
}
