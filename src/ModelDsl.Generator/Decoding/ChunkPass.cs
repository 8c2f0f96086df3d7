using ModelDsl.Generator.Common;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Decoding;

/// <summary>
/// Rewrites the inference graph over all positions of a sample into a graph over a chunk of consecutive positions. Values with a row for each position have only the rows of the
/// chunk. Tables of positions are read at the positions of the chunk, which are an input. Values that later positions read, such as keys and values, are kept in the buffers of a
/// session; the rows of the chunk are written before they are read. A sum over keys has the same terms in the same order as before: excluded keys add 0. A loop over positions
/// continues from the values that the session has kept of the previous position.
/// </summary>
internal sealed class ChunkPass
{
    /// <summary>The column of the tokens.</summary>
    public const int TokenColumn = 0;

    /// <summary>The column of the positions, after that of the tokens.</summary>
    public const int PositionColumn = 1;

    private readonly Dictionary<(Node Node, int Axis), Node> chunks = [];
    private readonly Dictionary<Node, Node> caches = [];
    private readonly Dictionary<Node, EncodedNode> encoded = [];
    private readonly Dictionary<(Node Node, int Axis), Node> tables = [];
    private readonly Dictionary<(Node Scan, ScanResult Result), Node> results = [];
    private readonly Dictionary<(ScanNode Scan, int Number, int Offset), Node> states = [];
    private readonly List<Node> kept = [];
    private readonly PositionAxes axes;
    private readonly CacheLayout layout;
    private readonly InputNode positions;
    private readonly int count;

    private ChunkPass(PositionAxes axes, CacheLayout layout, int length, int count)
    {
        (this.axes, this.layout, this.count) = (axes, layout, count);
        positions = new InputNode("positions", Shape.Batch(count), ElementType.Int, PositionColumn, length) { IsPosition = true };
    }

    /// <summary>Rewrites the output of a graph.</summary>
    /// <param name="graph">The inference graph.</param>
    /// <param name="tokens">The column of the tokens. Other inputs are given when a session begins.</param>
    /// <param name="count">The number of positions of a chunk.</param>
    /// <param name="layout">The buffers of the session, for all chunks.</param>
    /// <exception cref="NotDecodableException">A node depends on later tokens, or mixes positions in a way that is not known to be causal.</exception>
    public static ModelGraph Run(ModelGraph graph, int tokens, int count, CacheLayout layout)
    {
        var output = graph.Roots.First(root => root.Kind == RootKind.Output);
        var nodes = ModelGraph.Sort([output.Value]);
        var axes = PositionAxes.Of(nodes, tokens);
        var pass = new ChunkPass(axes, layout, output.Value.Shape[1].Value, count);

        // In the order of the graph, because its depth may exceed the stack.
        foreach (var node in nodes)
        {
            if (axes[node].Count == 1) pass.Chunk(node, axes[node][0]);
        }

        var logits = output with { Value = pass.Chunk(output.Value, 1) };
        return Verifier.Checked(new ModelGraph([logits, .. pass.kept.Select(cache => new Root(RootKind.Kept, cache.Name, cache))]));
    }

    /// <summary>The graph of the values that a session computes when it begins; null if there are none.</summary>
    /// <param name="layout">The buffers of the session, after its chunks have been rewritten.</param>
    public static ModelGraph? Encoder(CacheLayout layout)
    {
        Root[] roots = [.. layout.Encoded.Select(value => new Root(RootKind.Encoded, value.Node.Name, value.Node) { Offset = value.Offset })];
        return roots.Length == 0 ? null : Verifier.Checked(new ModelGraph(roots));
    }

    /// <summary>The value at the positions of the chunk.</summary>
    private Node Chunk(Node node, int axis) => chunks.TryGetValue((node, axis), out var known) ? known : chunks[(node, axis)] = Compute(node, axis);

