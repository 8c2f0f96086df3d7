using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Layers;

/// <summary>The scope of one use of a layer: its name, its parameters, and its errors.</summary>
/// <param name="State">The state of the lowering.</param>
/// <param name="Block">The list of layers that contains it.</param>
/// <param name="Call">The use.</param>
/// <param name="Name">The layer's name within its list: <c>dense1</c>.</param>
/// <param name="Input">The input; null for an input layer.</param>
internal sealed record LayerScope(LoweringState State, BlockScope Block, LayerCall Call, string Name, LayerValue? Input)
{
    // Offsets into the parameter buffer and the arenas are 32-bit, and the batch size multiplies them.
    private const int MostElements = 1 << 28;

    public bool Training => State.Training;

    /// <summary>Whether the layer's parameters are frozen.</summary>
    public bool IsFrozen => Block.IsFrozen || Call.Flag("frozen");

    /// <summary>For a column: whether only a loss reads it, and no prediction.</summary>
    public bool IsTarget { get; init; }

    /// <summary>The full name, beginning with the outermost block: <c>decoderLayer1.dense1</c>.</summary>
    public string Path => Block.PathOf(Name);

    /// <summary>The path as one word, for the names of nodes.</summary>
    public string NodeName => LayerNames.Join(Path);

    /// <summary>Creates a parameter of this layer, frozen and with weight decay as in the call. Null after reporting that it is too large.</summary>
    public ParameterNode? Parameter(string name, Initializer initializer, params int[] shape) =>
        Shared($"{Path}.{name}", shape, (path, extents) => new ParameterNode(path, extents, initializer, IsFrozen, Call.Number("weightDecay", double.NaN)));

    /// <summary>Creates a table of this layer with a row for each position. A bucket reads its first rows. Null after reporting that it is too large.</summary>
    public Node? PositionTable(string name, Initializer initializer, int length, int width)
    {
        var all = State.OfAllPositions($"{Path}.{name}")?.Shape is { Rank: 2 } shape && shape[0].Value > length ? shape[0].Value : length;
        if (Parameter(name, initializer, all, width) is not { } table) return null;
        return all == length ? table : GraphBuilder.Slice(table.Name, table, [0, 0], Shape.Of(length, width));
    }

    /// <summary>Creates a parameter of this layer of which a step updates only the rows that a column of token ids names. Null after reporting that it is too large.</summary>
    public ParameterNode? Table(string name, Initializer initializer, int? sparseIds, params int[] shape) => Shared(
        $"{Path}.{name}",
        shape,
        (path, extents) => new ParameterNode(path, extents, initializer, IsFrozen, Call.Number("weightDecay", double.NaN)) { SparseIds = IsFrozen ? null : sparseIds });

    /// <summary>Creates a parameter with the name of the scope: a weight that belongs to no layer.</summary>
    public ParameterNode? Weight(Initializer initializer, params int[] shape) =>
        Shared(Path, shape, (path, extents) => new ParameterNode(path, extents, initializer, IsFrozen, Call.Number("weightDecay", double.NaN)));

    /// <summary>Creates a state: a value that this layer keeps from step to step and that is not trained. Null after reporting that it is too large.</summary>
    public StateNode? StateOf(string name, Initializer initializer, params int[] shape) =>
        Shared($"{Path}.{name}", shape, (path, extents) => new StateNode(path, extents, initializer));

    /// <summary>Sets how a training step updates a state.</summary>
    /// <param name="state">The state.</param>
    /// <param name="next">Returns the next value from the current one; several uses of a layer update its state one after the other.</param>
    public void Update(StateNode state, Func<Node, Node> next) =>
        State.NextStates[state] = next(State.NextStates.TryGetValue(state, out var known) ? known : state);

