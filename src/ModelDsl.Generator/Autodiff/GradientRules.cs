using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Autodiff;

/// <summary>
/// The gradient of every kind of operation with respect to one of its operands, or null if there is none: leaves have no operands, and integer ids have no gradient.
/// </summary>
/// <param name="operand">The index of the operand.</param>
/// <param name="gradient">The gradient of the operation's value.</param>
/// <param name="name">The name of the result.</param>
internal sealed class GradientRules(int operand, Node gradient, string name) : INodeVisitor<Node?>
{
    /// <summary>Returns the contribution of a node's gradient to the gradient of an operand; null if the operand has none.</summary>
    public static Node? Apply(Node node, int operand, Node gradient, string name) => node.Accept(new GradientRules(operand, gradient, name));

    public Node? Input(InputNode node) => null;

    public Node? Parameter(ParameterNode node) => null;

    public Node? State(StateNode node) => null;

    public Node? Constant(ConstantNode node) => null;

    public Node? InverseBatch(InverseBatchNode node) => null;

    public Node? Random(RandomNode node) => null;

    public Node? Map(MapNode node) => PointwiseRules.OfMap(node, operand, gradient, name);

    public Node? Contract(ContractNode node) => OfContract(node, operand, gradient, name);

    public Node? Reduce(ReduceNode node) => PointwiseRules.OfReduce(node, operand, gradient, name);

    public Node? LogSumExp(LogSumExpNode node) => OfLogSumExp(node, gradient, name);

    public Node? View(ViewNode node) => Scatter(gradient, node.Operands[0], node.Shape, name);

    public Node? Reshape(ReshapeNode node) => GraphBuilder.Reshape(name, node.Operands[0].Node.Shape, gradient);

    public Node? Concat(ConcatNode node) => OfConcat(node, operand, gradient, name);

    public Node? Pad(PadNode node) => GraphBuilder.Slice(name, gradient, node.Start, node.Operands[0].Node.Shape);

    public Node? Gather(GatherNode node) => operand == 0 ? GraphBuilder.ScatterAdd(name, node.Table.Shape, node.Ids, gradient) : null;

    public Node? ScatterAdd(ScatterAddNode node) => operand == 1 ? GraphBuilder.Gather(name, gradient, node.Ids) : null;

    public Node? StopGradient(StopGradientNode node) => null;

    // Control dependencies are added after differentiation.
    public Node? After(AfterNode node) => operand == 0 ? gradient : null;

    public Node? Encoded(EncodedNode node) => null;

    public Node? Cache(CacheNode node) => null;

    public Node? Recall(RecallNode node) => null;

    public Node? LoopValue(LoopValueNode node) => null;

    // All results of a loop are differentiated at once.
    public Node? Scan(ScanNode node) => throw NotAlone(node);

    public Node? ScanResult(ScanResultNode node) => throw NotAlone(node);

    private static InvalidGraphException NotAlone(Node node) => new($"'{node.Name}' is differentiated with its loop as a whole");

    /// <summary>
    /// Returns the gradient with respect to an operand from the gradient with respect to the values that are read through its map. One-to-one reads are inverted, slices are padded with
    /// zeros, broadcasts are summed.
    /// </summary>
    public static Node Scatter(Node gradient, Operand operand, Shape domain, string name)
    {
        var (map, shape) = (operand.Map, operand.Node.Shape);
        if (!Maps.IsInjection(map, domain))
        {
            return ScatterPart(gradient, map, shape, domain, name)
                ?? GraphBuilder.Reduce(name, ReduceOp.Sum, shape, domain, map, Expressions.Input(0), Operand.Whole(gradient));
        }

        var inverse = Maps.Inverse(map, domain);
        var permuted = GraphBuilder.View(
            name, new Shape([.. map.Coordinates.Select(coordinate => domain[coordinate.Terms[0].Axis])]), new Operand(gradient, inverse));
        return permuted.Shape == shape ? permuted : GraphBuilder.Pad(name, shape, [.. map.Coordinates.Select(coordinate => Maps.Range(coordinate, domain).Low)], permuted);
    }

