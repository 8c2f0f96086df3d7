using ModelDsl.Generator.Buckets;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Recompute;
using ModelDsl.Generator.WeightFiles;

namespace ModelDsl.Generator.Layers;

/// <summary>The state of one lowering of a model, shared by all blocks.</summary>
/// <param name="spec">The model.</param>
/// <param name="training">Whether training is lowered, and not inference.</param>
/// <param name="cancellation">Checked after each layer.</param>
/// <param name="trained">The first lowering of the model, whose parameters and columns this one shares; null if this is the first.</param>
internal sealed class LoweringState(ModelSpec spec, bool training, CancellationToken cancellation, LoweringState? trained = null)
{
    private readonly HashSet<Node> counted = [];
    private readonly List<ParameterNode> parameters = [];
    private readonly Dictionary<string, ParameterNode> named = [];
    private readonly Dictionary<(Shape, EquatableArray<double>), ConstantNode> constants = [];
    private readonly HashSet<(string, Site)> reported = [];
    private readonly HashSet<Node> made = [];
    private readonly HashSet<ParameterNode> used = [];
    private readonly Dictionary<Node, Maker> makers = [];
    private readonly List<FormerName> formerNames = [.. spec.FormerNames];
    private int streams;

    public bool Training { get; } = training;

    /// <summary>Whether no other lowering precedes this one: that of training, or that of inference for a model for prediction only.</summary>
    private bool IsFirst => trained is null;

    /// <summary>The number of positions of the bucket that the model is lowered for; null for all positions.</summary>
    public int? Bucket { get; init; }

    /// <summary>The buckets of the inputs so far; null if there are none.</summary>
    public InputBuckets? Buckets { get; private set; }

    /// <summary>The shapes of the outputs. They do not depend on the bucket.</summary>
    public IReadOnlyList<Shape> OutputShapes { get; private set; } = [];

    /// <summary>Checked at every layer and every step of a <c>Forward</c> method, so that the lowering of an outdated version ends early.</summary>
    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>Records the former names in a use of a block.</summary>
    public void AddFormerNames(BlockSpec block, string path)
    {
        foreach (var name in block.FormerNames.Select(name => name.In(path)))
        {
            if (!formerNames.Contains(name)) formerNames.Add(name);
        }
    }

    /// <summary>Whether an error has been found before, so that shapes are unknown.</summary>
    public bool ChecksArgumentsOnly { get; private set; }

    public List<Problem> Problems { get; } = [];

    /// <summary>Problems of layers that can be lowered but are probably mistakes.</summary>
    public List<Problem> Doubts { get; } = [];

    public List<LayerRow> Rows { get; } = [];

    public List<Column> Inputs { get; } = [];

    public List<Column> Targets { get; } = [];

    /// <summary>Parameters and states, in the order of the layers.</summary>
    public IReadOnlyList<ParameterNode> Parameters => parameters;

    /// <summary>The next values of states so far: the uses of a layer update its state one after the other.</summary>
    public Dictionary<StateNode, Node> NextStates { get; } = [];

    /// <summary>The layer that needs more than one sample in training, or null.</summary>
    public string? NeedsTwoSamples { get; set; }

    /// <summary>The comparisons of losses that are methods: a value, a column, and what is measured.</summary>
    public List<(Node Value, InputNode Column, string Kind)> Compared { get; } = [];

    /// <summary>The elements of columns that cross-entropies compare with: classes and probabilities.</summary>
    public HashSet<ComparedElements> ComparedElements { get; } = [];

    /// <summary>The columns with the weights of each loss function; null for a function without weights, or with weights that are computed.</summary>
    private readonly List<int?> weightColumns = [];

    /// <summary>The index of the column that contains the weights of samples of all loss functions; null if there is none.</summary>
    public int? WeightColumn => weightColumns.Distinct().Count() == 1 ? weightColumns[0] : null;

    /// <summary>The indices of all columns that a loss function uses as weights.</summary>
    public IReadOnlyCollection<int> WeightColumns => [.. weightColumns.OfType<int>().Distinct()];

    /// <summary>The weights of the classes of labels, by the index of their column.</summary>
    public Dictionary<int, IReadOnlyList<double>> ClassWeights { get; } = [];

