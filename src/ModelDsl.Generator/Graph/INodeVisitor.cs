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

    T After(AfterNode node);

    T Encoded(EncodedNode node);

    T Cache(CacheNode node);

    T Recall(RecallNode node);

    T LoopValue(LoopValueNode node);

    T Scan(ScanNode node);

    T ScanResult(ScanResultNode node);
}

/// <summary>
/// A question about some kinds of nodes, with one safe answer for all others, such as "not possible". Use it only if a wrong program cannot follow from a kind that is
/// forgotten.
/// </summary>
/// <typeparam name="T">The answer.</typeparam>
internal abstract class PartialVisitor<T> : INodeVisitor<T>
{
    public virtual T Input(InputNode node) => Otherwise(node);

    public virtual T Parameter(ParameterNode node) => Otherwise(node);

    public virtual T State(StateNode node) => Otherwise(node);

    public virtual T Constant(ConstantNode node) => Otherwise(node);

    public virtual T InverseBatch(InverseBatchNode node) => Otherwise(node);

    public virtual T Random(RandomNode node) => Otherwise(node);

    public virtual T Map(MapNode node) => Otherwise(node);

    public virtual T Contract(ContractNode node) => Otherwise(node);

    public virtual T Reduce(ReduceNode node) => Otherwise(node);

    public virtual T LogSumExp(LogSumExpNode node) => Otherwise(node);

    public virtual T View(ViewNode node) => Otherwise(node);

    public virtual T Reshape(ReshapeNode node) => Otherwise(node);

    public virtual T Concat(ConcatNode node) => Otherwise(node);

    public virtual T Pad(PadNode node) => Otherwise(node);

    public virtual T Gather(GatherNode node) => Otherwise(node);

    public virtual T ScatterAdd(ScatterAddNode node) => Otherwise(node);

    public virtual T StopGradient(StopGradientNode node) => Otherwise(node);

    public virtual T After(AfterNode node) => Otherwise(node);

    public virtual T Encoded(EncodedNode node) => Otherwise(node);

    public virtual T Cache(CacheNode node) => Otherwise(node);

    public virtual T Recall(RecallNode node) => Otherwise(node);

    public virtual T LoopValue(LoopValueNode node) => Otherwise(node);

    public virtual T Scan(ScanNode node) => Otherwise(node);

    public virtual T ScanResult(ScanResultNode node) => Otherwise(node);

    /// <summary>Returns the answer for kinds without an answer of their own.</summary>
    protected abstract T Otherwise(Node node);
}
