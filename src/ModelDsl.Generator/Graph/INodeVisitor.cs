namespace ModelDsl.Generator.Graph;

/// <summary>
/// A function of each kind of node, such as its gradient or its text. A pass that implements it does not compile until it
/// handles a new kind of node.
/// </summary>
/// <typeparam name="T">The type of the result.</typeparam>
internal interface INodeVisitor<out T>
{
    T Input(InputNode node);

    T Parameter(ParameterNode node);

    T State(StateNode node);

    T Constant(ConstantNode node);

    T InverseBatch(InverseBatchNode node);

    T Random(RandomNode node);

    T Map(MapNode node);

    T Contract(ContractNode node);

    T Reduce(ReduceNode node);

    T LogSumExp(LogSumExpNode node);

    T View(ViewNode node);

    T Reshape(ReshapeNode node);

    T Concat(ConcatNode node);

    T Pad(PadNode node);

    T Gather(GatherNode node);

    T ScatterAdd(ScatterAddNode node);

    T StopGradient(StopGradientNode node);

    T Cache(CacheNode node);

    T LoopValue(LoopValueNode node);

    T Scan(ScanNode node);

    T ScanResult(ScanResultNode node);
}
