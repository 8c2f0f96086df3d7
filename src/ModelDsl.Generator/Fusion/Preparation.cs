using ModelDsl.Generator.Common;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Fusion;

/// <summary>
/// Converts a graph to the form that fusion expects. Every root has a value of its own that a kernel computes. A reshape reads elements in row-major order. Random numbers are
/// drawn where rows are computed. A pointwise value that only one sum reads is computed inside that sum.
/// </summary>
internal static class Preparation
{
    public static ModelGraph Prepare(ModelGraph graph) => Finish(Begin(graph), []);

    /// <summary>The same for a target with chains: matrices that several parts read are computed in each of them. Null if there are no chains.</summary>
    public static ModelGraph? PrepareChained(ModelGraph graph, Func<IReadOnlyCollection<RootKind>, int> partOf)
    {
        if (!Chains.MayBeIn(graph)) return null;
        var begun = MaterializeBatchSize(Begin(graph));
        var separate = Recomputation.Separate(begun, ControlDependencies.Sections(begun, Parts.AssignChained(begun, partOf)));
        var chains = Chains.Of(separate, ControlDependencies.Sections(separate, Parts.AssignChained(separate, partOf)));
        return chains.Count == 0 ? null : Finish(separate, [.. chains.SelectMany(chain => chain.Members)]);
    }

    /// <summary>The number of samples is not the number of rows of a block, so long chains read 1/N from memory.</summary>
    private static ModelGraph MaterializeBatchSize(ModelGraph graph)
    {
        var members = new HashSet<Node>(Chains.Of(graph, ChainForm.Long).SelectMany(chain => chain.Members));
        if (members.Count == 0) return graph;
        var copies = new Dictionary<Node, Node>();
        Node CopyOf(Node node) => copies.TryGetValue(node, out var known) ? known : copies[node] = Copy(node);
        return Rewriter.Rewrite(graph, node => members.Contains(node) && node.Operands.Any(operand => operand.Node is InverseBatchNode)
            ? node.With([.. node.Operands.Select(operand => operand.Node is InverseBatchNode ? operand with { Node = CopyOf(operand.Node) } : operand)])
            : node);
    }

    private static ModelGraph Begin(ModelGraph graph)
    {
        graph = Rewriter.Rewrite(GiveRootsValues(graph), MaterializeNumbers);
        return Rewriter.Rewrite(Rewriter.Rewrite(graph, MaterializeUnderReshape), MaterializeDraws);
    }

    /// <param name="graph">The graph.</param>
    /// <param name="chained">Members of chains. They transpose their operands block by block.</param>
    private static ModelGraph Finish(ModelGraph graph, HashSet<Node> chained)
    {
        var gradients = new HashSet<Node>(graph.Roots.Where(root => root.Kind == RootKind.Gradient).Select(root => root.Value));
        graph = Rewriter.Rewrite(graph, node => node is ContractNode contract && !gradients.Contains(node) && !chained.Contains(node) ? TransposeFactor(contract) : node);
        var readers = CountReaders(graph);
        return GiveMaxima(Rewriter.Rewrite(graph, node => node is ReduceNode reduce && !RowSpace.IsRowReduction(reduce) ? Inline(reduce, readers) : node));
    }

    /// <summary>Adds the maximum as an operand of nodes that return the index of the first maximum. Terms can then be compared with it in any order, in lanes and by threads.</summary>
    private static ModelGraph GiveMaxima(ModelGraph graph)
    {
        var maxima = new Dictionary<(object, EquatableArray<Operand>), ReduceNode>();
        foreach (var maximum in graph.Nodes.OfType<ReduceNode>().Where(reduce => reduce.Op == ReduceOp.Max)) maxima[KeyOf(maximum)] = maximum;
        return Rewriter.Rewrite(graph, node =>
        {
            if (node is not ReduceNode { Op: ReduceOp.ArgMax } first) return node;
            var maximum = first.MaximumOfTerms();
            if (maxima.TryGetValue(KeyOf(maximum), out var known)) maximum = known;
            else maxima.Add(KeyOf(maximum), maximum);
            return Verifier.Checked(new ReduceNode(
                first.Name, first.Shape, first.Op, first.Domain, first.Output, first.Body, [.. first.Operands, new Operand(maximum, first.Output)])
            {
                HasMaximum = true,
            });
        });

        static (object, EquatableArray<Operand>) KeyOf(ReduceNode reduce) => ((reduce.Shape, reduce.Attributes), reduce.Operands.ToEquatableArray());
    }