    /// <summary>The shapes of flattened images, channels last, by the name of a parameter or state whose last axis corresponds to the values of the image.</summary>
    public Dictionary<string, IReadOnlyList<int>> Pictures { get; } = [];

    /// <summary>The values inside the network that <c>[Output]</c> names.</summary>
    public NamedOutputs Outputs { get; } = new(spec);

    /// <summary>The uses of blocks whose activations the backward pass computes again.</summary>
    public List<RecomputedBlock> Recomputed { get; } = [];

    /// <summary>The former names of layers and weights, with the paths of their blocks.</summary>
    public IReadOnlyCollection<FormerName> FormerNames => formerNames;

    /// <summary>The blocks being lowered, outermost first: a block may contain itself with other arguments only.</summary>
    public List<(string Key, BlockArguments Arguments)> OpenBlocks { get; } = [];

    /// <summary>The number of steps that <c>Forward</c> methods have run so far.</summary>
    public int Steps { get; set; }

    public BlockSpec? FindBlock(string key) => spec.Blocks.FirstOrDefault(block => block.Key == key);

    /// <summary>The streams of random numbers so far.</summary>
    public int Streams => streams;

    public int NextStream() => streams++;

    /// <summary>
    /// Continues after an error: shapes are unknown from there on, but an argument that is out of range is a separate error.
    /// </summary>
    public void CheckArguments(Action lower)
    {
        var outer = ChecksArgumentsOnly;
        ChecksArgumentsOnly = true;
        lower();
        ChecksArgumentsOnly = outer;
    }

    /// <summary>Reports a problem once, even if its block is used several times.</summary>
    public void Report(Problem problem)
    {
        if (ChecksArgumentsOnly && problem.Id != Descriptors.ArgumentOutOfRange.Id) return;
        if (reported.Add((problem.Id, problem.Site))) Problems.Add(problem);
    }

    /// <summary>Reports that something that can be lowered is probably a mistake; once, in the first lowering.</summary>
    public void Doubt(Problem problem)
    {
        if (IsFirst && !ChecksArgumentsOnly && reported.Add((problem.Id, problem.Site))) Doubts.Add(problem);
    }

    /// <summary>
    /// Returns the same node for the same name, so that the training and the inference graph, and all uses of a
    /// block, share their parameters. Null for a parameter that inference has and training does not.
    /// </summary>
    public ParameterNode? Parameter(ParameterNode fresh)
    {
        if (named.TryGetValue(fresh.Name, out var shared)) return shared;
        var node = trained is null ? fresh : trained.named.TryGetValue(fresh.Name, out var counterpart) ? counterpart : null;
        if (node is null) return null;
        named.Add(node.Name, node);
        parameters.Add(node);
        return node;
    }

    /// <summary>Returns a constant. Equal numbers in the same shape are stored once, for training and for inference.</summary>
    public ConstantNode Constant(Shape shape, EquatableArray<double> values)
    {
        var holder = trained ?? this;
        if (holder.constants.TryGetValue((shape, values), out var known)) return known;

        // No parameter has this name, because the name of a layer cannot be a number.
        var node = new ConstantNode($"constant.{holder.constants.Count + 1}", shape, values);
        holder.constants.Add((shape, values), node);
        return node;
    }

    public Column AddColumn(
        bool isTarget, string name, Shape shape, ElementType type, int bound, bool isSequence, int? ignored = null, (int Column, int Token)? padding = null)
    {
        var index = Inputs.Count + Targets.Count;
        var column = trained?.Inputs.Concat(trained.Targets).FirstOrDefault(known => known.Node.Column == index);
        if (column is null || (Bucket is not null && column.Node.Shape != shape))
        {
            var length = column?.Node.Shape.Length ?? shape.Length;
            column = new Column(new InputNode(name, shape, type, index, bound) { Ignored = ignored, Padding = padding, SampleLength = length }, isSequence);
        }

        (isTarget ? Targets : Inputs).Add(column);
        return column;
    }

