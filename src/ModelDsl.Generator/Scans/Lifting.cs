using ModelDsl.Generator.Common;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Scans;

/// <summary>Computes nodes of a body for all steps at once, outside the loop. A value that differs between steps gets the time axis. Returns null if this is not possible.</summary>
/// <param name="steps">The number of steps.</param>
internal sealed class Lifting(int steps) : PartialVisitor<Node?>
{
    private readonly Dictionary<Node, Node> lifted = [];
    private readonly HashSet<Node> varying = [];

    /// <summary>Sets the replacement for a node outside the loop.</summary>
    /// <param name="node">The node of the body.</param>
    /// <param name="outside">The values of all steps, or the value that is the same in every step.</param>
    /// <param name="isVarying">Whether they have the time axis.</param>
    public void Know(Node node, Node outside, bool isVarying)
    {
        lifted[node] = outside;
        if (isVarying) varying.Add(node);
    }

    public bool IsKnown(Node node) => lifted.ContainsKey(node);

    /// <summary>Whether a known node differs between steps.</summary>
    public bool IsVarying(Node node) => varying.Contains(node);

    /// <summary>The replacement for a known node.</summary>
    public Node this[Node node] => lifted[node];

    /// <summary>Computes a node outside the loop; null where that is not possible.</summary>
    public Node? Lift(Node node)
    {
        if (lifted.TryGetValue(node, out var known)) return known;
        if (node is LoopValueNode or ScanNode || node.Operands.Any(operand => Lift(operand.Node) is null)) return null;
        var isVarying = node.Operands.Any(operand => varying.Contains(operand.Node));
        var result = isVarying ? node.Accept(this) : node.With([.. node.Operands.Select(operand => operand with { Node = lifted[operand.Node] })]);
        if (result is not null) Know(node, result, isVarying);
        return result;
    }

    /// <summary>Returns a known value with the time axis. A value that is the same in every step is repeated.</summary>
    public Node All(Node node)
    {
        var all = Lift(node) ?? throw CannotLeave(node);
        if (varying.Contains(node)) return all;
        var shape = TimeAxis.Insert(node.Shape, steps);
        var time = TimeAxis.Of(shape);
        return GraphBuilder.View(node.Name, shape, new Operand(all, IndexMap.Project([.. Enumerable.Range(0, shape.Rank).Where(axis => axis != time)])));
    }

    /// <summary>The sum of a node's values over the steps.</summary>
    public Node Sum(Node node)
    {
        if (!lifted.ContainsKey(node) && SumWithin(node) is { } sum) return sum;
        var all = Lift(node) ?? throw CannotLeave(node);
        if (!varying.Contains(node)) return GraphBuilder.Pointwise(node.Name, Expressions.Multiply(Expressions.Input(0), Expressions.Const(steps)), all);
        var time = TimeAxis.Of(all.Shape);
        return GraphBuilder.Reduce(
            node.Name, ReduceOp.Sum, node.Shape, all.Shape, IndexMap.Project([.. Enumerable.Range(0, all.Shape.Rank).Where(axis => axis != time)]), Expressions.Input(0), Operand.Whole(all));
    }

    /// <summary>Moves the sum over the steps into the node if this is one operation; otherwise returns null.</summary>
    private Node? SumWithin(Node node) => node switch
    {
        ContractNode contract when Varies(contract) => Contract(contract, isSummed: true),
        ReduceNode { Op: ReduceOp.Sum } reduce when Varies(reduce) => Reduce(reduce, isSummed: true),
        ScatterAddNode scatter => GraphBuilder.ScatterAdd(scatter.Name, scatter.Shape, All(scatter.Ids), All(scatter.Source)),
        MapNode map when IsPlainSum(map) => GraphBuilder.Add(map.Name, [.. map.Operands.Select(operand => Sum(operand.Node))]),
        PadNode pad => GraphBuilder.Pad(pad.Name, pad.Shape, pad.Start, Sum(pad.Operands[0].Node)),
        ReshapeNode reshape => GraphBuilder.Reshape(reshape.Name, reshape.Shape, Sum(reshape.Operands[0].Node)),
        ViewNode view => GraphBuilder.View(view.Name, view.Shape, view.Operands[0] with { Node = Sum(view.Operands[0].Node) }),
        _ => null,
    };

    /// <summary>Whether an operand of a node differs between steps. All operands can be computed outside the loop.</summary>
    private bool Varies(Node node)
    {
        foreach (var operand in node.Operands) _ = Lift(operand.Node) ?? throw CannotLeave(operand.Node);
        return node.Operands.Any(operand => varying.Contains(operand.Node));
    }

    /// <summary>Whether an operation can be applied to the sum of its operands over the steps instead of to each term.</summary>
    public static bool IsLinear(Node node) => node is PadNode or ReshapeNode or ViewNode || (node is MapNode map && IsPlainSum(map));