    private static ModelGraph GiveRootsValues(ModelGraph graph)
    {
        var taken = new HashSet<Node>();
        var readers = CountReaders(graph);
        return new ModelGraph([.. graph.Roots.Select(root =>
        {
            var source = Aliases.Source(root.Value);
            var isOwn = Aliases.IsComputed(source) && root.Value is not (ViewNode or StopGradientNode);
            if (root.Kind == RootKind.Step) return isOwn && ReferenceEquals(source, root.Value) && taken.Add(source) ? root : root with { Value = Copy(root.Value) };
            if (root.Kind == RootKind.Encoded) return root with { Value = Copy(root.Value) };
            if (root.Kind == RootKind.State) return root.Value is MapNode && readers[root.Value] == 1 ? root : root with { Value = Copy(root.Value) };
            if (root.Kind != RootKind.Gradient) return isOwn ? root : root with { Value = Copy(root.Value) };
            if (isOwn && ReferenceEquals(source, root.Value) && taken.Add(source)) return root;

            // Equal gradients need separate buffers. Those of weights may be in panels, which only contractions write.
            return root with { Value = root.Value is ContractNode ? root.Value.With(root.Value.Operands) : Copy(root.Value) };
        })]);
    }

    /// <summary>
    /// A node that reads memory, and not expressions, cannot read a literal, 1/N or random numbers, so these are stored. The repetitions of a broadcast are stored for a product,
    /// which needs an operand along each of its axes.
    /// </summary>
    private static Node MaterializeNumbers(Node node)
    {
        // A loop receives the initial values of carried values as operands, except literals, which it writes itself.
        IEnumerable<Node> all = node switch
        {
            ScanNode scan => scan.Starts,
            RecallNode recall => [recall.Start],
            _ => [],
        };
        var starts = new HashSet<Node>(all.Where(start => start is MapNode { Operands.Count: 0, Body: Constant }));
        bool IsNumber(Operand operand) => !starts.Contains(operand.Node) && !Aliases.IsInMemory(Aliases.Source(operand.Node))
            || (node is ContractNode && operand.Node is ViewNode view && Maps.Repeats(view.Operands[0].Map, view.Shape));
        return node.OperandForm == OperandForm.Memory && node.Operands.Any(IsNumber)
            ? node.With([.. node.Operands.Select(operand => IsNumber(operand) ? operand with { Node = Copy(operand.Node) } : operand)])
            : node;
    }

    private static Node MaterializeUnderReshape(Node node) =>
        node is ReshapeNode && node.Operands[0].Node is ViewNode view ? node.With([Operand.Whole(Copy(view))]) : node;

    /// <summary>
    /// Random numbers are drawn row by row, sixteen at a time. A sum in another order, or a reader that uses them under other coordinates or only in part and would number the
    /// rows differently, reads them from memory.
    /// </summary>
    private static Node MaterializeDraws(Node node)
    {
        var goesAnotherWay = node is ReduceNode reduce && !RowSpace.IsRowReduction(reduce);
        bool IsReadElsewhere(Operand operand) => operand.Node is RandomNode draws && (goesAnotherWay || !operand.Map.IsIdentity(node.Domain.Rank) || draws.Shape != node.Domain);
        return node is MapNode or ReduceNode && node.Operands.Any(IsReadElsewhere)
            ? node.With([.. node.Operands.Select(operand => IsReadElsewhere(operand) ? operand with { Node = Copy(operand.Node) } : operand)])
            : node;
    }

    /// <summary>
    /// A product reads the operand that has its last axis along that axis. An operand with another layout is transposed first: the schedule transposes a single matrix; this
    /// method transposes many matrices, one per sample or position.
    /// </summary>
    private static ContractNode TransposeFactor(ContractNode contract)
    {
        var column = contract.Output.Rank == 0 ? -1 : contract.Output[contract.Output.Rank - 1].Axis;
        var side = Axes(contract.B.Map).Contains(column) ? 1 : 0;
        var (factor, other) = (contract.Operands[side], contract.Operands[1 - side]);
        var axes = Axes(factor.Map).Distinct().ToArray();
        if (column < 0 || !axes.Contains(column) || factor.Map[factor.Map.Rank - 1].Axis == column || Aliases.Source(factor.Node) is ParameterNode) return contract;

        var kept = new HashSet<int>(Axes(contract.Output));
        var isOneMatrix = axes.All(axis => axis == column || !kept.Contains(axis)) && !axes.Any(axis => contract.Domain[axis].IsBatch)
            && axes.Count(axis => !kept.Contains(axis)) == 1;
        if (isOneMatrix || Axes(other.Map).Contains(column)) return contract;

        int[] order = [.. axes.Where(axis => contract.Domain[axis].IsBatch), .. axes.Where(axis => axis != column && !contract.Domain[axis].IsBatch), column];
        var positions = new IndexMap([.. Enumerable.Range(0, contract.Domain.Rank).Select(axis => Array.IndexOf(order, axis) is var at and >= 0 ? Coordinate.Of(at) : Coordinate.At(0))]);
        var (whole, map) = WithinEdges(factor, contract.Domain);
        var transposed = GraphBuilder.Map(
            factor.Node.Name + "Transposed",
            new Shape([.. order.Select(axis => contract.Domain[axis])]),
            Expressions.Input(0),
            new Operand(whole, map.After(positions)));
        var operand = new Operand(transposed, IndexMap.Project(order));
        return (ContractNode)contract.With(side == 1 ? [contract.A, operand] : [operand, contract.B]);
    }

