using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.RegionAnalysis;

/// <summary>The operands' regions that a region of a node needs, and whether the region can be computed alone.</summary>
/// <param name="Required">The region of each operand that is read; null if none is read.</param>
/// <param name="Alone">Creates the node that computes only the region, with the name of the node; null if that is not possible.</param>
internal sealed record RegionRule(IReadOnlyList<Box?> Required, Func<Node>? Alone);

/// <summary>The rule of each kind of node.</summary>
/// <param name="region">The region of the node that is read.</param>
internal sealed class RegionRules(Box region) : INodeVisitor<RegionRule>
{
    public static RegionRule Of(Node node, Box region) => node.Accept(new RegionRules(region));

    public RegionRule Input(InputNode node) => Whole(node);

    public RegionRule Parameter(ParameterNode node) => Whole(node);

    public RegionRule State(StateNode node) => Whole(node);

    public RegionRule Constant(ConstantNode node) => Whole(node);

    public RegionRule InverseBatch(InverseBatchNode node) => Whole(node);

    public RegionRule Random(RandomNode node) => Whole(node);

    public RegionRule Map(MapNode node) => ThroughMaps(node, () => GraphBuilder.Map(node.Name, ShapeOf(node), Moved(node, node.Body), Operands(node)));

    public RegionRule Contract(ContractNode node) => ThroughMaps(node, !PartialDomain.IsPlain(node.Output) ? null : () =>
    {
        var operands = Operands(node);
        return GraphBuilder.Contract(node.Name, ShapeOf(node), PartialDomain.Of(node, region).ShapeIn(node.Domain), node.Output, operands[0], operands[1]);
    });

    public RegionRule Reduce(ReduceNode node) => ThroughMaps(node, !PartialDomain.IsPlain(node.Output) ? null : () => GraphBuilder.Reduce(
        node.Name, node.Op, ShapeOf(node), PartialDomain.Of(node, region).ShapeIn(node.Domain), node.Output, Moved(node, node.Body), Operands(node)));

    public RegionRule LogSumExp(LogSumExpNode node) => Whole(node);

    public RegionRule View(ViewNode node) => ThroughMaps(node, () => GraphBuilder.View(node.Name, ShapeOf(node), Operands(node)[0]));

    public RegionRule Reshape(ReshapeNode node) => Whole(node);

    public RegionRule Concat(ConcatNode node) => Whole(node);

    public RegionRule Pad(PadNode node) => Whole(node);

    public RegionRule Gather(GatherNode node) => Whole(node);

    public RegionRule ScatterAdd(ScatterAddNode node) => Whole(node);

    public RegionRule Encoded(EncodedNode node) => Whole(node);

    public RegionRule Cache(CacheNode node) => Whole(node);

    public RegionRule Recall(RecallNode node) => Whole(node);

    public RegionRule StopGradient(StopGradientNode node) => Whole(node);

    public RegionRule After(AfterNode node) => Whole(node);

    public RegionRule LoopValue(LoopValueNode node) => Whole(node);

    public RegionRule Scan(ScanNode node) => Whole(node);

    public RegionRule ScanResult(ScanResultNode node) => Whole(node);

    /// <summary>The rule of a kind whose regions cannot be computed alone, and which needs all of its operands.</summary>
    private static RegionRule Whole(Node node) => new([.. node.Operands.Select(operand => (Box?)Box.Whole(operand.Node.Shape))], null);

    private RegionRule ThroughMaps(Node node, Func<Node>? alone)
    {
        var domain = PartialDomain.Of(node, region);
        return new([.. node.Operands.Select(operand => domain.Through(operand.Map, operand.Node.Shape))], alone);
    }

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