    private Node Compute(Node node, int axis) => node switch
    {
        InputNode input when axes.IsEncoded(input) => throw new NotDecodableException(input, "depends on another input position by position"),
        InputNode input => new InputNode(input.Name, Shrunk(input.Shape, axis), input.Type, TokenColumn, input.Bound),
        MapNode map => Map(map, axis),
        ContractNode contract => Contract(contract, axis),
        ReduceNode reduce => Reduce(reduce, axis),
        LogSumExpNode => GraphBuilder.LogSumExp(node.Name, Read(node, node.Operands[0], axis).Node),
        ViewNode => GraphBuilder.View(node.Name, Shrunk(node.Shape, axis), Read(node, node.Operands[0], axis)),
        StopGradientNode => new StopGradientNode(Read(node, node.Operands[0], axis).Node),
        ReshapeNode => GraphBuilder.Reshape(node.Name, Shrunk(node.Shape, axis), Chunk(node.Operands[0].Node, PositionAxes.Reshaped(node.Shape, axis, node.Operands[0].Node.Shape))),
        ConcatNode concat => GraphBuilder.Concat(node.Name, concat.Axis, [.. node.Operands.Select(part => Read(node, part, axis).Node)]),
        PadNode pad => GraphBuilder.Pad(node.Name, Shrunk(node.Shape, axis), pad.Start, Read(node, node.Operands[0], axis).Node),
        GatherNode gather => GraphBuilder.Gather(node.Name, gather.Table, Chunk(gather.Ids, axis)),
        ScanNode scan => Loop(scan, axis),
        ScanResultNode result => Result(result.Name, (ScanNode)Chunk(result.Scan, axis), result.Result),
        _ => throw new NotDecodableException(node, "is not known by position"),
    };

    private Node Map(MapNode map, int axis)
    {
        var operands = map.Operands.Select(operand => Read(map, operand, axis)).ToList();
        var body = AtPositions(map.Body, axis, operands);
        return GraphBuilder.Map(map.Name, Shrunk(map.Shape, axis), body, [.. operands]);
    }

    private Node Contract(ContractNode contract, int axis)
    {
        var along = contract.Output[axis].Axis;
        return GraphBuilder.Contract(
            contract.Name, Shrunk(contract.Shape, axis), Shrunk(contract.Domain, along), contract.Output, Read(contract, contract.A, along), Read(contract, contract.B, along));
    }

    private Node Reduce(ReduceNode reduce, int axis)
    {
        var along = reduce.Output[axis].Axis;
        var operands = reduce.Operands.Select(operand => Read(reduce, operand, along)).ToList();
        var body = AtPositions(reduce.Body, along, operands);
        return Verifier.Checked(new ReduceNode(reduce.Name, Shrunk(reduce.Shape, axis), reduce.Op, Shrunk(reduce.Domain, along), reduce.Output, body, [.. operands])
        {
            HasMaximum = reduce.HasMaximum,
        });
    }

    /// <summary>A loop over the positions of the chunk. Its carried values are kept for each position, so that a session can continue from any of them.</summary>
    private ScanNode Loop(ScanNode scan, int axis)
    {
        var body = scan.Body;
        var operands = scan.Operands.Select((operand, number) =>
            number < body.Carried.Count
                ? GraphBuilder.Recall(body.Carried[number].Name + "Before", scan.Steps, layout.Of(scan, number, scan.After).Offset, Static(operand.Node), positions)
            : number < body.Carried.Count + body.Sequences.Count ? Read(scan, operand, axis).Node
            : Static(operand.Node)).ToArray();
        var loop = GraphBuilder.Scan(scan.Name, count, isReversed: false, body, operands);
        for (var number = 0; number < body.Carried.Count; number++) States(scan, loop, number, scan.After);
        return loop;
    }

    /// <summary>A result of a loop. All readers share one node, because the node is its buffer.</summary>
    private Node Result(string name, ScanNode loop, ScanResult result) => results.TryGetValue((loop, result), out var known)
        ? known
        : results[(loop, result)] = GraphBuilder.ScanResult(name, loop, result.Kind, result.Number);

    /// <summary>Replaces the index along an axis in an expression by the position of the row.</summary>
    private Expr AtPositions(Expr body, int axis, List<Operand> operands)
    {
        if (!ExprWalk.All(body).Any(expr => expr is AxisIndex index && index.Axis == axis)) return body;
        var position = Expressions.Input(operands.Count);
        operands.Add(new Operand(positions, IndexMap.Project(0, axis)));
        return ExprWalk.Substitute(body, [.. Enumerable.Range(0, operands.Count - 1).Select(Expressions.Input)], index => index == axis ? position : Expressions.Index(index));
    }

    /// <summary>The operand of a reader whose domain has the positions of the chunk along an axis.</summary>
    private Operand Read(Node reader, Operand operand, int axis)
    {
        var (node, map) = (operand.Node, operand.Map);
        int[] moved = [.. Enumerable.Range(0, map.Rank).Where(position => map[position].Terms.Any(term => term.Axis == axis))];
        if (moved.Length > 1 || (moved.Length == 1 && PositionAxes.AxisOf(operand, moved[0]) < 0)) throw new NotDecodableException(reader, "reads other positions than its own");
        if (axes.IsStatic(node)) return moved.Length == 0 ? operand with { Node = Static(node) } : node.Shape.HasBatch ? operand with { Node = Chunk(node, moved[0]) } : Table(operand, moved[0]);
        var own = axes[node];
        if (moved.Length == 1) return own.Contains(moved[0]) ? operand with { Node = Chunk(node, moved[0]) } : throw new NotDecodableException(reader, "reads values by their position");
        return own.Count == 1 ? Kept(operand, own[0]) : throw new NotDecodableException(reader, "compares other positions than its own");
    }

