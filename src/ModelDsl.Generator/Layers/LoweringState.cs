using ModelDsl.Generator.Common;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Layers;

/// <summary>What one lowering of a model gathers, across all blocks.</summary>
internal sealed class LoweringState(ModelSpec spec, bool training, CancellationToken cancellation, LoweringState? twin = null)
{
    private readonly HashSet<Node> counted = [];
    private readonly List<ParameterNode> parameters = [];
    private readonly Dictionary<string, ParameterNode> named = [];
    private readonly Dictionary<(Shape, EquatableArray<double>), ConstantNode> constants = [];
    private readonly HashSet<(string, Site)> reported = [];
    private int streams;

    public bool Training { get; } = training;

    /// <summary>Asked for at every layer and every step of a <c>Forward</c>: what has been edited meanwhile is not lowered to its end.</summary>
    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>Whether a mistake has been found before, so that shapes are unknown.</summary>
    public bool ChecksArgumentsOnly { get; private set; }

    public List<Problem> Problems { get; } = [];

    /// <summary>What can be lowered, and is seldom what was meant.</summary>
    public List<Problem> Doubts { get; } = [];

    public List<LayerRow> Rows { get; } = [];

    public List<Column> Inputs { get; } = [];

    public List<Column> Targets { get; } = [];

    /// <summary>Parameters and states, in the order of the layers.</summary>
    public IReadOnlyList<ParameterNode> Parameters => parameters;

    /// <summary>What the step makes of states so far: the uses of one layer change its state one after the other.</summary>
    public Dictionary<StateNode, Node> NextStates { get; } = [];

    /// <summary>The layer that needs more than one sample in training, or null.</summary>
    public string? NeedsTwoSamples { get; set; }

    /// <summary>What losses that are methods have compared: a value, a column, and what was measured.</summary>
    public List<(Node Value, InputNode Column, string Kind)> Compared { get; } = [];

    /// <summary>The elements of columns that cross-entropies compare with: classes and probabilities.</summary>
    public HashSet<ComparedElements> ComparedElements { get; } = [];

    /// <summary>By name of a parameter or state whose last axis counts the values of a flattened picture: the picture's shape, channels last.</summary>
    public Dictionary<string, IReadOnlyList<int>> Pictures { get; } = [];

    /// <summary>The values inside the network that <c>[Output]</c> names.</summary>
    public NamedOutputs Outputs { get; } = new(spec);

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

    /// <summary>Says of something that can be lowered that it is seldom what was meant; once, in training.</summary>
    public void Doubt(Problem problem)
    {
        if (Training && !ChecksArgumentsOnly && reported.Add((problem.Id, problem.Site))) Doubts.Add(problem);
    }

    /// <summary>
    /// Asking twice for a name gives the same node: the training and the inference graph share their parameters, and so do the uses of one
    /// block. Null for one that inference has and training does not.
    /// </summary>
    public ParameterNode? Parameter(ParameterNode fresh)
    {
        if (named.TryGetValue(fresh.Name, out var shared)) return shared;
        var node = twin is null ? fresh : twin.named.TryGetValue(fresh.Name, out var trained) ? trained : null;
        if (node is null) return null;
        named.Add(node.Name, node);
        parameters.Add(node);
        return node;
    }

    /// <summary>The same numbers in the same shape are stored once, for training and for inference.</summary>
    public ConstantNode Constant(Shape shape, EquatableArray<double> values)
    {
        var holder = twin ?? this;
        if (holder.constants.TryGetValue((shape, values), out var known)) return known;

        // No parameter is called so: a layer's name is no number.
        var node = new ConstantNode($"constant.{holder.constants.Count + 1}", shape, values);
        holder.constants.Add((shape, values), node);
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

    /// <summary>Notes what a cross-entropy compares with, where it is a column or a part of one. What is computed from columns has no range that is known.</summary>
    public void Compare(string loss, Node target)
    {
        if (Layers.ComparedElements.Of(loss, target) is { } elements) ComparedElements.Add(elements);
    }

    /// <summary>How many numbers the parameters from a place in their list on hold, states left out.</summary>
    public long CountParameters(int first)
    {
        var count = 0L;
        for (var i = first; i < parameters.Count; i++) count += parameters[i] is StateNode ? 0 : parameters[i].Shape.Length;
        return count;
    }

    /// <summary>The arithmetic of the nodes not counted for an earlier layer.</summary>
    public long CountFlops(Node output) => ModelGraph.Sort([output], counted).Sum(node => node.Flops);
}
