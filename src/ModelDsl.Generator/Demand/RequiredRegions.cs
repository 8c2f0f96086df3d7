using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Demand;

/// <summary>Per operand the region of it that a region of a node rests on; null for an operand of which nothing is read.</summary>
/// <param name="region">The region of the node that is read.</param>
internal sealed class RequiredRegions(Box region) : INodeVisitor<IReadOnlyList<Box?>>
{
    public static IReadOnlyList<Box?> Of(Node node, Box region) => node.Accept(new RequiredRegions(region));

    public IReadOnlyList<Box?> Input(InputNode node) => [];

    public IReadOnlyList<Box?> Parameter(ParameterNode node) => [];

    public IReadOnlyList<Box?> State(StateNode node) => [];

    public IReadOnlyList<Box?> Constant(ConstantNode node) => [];

    public IReadOnlyList<Box?> InverseBatch(InverseBatchNode node) => [];

    public IReadOnlyList<Box?> Random(RandomNode node) => [];

    public IReadOnlyList<Box?> Map(MapNode node) => ThroughMaps(node);

    public IReadOnlyList<Box?> Contract(ContractNode node) => ThroughMaps(node);

    public IReadOnlyList<Box?> Reduce(ReduceNode node) => ThroughMaps(node);

    public IReadOnlyList<Box?> LogSumExp(LogSumExpNode node) => Whole(node);

    public IReadOnlyList<Box?> View(ViewNode node) => ThroughMaps(node);

    public IReadOnlyList<Box?> Reshape(ReshapeNode node) => Whole(node);

    public IReadOnlyList<Box?> Concat(ConcatNode node) => Whole(node);

    public IReadOnlyList<Box?> Pad(PadNode node) => Whole(node);

    public IReadOnlyList<Box?> Gather(GatherNode node) => Whole(node);

    public IReadOnlyList<Box?> ScatterAdd(ScatterAddNode node) => Whole(node);

    public IReadOnlyList<Box?> StopGradient(StopGradientNode node) => Whole(node);

    public IReadOnlyList<Box?> LoopValue(LoopValueNode node) => [];

    public IReadOnlyList<Box?> Scan(ScanNode node) => Whole(node);

    public IReadOnlyList<Box?> ScanResult(ScanResultNode node) => Whole(node);

    private static IReadOnlyList<Box?> Whole(Node node) => [.. node.Operands.Select(operand => (Box?)Box.Whole(operand.Node.Shape))];

    private IReadOnlyList<Box?> ThroughMaps(Node node)
    {
        var domain = PartialDomain.Of(node, region);
        return [.. node.Operands.Select(operand => domain.Through(operand.Map, operand.Node.Shape))];
    }
}
