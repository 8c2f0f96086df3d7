using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Fusion;

/// <summary>Where the elements of a node come from when a kernel reads them.</summary>
internal enum Residence
{
    /// <summary>A column of the batch, a parameter or a state: in memory before the step begins.</summary>
    Given,

    /// <summary>A kernel computes them.</summary>
    Computed,

    /// <summary>Another node's elements under other coordinates: never a kernel's work.</summary>
    Alias,

    /// <summary>Never in memory: 1/N, numbers drawn where they are read.</summary>
    Immediate,
}

/// <summary>Where the elements of each kind of node come from.</summary>
internal sealed class Residences : INodeVisitor<Residence>
{
    private static readonly Residences Instance = new();

    public static Residence Of(Node node) => node.Accept(Instance);

    /// <summary>Whether the elements lie in memory: not a literal, not 1/N, not drawn where they are read.</summary>
    public static bool IsInMemory(Node node) => Of(node) != Residence.Immediate && node is not MapNode { Operands.Count: 0, Body: Scalars.Constant };

    public Residence Input(InputNode node) => Residence.Given;

    public Residence Parameter(ParameterNode node) => Residence.Given;

    public Residence State(StateNode node) => Residence.Given;

    public Residence Constant(ConstantNode node) => Residence.Given;

    public Residence InverseBatch(InverseBatchNode node) => Residence.Immediate;

    public Residence Random(RandomNode node) => Residence.Immediate;

    public Residence Map(MapNode node) => Residence.Computed;

    public Residence Contract(ContractNode node) => Residence.Computed;

    public Residence Reduce(ReduceNode node) => Residence.Computed;

    public Residence LogSumExp(LogSumExpNode node) => throw Expanded(node);

    public Residence View(ViewNode node) => Residence.Alias;

    public Residence Reshape(ReshapeNode node) => Residence.Alias;

    public Residence Concat(ConcatNode node) => Residence.Computed;

    public Residence Pad(PadNode node) => Residence.Computed;

    public Residence Gather(GatherNode node) => Residence.Computed;

    public Residence ScatterAdd(ScatterAddNode node) => Residence.Computed;

    public Residence StopGradient(StopGradientNode node) => Residence.Alias;

    public Residence LoopValue(LoopValueNode node) => Residence.Given;

    public Residence Scan(ScanNode node) => Residence.Computed;

    public Residence ScanResult(ScanResultNode node) => Residence.Computed;

    private static InvalidGraphException Expanded(Node node) => new($"'{node.Name}' is expanded before fusion");
}
