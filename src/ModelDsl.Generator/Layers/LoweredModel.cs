using ModelDsl.Generator.Buckets;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.WeightFiles;

namespace ModelDsl.Generator.Layers;

/// <summary>A model as graphs, before differentiation. If there are problems, the graphs are null. A model for prediction only has no training graph and no losses.</summary>
internal sealed record LoweredModel(
    IReadOnlyList<Problem> Problems,
    ModelGraph? Train,
    ModelGraph? Infer,
    IReadOnlyList<Column> Inputs,
    IReadOnlyList<Column> Targets,
    IReadOnlyList<ParameterNode> Parameters,
    IReadOnlyList<LayerRow> Layers,
    string LossKind)
{
    /// <summary>The layer that needs more than one sample in training, or null.</summary>
    public string? NeedsTwoSamples { get; init; }

    /// <summary>Warnings and errors about layers that can be lowered but are probably mistakes. If one is an error, the model is not generated.</summary>
    public IReadOnlyList<Problem> Doubts { get; init; } = [];

    /// <summary>The losses with their training graphs; the graph of the first is <see cref="Train"/>. Each of several losses trains a part of the weights.</summary>
    public IReadOnlyList<LossGraph> Losses { get; init; } = [];

    /// <summary>For losses that are methods: the outputs and columns that they compare.</summary>
    public IReadOnlyList<OutputComparison> Comparisons { get; init; } = [];

    /// <summary>The elements of columns that cross-entropies compare with: classes and probabilities.</summary>
    public IReadOnlyCollection<ComparedElements> ComparedElements { get; init; } = [];

    /// <summary>The index of the column that contains the weights of samples; null if there is none.</summary>
    public int? WeightColumn { get; init; }

    /// <summary>The indices of all columns that a loss function uses as weights.</summary>
    public IReadOnlyCollection<int> WeightColumns { get; init; } = [];

    /// <summary>The weights of the classes of labels, by the index of their column.</summary>
    public IReadOnlyDictionary<int, IReadOnlyList<double>> ClassWeights { get; init; } = new Dictionary<int, IReadOnlyList<double>>();

    /// <summary>The shapes of flattened images, channels last, by the name of a parameter or state whose last axis corresponds to the values of the image.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<int>> Pictures { get; init; } = new Dictionary<string, IReadOnlyList<int>>();

    /// <summary>The former names of layers and weights.</summary>
    public EquatableArray<FormerName> FormerNames { get; init; } = EquatableArray<FormerName>.Empty;

    /// <summary>The buckets of the inputs; null if there are none.</summary>
    public InputBuckets? InputBuckets { get; init; }

    /// <summary>The graphs of the buckets, in ascending order.</summary>
    public IReadOnlyList<LoweredBucket> Buckets { get; init; } = [];

    /// <summary>Whether each loss has its own training pass.</summary>
    public bool HasSeveralLosses => Losses.Count > 1 || (Losses.Count == 1 && Losses[0].Part.Length > 0);

    /// <summary>Returns the parameters that a loss trains.</summary>
    public IReadOnlyList<ParameterNode> TrainedBy(LossGraph loss) =>
        loss.Part.Length == 0 ? Parameters : [.. Parameters.Where(parameter => parameter.Name.StartsWith(loss.Part + ".", StringComparison.Ordinal))];
}

/// <summary>A loss and the parameters that it trains.</summary>
/// <param name="Name">The method's name, or <c>loss</c>.</param>
/// <param name="Part">The name prefix of the weights that it trains; empty for all.</param>
/// <param name="Member">The name of that part in the names of generated members.</param>
/// <param name="Graph">Its training graph.</param>
internal sealed record LossGraph(string Name, string Part, string Member, ModelGraph Graph);

/// <summary>An output that a loss compares with a column of the data.</summary>
/// <param name="Kind">What the loss measures: the name of a member of the runtime's <c>LossKind</c>.</param>
/// <param name="Output">The index of the output.</param>
/// <param name="Column">The index of the column.</param>
internal sealed record OutputComparison(string Kind, int Output, int Column);

/// <summary>A column of the batch.</summary>
/// <param name="Node">Its value in the graphs, with the column's name, type, shape and bound.</param>
/// <param name="IsSequence">Whether axis 1 is the axis of positions.</param>
internal sealed record Column(InputNode Node, bool IsSequence);

/// <summary>A row of the model's summary.</summary>
/// <param name="Depth">The number of enclosing blocks.</param>
/// <param name="Name">The layer's name within its list.</param>
/// <param name="Kind">The layer with its arguments.</param>
/// <param name="Output">The shape of its output.</param>
/// <param name="Parameters">The number of parameters.</param>
/// <param name="Flops">The number of operations of the forward pass of one sample.</param>
/// <param name="Bytes">The number of bytes of its output for one sample.</param>
internal sealed record LayerRow(int Depth, string Name, string Kind, string Output, long Parameters, long Flops, long Bytes);