    private T? Shared<T>(string path, int[] shape, Func<string, Shape, T> create)
        where T : ParameterNode
    {
        if (!Fits($"The parameter '{path}'", shape)) return null;
        var extents = Shape.Of([.. shape.Select(extent => (Extent)extent)]);
        var node = State.Parameter(create(path, extents));
        if (node is T same && node.Shape == extents) return same;
        if (node is not null && State.Bucket is { } bucket)
        {
            Report(Problem.At(
                Descriptors.BucketShape.Id,
                Call.Site,
                Path,
                bucket.ToString(LayerNames.Invariant),
                $"its parameter '{path}' is {node.Shape}, and would be {extents} there; reduce the positions before it, with GlobalAveragePool, Last or a recurrent layer for example"));
            return null;
        }

        Report(node is null
            ? Problem.At(Descriptors.WeightUses.Id, Call.Site, path, "is used in inference only, so it would never be trained", "use it in training too")
            : Problem.At(
                Descriptors.WeightUses.Id,
                Call.Site,
                path,
                $"is {node.Shape} in one use and {extents} in another",
                $"uses of the same weights must agree in shape, but here {Producer} gives {Input!.ShapeText}"));
        return null;
    }

    /// <summary>Creates a random number for each element of the shape, different from those of other layers.</summary>
    public Node Random(Shape shape) => new RandomNode(NodeName + "Random", shape, State.NextStream());

    /// <summary>Whether a tensor with these sizes is not too large; false after reporting.</summary>
    public bool Fits(string what, params int[] shape)
    {
        var elements = shape.Aggregate(1.0, (product, extent) => product * extent);
        if (elements <= MostElements) return true;
        Report(Problem.At(
            Descriptors.TooLarge.Id, Call.Site, what, elements.ToString("N0", LayerNames.Invariant), MostElements.ToString("N0", LayerNames.Invariant), ""));
        return false;
    }

    /// <summary>Checks a condition of an argument; false after reporting.</summary>
    public bool Require(bool holds, string argument, string need)
    {
        if (!holds) Report(Problem.At(Descriptors.ArgumentOutOfRange.Id, Call.SiteOf(argument), argument, Call.Kind, Call.TextOf(argument), need));
        return holds;
    }

    /// <summary>Reports that the layer does not accept its input, and returns null.</summary>
    /// <param name="need">What the layer needs: <c>token ids</c>.</param>
    /// <param name="suggestion">What to do, or an empty string.</param>
    /// <param name="repairs">The suggestion as edits.</param>
    public LayerValue? NotAccepted(string need, string suggestion, params Repair?[] repairs) => NotAcceptedAt(Call.Site, need, suggestion, repairs);

    /// <summary>Reports that an argument does not fit the input, and returns null.</summary>
    /// <param name="argument">The argument.</param>
    /// <param name="need">What the layer needs with this argument: <c>channels in 5 equal groups</c>.</param>
    /// <param name="suggestion">What to do, or an empty string.</param>
    /// <param name="repairs">The suggestion as edits.</param>
    public LayerValue? ArgumentNotAccepted(string argument, string need, string suggestion, params Repair?[] repairs) =>
        NotAcceptedAt(Call.SiteOf(argument), need, suggestion, repairs);

    /// <summary>Reports that the layer does not accept token ids, and returns null.</summary>
    public LayerValue? TokensNotAccepted()
    {
        const string Embedding = "Embedding(64)";
        var written = Call.Site.Kind == SiteKind.Attribute ? $"[{Embedding}]" : Embedding;
        var repair = Call.Site.Kind is SiteKind.Attribute or SiteKind.Call ? Repair.InsertBefore(Call.Site, Embedding, $"Insert {Embedding}") : null;
        return NotAccepted("numbers", $"token ids become numbers in an embedding: did you mean {written} before it?", repair);
    }

    private LayerValue? NotAcceptedAt(Site site, string need, string suggestion, Repair?[] repairs) => Report(
        Problem.At(Descriptors.InputNotAccepted.Id, site, Call.Text, need, Producer, Input!.ShapeText, PathToHere, After(suggestion))
            .With(Input.Trail!.Site).Suggest(repairs));

    public LayerValue? Report(Problem problem)
    {
        State.Report(problem);
        return null;
    }

    /// <summary>The producer of the input, in quotes.</summary>
    public string Producer => $"'{Input!.Producer}'";

    /// <summary>The path from the model's input to this layer, which fails.</summary>
    public string PathToHere => $"{Input!.Trail} → {Name} ✗";

    public static string After(string suggestion) => suggestion.Length == 0 ? "" : "; " + suggestion;
}