    /// <summary>Adds the column of the weights of samples.</summary>
    public Node AddWeights()
    {
        var column = AddColumn(isTarget: true, "weight", Shape.Batch(), ElementType.Float, 0, isSequence: false);
        return column.Node;
    }

    /// <summary>Notes the weights of a loss function.</summary>
    /// <param name="weights">The weights; null for none.</param>
    public void Weigh(Node? weights) => weightColumns.Add((weights as InputNode)?.Column);

    /// <summary>Adds the buckets of an input; false if another input has others.</summary>
    /// <param name="length">The number of positions of the input.</param>
    /// <param name="lengths">The numbers of positions of its buckets.</param>
    /// <param name="column">Its column.</param>
    /// <param name="padding">Its token of padding; null if there is none.</param>
    public bool AddBuckets(int length, EquatableArray<int> lengths, int column, int? padding)
    {
        if (Buckets is not null && (Buckets.Length != length || !Buckets.Lengths.Equals(lengths))) return false;
        Buckets ??= new InputBuckets(length, lengths);
        Buckets.Columns.Add(column);
        if (padding is { } token) Buckets.Paddings.Add(column, token);
        return true;
    }

    /// <summary>Whether the outputs have the same shapes in a bucket as for all positions; false after reporting.</summary>
    public bool FitOutputs(IReadOnlyList<LayerValue> outputs)
    {
        OutputShapes = [.. outputs.Select(output => output.Shape)];
        if (Bucket is not { } bucket || trained is null) return true;
        for (var i = 0; i < outputs.Count; i++)
        {
            var (own, all) = (OutputShapes[i], trained.OutputShapes[i]);
            if (own == all) continue;
            Report(Problem.At(
                Descriptors.BucketShape.Id,
                outputs[i].Trail?.Site ?? Site.OfType(spec.Type.Key),
                outputs[i].Producer,
                bucket.ToString(LayerNames.Invariant),
                $"the output is {all}, and {own} there; reduce the positions, with GlobalAveragePool, Last or a recurrent layer for example"));
            return false;
        }

        return true;
    }

    /// <summary>The parameter with a name among all positions; null if there is none, or if the model is not lowered for a bucket.</summary>
    public ParameterNode? OfAllPositions(string name) => Bucket is not null && trained!.named.TryGetValue(name, out var known) ? known : null;

    /// <summary>Records the elements that a cross-entropy compares with, if they are a column or a part of one. The range of values that are computed from columns is unknown.</summary>
    public void Compare(string loss, Node target)
    {
        if (Layers.ComparedElements.Of(loss, target) is { } elements) ComparedElements.Add(elements);
    }

    /// <summary>Returns the number of elements of the parameters from an index on, without states.</summary>
    public long CountParameters(int first)
    {
        var count = 0L;
        for (var i = first; i < parameters.Count; i++) count += parameters[i] is StateNode ? 0 : parameters[i].Shape.Length;
        return count;
    }

    /// <summary>Whether the model has several losses.</summary>
    public bool HasSeveralLosses => spec.Forward is { Losses.Count: > 1 };

    /// <summary>Whether a table is used for the first time.</summary>
    public bool IsFirstUse(ParameterNode table) => used.Add(table);

    /// <summary>Records the layer or function that created the nodes of a value which no earlier one has created. Only for models that generate tokens, and for models with buckets.</summary>
    public void Made(Node value, string name, string kind, Site site)
    {
        var isRead = (Buckets is not null && (Training || IsFirst)) || (!Training && spec.Generates);
        if (!isRead) return;
        foreach (var node in ModelGraph.Sort([value], made)) makers[node] = new Maker(name, kind, site);
    }

    /// <summary>Returns the layer or function that created a value; null if it was not recorded.</summary>
    public Maker? MakerOf(Node node) => makers.TryGetValue(node, out var maker) ? maker : null;

    /// <summary>Returns the number of operations of nodes that were not counted for an earlier layer.</summary>
    public long CountFlops(Node output) => ModelGraph.Sort([output], counted).Sum(node => node.Flops);
}

/// <summary>The layer or function that created a value.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Its kind, such as <c>SelfAttention</c>.</param>
/// <param name="Site">Its location.</param>
internal sealed record Maker(string Name, string Kind, Site Site);