    /// <summary>Outside the edges a product reads 0, but a map must read values. Returns the operand with as much padding as the windows need.</summary>
    private static Operand WithinEdges(Operand factor, Shape domain)
    {
        if (Maps.InBounds(factor.Map, domain, factor.Node.Shape)) return factor;
        var (shape, start) = (factor.Node.Shape.Extents.ToArray(), new int[factor.Map.Rank]);
        for (var axis = 0; axis < start.Length; axis++)
        {
            if (shape[axis].IsBatch) continue;
            var coordinate = factor.Map[axis];
            var far = coordinate.Terms.Select(term => term.Scale * (domain[term.Axis].Value - 1)).ToArray();
            start[axis] = Math.Max(0, -(coordinate.Offset + far.Sum(distance => Math.Min(0, distance))));
            var behind = Math.Max(0, coordinate.Offset + far.Sum(distance => Math.Max(0, distance)) - (shape[axis].Value - 1));
            shape[axis] = start[axis] + shape[axis].Value + behind;
        }

        var padded = GraphBuilder.Pad(factor.Node.Name + "Padded", Shape.Of(shape), start, factor.Node);
        return new(padded, new([.. factor.Map.Coordinates.Select((coordinate, axis) => coordinate with { Offset = coordinate.Offset + start[axis] })]));
    }

    private static IEnumerable<int> Axes(IndexMap map) => map.Coordinates.SelectMany(coordinate => coordinate.Terms).Select(term => term.Axis);

    private static MapNode Copy(Node node)
    {
        var read = Operand.Whole(node);
        while (read.Node is ViewNode view) read = new Operand(view.Operands[0].Node, view.Operands[0].Map.After(read.Map));
        return new(node.Name, node.Shape, Expressions.Input(0), read);
    }

    private static Dictionary<Node, int> CountReaders(ModelGraph graph) =>
        graph.Nodes.SelectMany(node => node.Operands.Select(operand => operand.Node))
            .Concat(graph.Roots.Select(root => root.Value))
            .GroupBy(node => node).ToDictionary(group => group.Key, group => group.Count());

    /// <summary>Moves pointwise operands that nothing else reads into the expression of the sum.</summary>
    private static ReduceNode Inline(ReduceNode reduce, Dictionary<Node, int> readers)
    {
        var operands = reduce.Operands.ToList();
        var leaves = Enumerable.Range(0, operands.Count).Select(Expressions.Input).ToList();
        var body = reduce.Body;
        for (var i = 0; i < operands.Count; i++)
        {
            if (operands[i].Node is not MapNode map || readers[map] > 1 || HoldsStatistics(map) || Draws(map) || UsesIndex(map.Body)) continue;
            var outer = operands[i].Map;
            var inner = map.Operands.Select(operand =>
            {
                operands.Add(new Operand(operand.Node, operand.Map.After(outer)));
                leaves.Add(Expressions.Input(operands.Count - 1));
                return leaves[leaves.Count - 1];
            }).ToArray();
            leaves[i] = ExprWalk.Substitute(map.Body, inner);
            body = ExprWalk.Substitute(body, leaves);
            leaves[i] = Expressions.Input(i);
        }

        return Compact(reduce, body, operands);
    }

    /// <summary>Removes operands that the expression does not read.</summary>
    private static ReduceNode Compact(ReduceNode reduce, Expr body, List<Operand> operands)
    {
        var read = ExprWalk.Inputs(body).ToList();
        var leaves = Enumerable.Range(0, operands.Count).Select(leaf => Expressions.Input(Math.Max(0, read.IndexOf(leaf)))).ToArray();
        return new ReduceNode(
            reduce.Name, reduce.Shape, reduce.Op, reduce.Domain, reduce.Output, ExprWalk.Substitute(body, leaves), [.. read.Select(leaf => operands[leaf])]);
    }

    /// <summary>A value that depends on statistics of rows is computed where the statistics are in registers, and stays there.</summary>
    private static bool HoldsStatistics(MapNode map) => map.Operands.Any(operand => operand.Node is ReduceNode);

    private static bool Draws(MapNode map) => map.Operands.Any(operand => operand.Node is RandomNode);

    private static bool UsesIndex(Expr body) => ExprWalk.All(body).Any(expr => expr is AxisIndex);
}
