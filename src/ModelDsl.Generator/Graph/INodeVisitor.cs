namespace ModelDsl.Generator.Graph;

/// <summary>
/// A question that has an answer for every kind of node, such as its gradient or how it prints. A pass that implements it does not compile until it
/// answers for a new kind as well.
/// </summary>
/// <typeparam name="T">The answer.</typeparam>
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

    T LoopValue(LoopValueNode node);

    T Scan(ScanNode node);

    T ScanResult(ScanResultNode node);
}