    private static InvalidGraphException CannotLeave(Node node) => new($"'{node.Name}' cannot leave its loop");

    private static bool IsPlainSum(MapNode map) =>
        map.Operands.All(operand => operand.Node.Shape == map.Shape && operand.Map.IsIdentity(map.Shape.Rank))
        && ExprWalk.Inputs(map.Body).Count == map.Operands.Count && Terms(map.Body) == map.Operands.Count;

    private static int Terms(Expr body) => body switch
    {
        Leaf => 1,
        Apply { Op: ScalarOp.Add } sum when Terms(sum.Args[0]) is > 0 and var left && Terms(sum.Args[1]) is > 0 and var right => left + right,
        _ => 0,
    };

    public override Node? Map(MapNode node)
    {
        var time = TimeAxis.Of(node.Shape);
        return GraphBuilder.Map(node.Name, TimeAxis.Insert(node.Shape, steps), Moved(node.Body, node.Operands.Count, time), Operands(node, time));
    }

    public override Node? Contract(ContractNode node) => Contract(node, isSummed: false);

    public override Node? Reduce(ReduceNode node) => Reduce(node, isSummed: false);

    public override Node? LogSumExp(LogSumExpNode node) => GraphBuilder.LogSumExp(node.Name, lifted[node.Operands[0].Node]);

    public override Node? View(ViewNode node) => GraphBuilder.View(node.Name, TimeAxis.Insert(node.Shape, steps), Operands(node, TimeAxis.Of(node.Shape))[0]);

    public override Node? Reshape(ReshapeNode node) => GraphBuilder.Reshape(node.Name, TimeAxis.Insert(node.Shape, steps), lifted[node.Operands[0].Node]);

    public override Node? Concat(ConcatNode node) =>
        GraphBuilder.Concat(node.Name, node.Axis < TimeAxis.Of(node.Shape) ? node.Axis : node.Axis + 1, [.. node.Operands.Select(part => All(part.Node))]);

    public override Node? Pad(PadNode node)
    {
        var start = node.Start.ToList();
        start.Insert(TimeAxis.Of(node.Shape), 0);
        return GraphBuilder.Pad(node.Name, TimeAxis.Insert(node.Shape, steps), start, lifted[node.Operands[0].Node]);
    }

    public override Node? Gather(GatherNode node) => varying.Contains(node.Table) ? null : GraphBuilder.Gather(node.Name, lifted[node.Table], All(node.Ids));

    public override Node? StopGradient(StopGradientNode node) => new StopGradientNode(lifted[node.Operands[0].Node]);

    protected override Node? Otherwise(Node node) => null;

    private Node Contract(ContractNode node, bool isSummed)
    {
        var time = TimeAxis.Of(node.Domain);
        var operands = Operands(node, time);
        return GraphBuilder.Contract(
            node.Name, isSummed ? node.Shape : TimeAxis.Insert(node.Shape, steps), TimeAxis.Insert(node.Domain, steps), Moved(node.Output, node.Shape, time, withTime: !isSummed), operands[0], operands[1]);
    }

    private Node Reduce(ReduceNode node, bool isSummed)
    {
        var time = TimeAxis.Of(node.Domain);
        return GraphBuilder.Reduce(
            node.Name, node.Op, isSummed ? node.Shape : TimeAxis.Insert(node.Shape, steps), TimeAxis.Insert(node.Domain, steps), Moved(node.Output, node.Shape, time, withTime: !isSummed),
            Moved(node.Body, node.Operands.Count, time), Operands(node, time));
    }

    /// <summary>The operands, over the domain with the time axis.</summary>
    private Operand[] Operands(Node node, int time) =>
        [.. node.Operands.Select(operand => new Operand(lifted[operand.Node], Moved(operand.Map, operand.Node.Shape, time, varying.Contains(operand.Node))))];

    /// <summary>An index map, over the domain with the time axis.</summary>
    /// <param name="map">The map over the domain without it.</param>
    /// <param name="shape">The shape of the value that is read or written, without the time axis.</param>
    /// <param name="time">The number of the time axis in the domain.</param>
    /// <param name="withTime">Whether the value has the time axis.</param>
    private static IndexMap Moved(IndexMap map, Shape shape, int time, bool withTime)
    {
        var coordinates = map.Coordinates
            .Select(coordinate => coordinate with { Terms = coordinate.Terms.Select(term => term with { Axis = Behind(term.Axis, time) }).ToEquatableArray() }).ToList();
        if (withTime) coordinates.Insert(TimeAxis.Of(shape), Coordinate.Of(time));
        return new IndexMap(coordinates.ToEquatableArray());
    }

    private static Expr Moved(Expr body, int operands, int time) =>
        ExprWalk.Substitute(body, [.. Enumerable.Range(0, operands).Select(Expressions.Input)], axis => Expressions.Index(Behind(axis, time)));

    private static int Behind(int axis, int time) => axis < time ? axis : axis + 1;
}