    /// <summary>
    /// Returns the gradient of a broadcast of a part of an operand: the sum over that part, with zeros around it; null for a whole operand, for windows and diagonals.
    /// </summary>
    private static Node? ScatterPart(Node gradient, IndexMap map, Shape shape, Shape domain, string name)
    {
        var axes = map.Coordinates.SelectMany(coordinate => coordinate.Terms.Select(term => term.Axis)).ToList();
        if (map.Coordinates.Any(coordinate => coordinate.Terms.Count > 1 || coordinate.Terms.Any(term => term.Scale != 1))) return null;
        if (axes.Distinct().Count() < axes.Count) return null;
        var part = Shape.Of([.. map.Coordinates.Select(coordinate => coordinate.Terms.Count == 0 ? 1 : domain[coordinate.Terms[0].Axis])]);
        if (part == shape) return null;

        var kept = Shape.Of([.. axes.Select(axis => domain[axis])]);
        var sum = GraphBuilder.Reduce(name, ReduceOp.Sum, kept, domain, IndexMap.Project([.. axes]), Expressions.Input(0), Operand.Whole(gradient));
        return GraphBuilder.Pad(name, shape, [.. map.Coordinates.Select(coordinate => coordinate.Offset)], GraphBuilder.Reshape(name, part, sum));
    }

    // out[ω(j)] += A[α(j)]·B[β(j)], so dA[α(j)] += dOut[ω(j)]·B[β(j)]: only the roles are exchanged.
    private static Node OfContract(ContractNode node, int operand, Node gradient, string name)
    {
        var (target, other) = (node.Operands[operand], node.Operands[1 - operand]);
        var (shape, map) = (target.Node.Shape, target.Map);
        Node Product(Shape result, IndexMap output) => GraphBuilder.Contract(name, result, node.Domain, output, new Operand(gradient, node.Output), other);

        // The gradient of a slice is a slice with zeros around it, so that no loop has to check for each element whether it was read.
        int[] parts = [.. Enumerable.Range(0, map.Rank).Where(axis => IsPart(map[axis], node.Domain, shape[axis]))];
        if (parts.Length == 0) return Product(shape, map);
        var part = Shape.Of([.. map.Coordinates.Select((coordinate, axis) => !parts.Contains(axis) ? shape[axis] : coordinate.Terms.Count == 0 ? 1 : node.Domain[coordinate.Terms[0].Axis])]);
        var inner = Product(part, new([.. map.Coordinates.Select((coordinate, axis) => parts.Contains(axis) ? coordinate with { Offset = 0 } : coordinate)]));
        return GraphBuilder.Pad(name, shape, [.. map.Coordinates.Select((coordinate, axis) => parts.Contains(axis) ? coordinate.Offset : 0)], inner);
    }

    /// <summary>Whether a coordinate reads a range of an axis with step one.</summary>
    private static bool IsPart(Coordinate coordinate, Shape domain, Extent size)
    {
        if (size.IsBatch || coordinate.Terms.Count > 1 || coordinate.Terms.Any(term => term.Scale != 1)) return false;
        var (low, high) = Maps.Range(coordinate, domain);
        return low >= 0 && high < size.Value && high - low + 1 < size.Value;
    }

    // d/dx log Σ exp x = exp(x − lse). The softmax is a separate node, so that it is merged with a softmax of the forward pass.
    private static Node OfLogSumExp(LogSumExpNode node, Node gradient, string name)
    {
        var input = node.Operands[0].Node;
        var softmax = GraphBuilder.Pointwise(input.Name + "Softmax", Exp(Subtract(Expressions.Input(0), Expressions.Input(1))), input, node);
        return GraphBuilder.Pointwise(name, Multiply(Expressions.Input(0), Expressions.Input(1)), softmax, gradient);
    }

    private static Node OfConcat(ConcatNode node, int operand, Node gradient, string name)
    {
        var start = new int[node.Shape.Rank];
        start[node.Axis] = node.Operands.Take(operand).Sum(part => part.Node.Shape[node.Axis].Value);
        return GraphBuilder.Slice(name, gradient, start, node.Operands[operand].Node.Shape);
    }
}
