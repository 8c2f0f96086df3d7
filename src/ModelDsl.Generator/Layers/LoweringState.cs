using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Layers;

/// <summary>What one lowering of a model gathers, across all blocks.</summary>
internal sealed class LoweringState(ModelSpec spec, bool training, LoweringState? twin = null)
{
    private readonly HashSet<Node> counted = [];
    private readonly HashSet<(string, Site)> reported = [];
    private int streams;

    public bool Training { get; } = training;

    /// <summary>Whether a mistake has been found before, so that shapes are unknown.</summary>
    public bool ChecksArgumentsOnly { get; private set; }

    public List<Problem> Problems { get; } = [];

    public List<LayerRow> Rows { get; } = [];

    public List<Column> Inputs { get; } = [];

    public List<Column> Targets { get; } = [];

    /// <summary>Parameters and states, in the order of the layers.</summary>
    public List<ParameterNode> Parameters { get; } = [];

    /// <summary>What the step makes of states so far: the uses of one layer change its state one after the other.</summary>
    public Dictionary<StateNode, Node> NextStates { get; } = [];

    /// <summary>The layer that needs more than one sample in training, or null.</summary>
    public string? NeedsTwoSamples { get; set; }

    /// <summary>The blocks being lowered, outermost first: a block may contain itself with other arguments only.</summary>
    public List<(string Key, BlockArguments Arguments)> OpenBlocks { get; } = [];

    /// <summary>What running <c>Forward</c> methods has cost so far.</summary>
    public int Steps { get; set; }

    public BlockSpec? FindBlock(string key) => spec.Blocks.FirstOrDefault(block => block.Key == key);

    public int NextStream() => streams++;

    /// <summary>
    /// Goes on behind a mistake: shapes are unknown from there on, not wrong, but an argument that is out of range is a mistake of its own.
    /// </summary>
    public void CheckArguments(Action lower)
    {
        var outer = ChecksArgumentsOnly;
        ChecksArgumentsOnly = true;
        lower();
        ChecksArgumentsOnly = outer;
    }

    /// <summary>One mistake is reported once, however often the block that holds it is used.</summary>
    public void Report(Problem problem)
    {
        if (ChecksArgumentsOnly && problem.Id != Descriptors.ArgumentOutOfRange.Id) return;
        if (reported.Add((problem.Id, problem.Site))) Problems.Add(problem);
    }

    /// <summary>
    /// Asking twice for a name gives the same node: the training and the inference graph share their parameters, and so do the uses of one
    /// block. Null for one that inference has and training does not.
    /// </summary>
    public ParameterNode? Parameter(ParameterNode fresh)
    {
        if (Parameters.Find(known => known.Name == fresh.Name) is { } shared) return shared;
        var node = twin is null ? fresh : twin.Parameters.Find(known => known.Name == fresh.Name);
        if (node is not null) Parameters.Add(node);
        return node;
    }

    public Column AddColumn(
        bool isTarget, string name, Shape shape, ElementType type, int bound, bool isSequence, int? ignored = null, (int Column, int Token)? padding = null)
    {
        var index = Inputs.Count + Targets.Count;
        var column = twin?.Inputs.Concat(twin.Targets).FirstOrDefault(known => known.Node.Column == index)
            ?? new Column(new InputNode(name, shape, type, index, bound) { Ignored = ignored, Padding = padding }, isSequence);
        (isTarget ? Targets : Inputs).Add(column);
        return column;
    }

    /// <summary>The arithmetic of the nodes not counted for an earlier layer.</summary>
    public long CountFlops(Node output) => ModelGraph.Sort([output]).Where(counted.Add).Sum(Work.Flops);
}
