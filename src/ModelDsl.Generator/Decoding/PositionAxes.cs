using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scans;

namespace ModelDsl.Generator.Decoding;

/// <summary>
/// The axes of each value that are positions of tokens: none if the value does not depend on tokens; one if an element depends on the tokens up to its position; two if it
/// compares positions, like the scores of an attention.
/// </summary>
internal sealed class PositionAxes : PartialVisitor<IReadOnlyList<int>>
{
    private const string Combines = "combines all positions, so the value at a position depends on later tokens";
    private const string IsDecoded = "is decoded already";

    private readonly Dictionary<Node, IReadOnlyList<int>> axes = [];
    private readonly HashSet<Node> encoded = [];
    private readonly LaterTerms later;
    private readonly int tokens;

    private PositionAxes(int tokens) => (this.tokens, later) = (tokens, new LaterTerms(this));

    /// <summary>Determines the axes of positions in a graph.</summary>
    /// <param name="nodes">Its nodes, operands before their readers.</param>
    /// <param name="tokens">The column of the tokens that are generated.</param>
    /// <exception cref="NotDecodableException">A node depends on tokens after its own position, or mixes positions in a way that is not known to be causal.</exception>
    public static PositionAxes Of(IEnumerable<Node> nodes, int tokens)
    {
        var known = new PositionAxes(tokens);
        foreach (var node in nodes)
        {
            known.axes[node] = node.Accept(known);
            var isEncoded = node is InputNode || node.Operands.Any(operand => known.encoded.Contains(operand.Node));
            if (isEncoded && known.IsStatic(node)) known.encoded.Add(node);
        }

        return known;
    }

    /// <summary>The axes of positions of a value, in ascending order.</summary>
    public IReadOnlyList<int> this[Node node] => axes[node];

    /// <summary>Whether a value does not depend on tokens.</summary>
    public bool IsStatic(Node node) => axes[node].Count == 0;

    /// <summary>Whether a value depends on inputs beside the tokens only, so that a session computes it once.</summary>
    public bool IsEncoded(Node node) => encoded.Contains(node);

    /// <summary>The axis of a reshaped value that is equal to an axis of its operand; −1 if there is none.</summary>
    public static int Reshaped(Shape from, int axis, Shape to)
    {
        var before = Size(from, axis);
        for (var candidate = 1; candidate < to.Rank; candidate++)
        {
            if (to[candidate] == from[axis] && Size(to, candidate) == before) return candidate;
        }

        return -1;

        static int Size(Shape shape, int end) => shape.Extents.Take(end).Where(extent => !extent.IsBatch).Aggregate(1, (size, extent) => size * extent.Value);
    }

    /// <summary>
    /// The axis of a reader's domain along which it reads an axis of positions; −1 if it reads positions other than its own. The history of a carried value of a loop has one position
    /// more than there are steps: a reader that starts at the first or second position reads the value before or after the token of its own position.
    /// </summary>
    public static int Along(Operand operand, int axis, Shape domain)
    {
        var along = AxisOf(operand, axis);
        return along >= 0 && domain[along] == operand.Node.Shape[axis].Value - (IsHistory(operand.Node) ? 1 : 0) ? along : -1;
    }

    /// <summary>The axis of a reader's domain that is the index along an axis of its operand or, in the history of a carried value, one less than it; −1 if there is none.</summary>
    public static int AxisOf(Operand operand, int axis) =>
        operand.Map[axis] is { Offset: 1 } next && IsHistory(operand.Node) && axis == TimeAxis.Of(operand.Node.Shape) ? (next with { Offset = 0 }).Axis : operand.Map[axis].Axis;

    private static bool IsHistory(Node node) => node is ScanResultNode { Result.Kind: ScanResultKind.History };

    public override IReadOnlyList<int> Input(InputNode node) => node.Column == tokens ? [1] : [];

    public override IReadOnlyList<int> Parameter(ParameterNode node) => [];

    public override IReadOnlyList<int> State(StateNode node) => [];

    public override IReadOnlyList<int> Constant(ConstantNode node) => [];

    public override IReadOnlyList<int> InverseBatch(InverseBatchNode node) => throw new NotDecodableException(node, "depends on the other samples of the batch");

    public override IReadOnlyList<int> Random(RandomNode node) => throw new NotDecodableException(node, "draws random numbers");

    public override IReadOnlyList<int> Map(MapNode node) => Through(node, IndexMap.Identity(node.Shape.Rank));

    public override IReadOnlyList<int> Contract(ContractNode node) => Through(node, node.Output);

    public override IReadOnlyList<int> Reduce(ReduceNode node) => Through(node, node.Output);

    public override IReadOnlyList<int> LogSumExp(LogSumExpNode node) => Through(node, IndexMap.Identity(node.Shape.Rank));

