using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Fusion;

/// <summary>The kind of group for each kind of node; null if no kernel computes the node.</summary>
internal sealed class GroupKinds : INodeVisitor<GroupKind?>
{
    private static readonly GroupKinds Instance = new();

    /// <summary>The kind of group that has a computed node as its anchor.</summary>
    /// <exception cref="InvalidGraphException">No kernel computes the node.</exception>
    public static GroupKind Of(Node node) => node.Accept(Instance) ?? throw new InvalidGraphException($"'{node.Name}' anchors no group");

    public GroupKind? Input(InputNode node) => null;

    public GroupKind? Parameter(ParameterNode node) => null;

    public GroupKind? State(StateNode node) => null;

    public GroupKind? Constant(ConstantNode node) => null;

    public GroupKind? InverseBatch(InverseBatchNode node) => null;

    public GroupKind? Random(RandomNode node) => null;

    public GroupKind? Map(MapNode node) => GroupKind.Row;

    public GroupKind? Contract(ContractNode node) => GroupKind.Contract;

    public GroupKind? Reduce(ReduceNode node) => RowSpace.IsRowReduction(node) ? GroupKind.Row : GroupKind.Sum;

    public GroupKind? LogSumExp(LogSumExpNode node) => null;

    public GroupKind? View(ViewNode node) => null;

    public GroupKind? Reshape(ReshapeNode node) => null;

    public GroupKind? Concat(ConcatNode node) => GroupKind.Copy;

    public GroupKind? Pad(PadNode node) => GroupKind.Copy;

    public GroupKind? Gather(GatherNode node) => GroupKind.Row;

    public GroupKind? ScatterAdd(ScatterAddNode node) => GroupKind.Scatter;

    public GroupKind? StopGradient(StopGradientNode node) => null;

    public GroupKind? After(AfterNode node) => null;

    public GroupKind? Encoded(EncodedNode node) => null;

    public GroupKind? Cache(CacheNode node) => GroupKind.Cache;

    public GroupKind? Recall(RecallNode node) => GroupKind.Cache;

    public GroupKind? LoopValue(LoopValueNode node) => null;

    public GroupKind? Scan(ScanNode node) => GroupKind.Scan;

    public GroupKind? ScanResult(ScanResultNode node) => null;
}