    /// <summary>A value that does not depend on the tokens. What depends on other inputs is read from the memory of the session.</summary>
    private Node Static(Node node)
    {
        if (!axes.IsEncoded(node)) return node;
        return encoded.TryGetValue(node, out var known) ? known : encoded[node] = new EncodedNode(node.Name, node.Shape, layout.OffsetOf(node));
    }

    /// <summary>Keeps a value, because later positions read it at all positions. Carried values of a loop are kept before or after each step.</summary>
    private Operand Kept(Operand operand, int axis)
    {
        if (operand.Node is not ScanResultNode { Result.Kind: ScanResultKind.History } history) return operand with { Node = Cache(operand.Node, axis) };
        var (loop, offset) = ((ScanNode)Chunk(history.Scan, axis), operand.Map[axis].Offset);
        var map = new IndexMap([.. operand.Map.Coordinates.Select((coordinate, at) => at == axis ? coordinate with { Offset = 0 } : coordinate)]);
        return new Operand(States(history.Scan, loop, history.Result.Number, offset), map);
    }

    /// <summary>The buffer of the states of a loop before or after each step.</summary>
    private Node States(ScanNode scan, ScanNode loop, int number, int offset)
    {
        if (states.TryGetValue((scan, number, offset), out var known)) return known;
        var carried = scan.Body.Carried[number];
        var rows = TimeAxis.Slice(carried.Name, Result(carried.Name, loop, new(ScanResultKind.History, number)), offset, count);
        var slot = layout.Of(scan, number, offset);
        var cache = GraphBuilder.Cache(
            carried.Name + (offset == scan.After ? "Kept" : "KeptBefore"), TimeAxis.Insert(carried.Shape, scan.Steps), TimeAxis.Of(rows.Shape), slot.Offset, rows, positions);
        kept.Add(cache);
        return states[(scan, number, offset)] = cache;
    }

    /// <summary>Keeps any other value.</summary>
    private Node Cache(Node node, int axis)
    {
        if (caches.TryGetValue(node, out var known)) return known;
        var rows = Chunk(node, axis);

        // A copy in another layout is not stored: its rows are copied to their positions directly.
        if (rows is MapNode { Operands.Count: 1 } copy && copy.Body.Equals(Expressions.Input(0))) rows = GraphBuilder.View(rows.Name, rows.Shape, copy.Operands[0]);
        if (rows.Type == ElementType.Int) rows = GraphBuilder.Pointwise(node.Name + "Numbers", Expressions.Input(0), rows);
        kept.Add(caches[node] = GraphBuilder.Cache(node.Name + "Cache", node.Shape, axis, layout.Of(node, axis).Offset, rows, positions));
        return caches[node];
    }

    /// <summary>The rows of a table of positions for the rows of the chunk.</summary>
    private Operand Table(Operand operand, int axis)
    {
        var (node, shape) = (operand.Node, operand.Node.Shape);
        int[] others = [.. Enumerable.Range(0, shape.Rank).Where(other => other != axis)];
        if (!tables.TryGetValue((node, axis), out var rows))
        {
            var first = axis == 0 ? node : GraphBuilder.View(node.Name, new Shape([shape[axis], .. others.Select(other => shape[other])]), new Operand(node, Transposed(axis, others)));
            var table = GraphBuilder.Reshape(node.Name, Shape.Of(shape[axis].Value, shape.Length / shape[axis].Value), first);
            var gathered = GraphBuilder.Gather(node.Name + "AtPositions", table, positions);
            rows = tables[(node, axis)] = GraphBuilder.Reshape(gathered.Name, new Shape([Extent.Batch, count, .. others.Select(other => shape[other])]), gathered);
        }

        return new Operand(rows, new IndexMap([Coordinate.Of(0), operand.Map[axis], .. others.Select(other => operand.Map[other])]));
    }

    /// <summary>The coordinates of a value as functions of the indices of the value with the given axis moved to the front.</summary>
    private static IndexMap Transposed(int axis, int[] others) =>
        IndexMap.Project([.. Enumerable.Range(0, others.Length + 1).Select(position => position == axis ? 0 : 1 + Array.IndexOf(others, position))]);

    private Shape Shrunk(Shape shape, int axis) => new([.. shape.Extents.Select((extent, at) => at == axis ? count : extent)]);
}