    public override IReadOnlyList<int> View(ViewNode node) => Through(node, IndexMap.Identity(node.Shape.Rank));

    public override IReadOnlyList<int> Reshape(ReshapeNode node)
    {
        var from = node.Operands[0].Node;
        var kept = this[from].Select(axis => Reshaped(from.Shape, axis, node.Shape)).ToArray();
        return kept.Contains(-1) ? throw new NotDecodableException(node, "puts the values of several positions into one axis") : kept;
    }

    public override IReadOnlyList<int> Concat(ConcatNode node)
    {
        int[] all = [.. node.Operands.SelectMany(part => this[part.Node]).Distinct().OrderBy(axis => axis)];
        return all.Contains(node.Axis) ? throw new NotDecodableException(node, "puts positions behind one another") : all;
    }

    public override IReadOnlyList<int> Pad(PadNode node)
    {
        var (all, from) = (this[node.Operands[0].Node], node.Operands[0].Node.Shape);
        return all.Any(axis => from[axis] != node.Shape[axis]) ? throw new NotDecodableException(node, "moves positions") : all;
    }

    public override IReadOnlyList<int> Gather(GatherNode node) =>
        IsStatic(node.Table) ? this[node.Ids] : throw new NotDecodableException(node, "looks up rows of a table that depends on the tokens");

    public override IReadOnlyList<int> ScatterAdd(ScatterAddNode node) => throw new NotDecodableException(node, Combines);

    public override IReadOnlyList<int> StopGradient(StopGradientNode node) => this[node.Operands[0].Node];

    public override IReadOnlyList<int> Encoded(EncodedNode node) => throw new NotDecodableException(node, IsDecoded);

    public override IReadOnlyList<int> Cache(CacheNode node) => throw new NotDecodableException(node, IsDecoded);

    public override IReadOnlyList<int> Recall(RecallNode node) => throw new NotDecodableException(node, IsDecoded);

    public override IReadOnlyList<int> LoopValue(LoopValueNode node) => [];

    public override IReadOnlyList<int> Scan(ScanNode node)
    {
        if (node.Operands.All(operand => IsStatic(operand.Node))) return [];
        var (carried, sequences) = (node.Body.Carried.Count, node.Body.Sequences.Count);
        for (var i = 0; i < node.Operands.Count; i++)
        {
            var operand = node.Operands[i].Node;
            if (i >= carried && i < carried + sequences)
            {
                var isAlong = IsStatic(operand) ? operand.Shape.HasBatch : this[operand].SequenceEqual([TimeAxis.Of(operand.Shape)]);
                if (!isAlong) throw new NotDecodableException(node, "goes along another axis than the positions");
            }
            else if (!IsStatic(operand))
            {
                throw new NotDecodableException(node, i < carried ? "starts with a value that depends on the tokens" : "reads the values of all positions in each step");
            }
        }

        if (node.IsReversed) throw new NotDecodableException(node, "goes from the last position to the first, so the value at a position depends on later tokens");
        return LoopForm.Fits(node) ? [1] : throw new NotDecodableException(node, "has steps in which samples depend on one another");
    }

    public override IReadOnlyList<int> ScanResult(ScanResultNode node) =>
        node.Result.Kind == ScanResultKind.Total && !IsStatic(node.Scan) ? throw new NotDecodableException(node, Combines) : this[node.Scan];

    protected override IReadOnlyList<int> Otherwise(Node node) => throw new NotDecodableException(node, "is an operation for which no rule says which positions it reads");

    private List<int> Through(Node node, IndexMap output)
    {
        // The axes of the domain along which an operand's positions are read.
        var positions = new SortedSet<int>();
        foreach (var operand in node.Operands)
        {
            foreach (var axis in this[operand.Node])
            {
                var along = Along(operand, axis, node.Domain);
                if (along < 0) throw new NotDecodableException(node, "reads other positions than its own");
                positions.Add(along);
            }
        }

        if (positions.Count == 0) return [];
        var kept = new List<int>();
        for (var axis = 0; axis < output.Rank; axis++)
        {
            if (!output[axis].Terms.Any(term => positions.Contains(term.Axis))) continue;
            if (output[axis].Axis < 0) throw new NotDecodableException(node, "moves positions");
            kept.Add(axis);
        }

        if (kept.Count == 0) throw new NotDecodableException(node, Combines);
        if (positions.Count > 2) throw new NotDecodableException(node, "compares more than two positions");
        foreach (var key in positions.Except(kept.Select(axis => output[axis].Axis)))
        {
            if (later.AreRead(node, output[kept[0]].Axis, key)) throw new NotDecodableException(node, "reads later positions");
        }

        return kept;
    }
}
