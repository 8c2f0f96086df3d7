using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Layers;

/// <summary>A model as graphs, before differentiation. Without problems everything is there; with problems the graphs are null.</summary>
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

    /// <summary>What has been lowered, and is seldom what was meant: where one is an error, the model is not generated.</summary>
    public IReadOnlyList<Problem> Doubts { get; init; } = [];

    /// <summary>The losses with their training graphs; the first one's is <see cref="Train"/>. Several train a part of the weights each.</summary>
    public IReadOnlyList<LossGraph> Losses { get; init; } = [];

    /// <summary>Of losses that are methods: which outputs they compare with which columns.</summary>
    public IReadOnlyList<Comparison> Comparisons { get; init; } = [];

    /// <summary>The elements of columns that cross-entropies compare with: classes and probabilities.</summary>
    public IReadOnlyCollection<ComparedElements> ComparedElements { get; init; } = [];

    /// <summary>By name of a parameter or state whose last axis counts the values of a flattened picture: the picture's shape, channels last.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<int>> Pictures { get; init; } = new Dictionary<string, IReadOnlyList<int>>();

    /// <summary>Whether each loss has a training pass of its own.</summary>
    public bool HasSeveralLosses => Losses.Count > 1 || (Losses.Count == 1 && Losses[0].Part.Length > 0);

    /// <summary>The parameters a loss trains.</summary>
    public IReadOnlyList<ParameterNode> TrainedBy(LossGraph loss) =>
        loss.Part.Length == 0 ? Parameters : [.. Parameters.Where(parameter => parameter.Name.StartsWith(loss.Part + ".", StringComparison.Ordinal))];
}

/// <summary>A loss and what it trains.</summary>
/// <param name="Name">The method's name, or <c>loss</c>.</param>
/// <param name="Part">The name of the weights it trains, which is what theirs begin with; empty for all.</param>
/// <param name="Member">What members of that part are called.</param>
/// <param name="Graph">Its training graph.</param>
internal sealed record LossGraph(string Name, string Part, string Member, ModelGraph Graph);

/// <summary>An output that a loss compares with a column of the data.</summary>
/// <param name="Kind">What it measures: the name of a member of the runtime's <c>LossKind</c>.</param>
/// <param name="Output">The output's number.</param>
/// <param name="Column">The column's number.</param>
internal sealed record Comparison(string Kind, int Output, int Column);

/// <summary>A column of the batch.</summary>
/// <param name="Node">Its value in the graphs; its name, type, shape and bound are the column's.</param>
/// <param name="IsSequence">Whether axis 1 counts positions.</param>
internal sealed record Column(InputNode Node, bool IsSequence);

/// <summary>A row of the model's summary.</summary>
/// <param name="Depth">How many blocks it stands in.</param>
/// <param name="Name">The layer's own name.</param>
/// <param name="Kind">The layer with its arguments.</param>
/// <param name="Output">The shape it gives.</param>
/// <param name="Parameters">Number of parameters.</param>
/// <param name="Flops">Operations of one sample's forward pass.</param>
/// <param name="Bytes">Bytes of its output for one sample.</param>
internal sealed record LayerRow(int Depth, string Name, string Kind, string Output, long Parameters, long Flops, long Bytes);
