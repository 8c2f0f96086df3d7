using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Demand;

/// <summary>The node that computes a region of another alone; null for kinds whose regions are not computed alone.</summary>
/// <param name="region">The region.</param>
internal sealed class Regions(Box region) : INodeVisitor<Node?>
{
    /// <summary>The node that computes the region alone, under the node's name; null where that is not possible.</summary>
    public static Node? Of(Node node, Box region) => node.Accept(new Regions(region));

    public Node? Input(InputNode node) => null;

    public Node? Parameter(ParameterNode node) => null;

    public Node? State(StateNode node) => null;

    public Node? Constant(ConstantNode node) => null;

    public Node? InverseBatch(InverseBatchNode node) => null;

    public Node? Random(RandomNode node) => null;

    public Node? Map(MapNode node) => GraphBuilder.Map(node.Name, ShapeOf(node), Moved(node, node.Body), Operands(node));

    public Node? Contract(ContractNode node)
    {
        if (!PartialDomain.IsPlain(node.Output)) return null;
        var operands = Operands(node);
        return GraphBuilder.Contract(node.Name, ShapeOf(node), PartialDomain.Of(node, region).ShapeIn(node.Domain), node.Output, operands[0], operands[1]);
    }

    public Node? Reduce(ReduceNode node) => PartialDomain.IsPlain(node.Output)
        ? GraphBuilder.Reduce(
            node.Name, node.Op, ShapeOf(node), PartialDomain.Of(node, region).ShapeIn(node.Domain), node.Output, Moved(node, node.Body), Operands(node))
        : null;

    public Node? LogSumExp(LogSumExpNode node) => null;

    public Node? View(ViewNode node) => GraphBuilder.View(node.Name, ShapeOf(node), Operands(node)[0]);

    public Node? Reshape(ReshapeNode node) => null;

    public Node? Concat(ConcatNode node) => null;

    public Node? Pad(PadNode node) => null;

    public Node? Gather(GatherNode node) => null;

    public Node? ScatterAdd(ScatterAddNode node) => null;

    public Node? StopGradient(StopGradientNode node) => null;

    public Node? LoopValue(LoopValueNode node) => null;

    public Node? Scan(ScanNode node) => null;

    public Node? ScanResult(ScanResultNode node) => null;

    private Shape ShapeOf(Node node) => region.ShapeIn(node.Shape);

    private Operand[] Operands(Node node)
    {
        var shift = new IndexMap([.. PartialDomain.Of(node, region).Low.Select((low, axis) => Coordinate.Of(axis, 1, low))]);
        return [.. node.Operands.Select(operand => operand with { Map = operand.Map.After(shift) })];
    }

    private Expr Moved(Node node, Expr body)
    {
        var low = PartialDomain.Of(node, region).Low;
        return ExprWalk.Substitute(
            body,
            [.. Enumerable.Range(0, node.Operands.Count).Select(Expressions.Input)],
            axis => Expressions.Add(Expressions.Index(axis), Expressions.Const(low[axis])));
    }
}
