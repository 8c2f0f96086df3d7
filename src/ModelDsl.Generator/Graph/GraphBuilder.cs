using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Graph;

/// <summary>Builds nodes with derived shapes. All nodes of graphs are built here, so that the verifier checks all of them.</summary>
internal static class GraphBuilder
{
    public static Node Map(string name, Shape shape, Expr body, params Operand[] operands) =>
        Verifier.Checked(new MapNode(name, shape, body, operands));

    /// <summary>A pointwise operation in the shape of its first operand; the other operands have that shape too, or are its rows.</summary>
    public static Node Pointwise(string name, Expr body, params Node[] operands) =>
        Map(name, operands[0].Shape, body, [.. operands.Select(Operand.Whole)]);

    public static Node Constant(double value) => Map("constant", Shape.Scalar, Const(value));

    /// <summary>The sum of values of one shape.</summary>
    public static Node Add(string name, IReadOnlyList<Node> terms) => terms.Count == 1
        ? terms[0]
        : Pointwise(name, Enumerable.Range(1, terms.Count - 1).Aggregate(Input(0), (sum, index) => Expressions.Add(sum, Input(index))), [.. terms]);

    public static Node Contract(string name, Shape shape, Shape domain, IndexMap output, Operand a, Operand b) =>
        Verifier.Checked(new ContractNode(name, shape, domain, output, a, b));

    /// <summary>The product of the last axis of <paramref name="input"/> with a weight [out, in].</summary>
    public static Node Product(string name, Node input, Node weight)
    {
        var rank = input.Shape.Rank;
        var lead = Enumerable.Range(0, rank - 1).ToArray();
        return Contract(
            name,
            input.Shape.WithLast(weight.Shape[0]),
            new Shape([.. input.Shape.Extents, weight.Shape[0]]),
            IndexMap.Project([.. lead, rank]),
            new Operand(input, IndexMap.Project([.. lead, rank - 1])),
            new Operand(weight, IndexMap.Project(rank, rank - 1)));
    }

    public static Node Reduce(string name, ReduceOp op, Shape shape, Shape domain, IndexMap output, Expr body, params Operand[] operands) =>
        Verifier.Checked(new ReduceNode(name, shape, op, domain, output, body, operands));

    /// <summary>A reduction over the last axis of the domain, which is removed.</summary>
    public static Node ReduceLast(string name, ReduceOp op, Shape domain, Expr body, params Operand[] operands) =>
        Reduce(name, op, domain.WithoutLast(), domain, IndexMap.Identity(domain.Rank - 1), body, operands);

    /// <summary>The mean over all elements, including the batch axis.</summary>
    public static Node Mean(string name, Node values)
    {
        var sum = Reduce(name + "Sum", ReduceOp.Sum, Shape.Scalar, values.Shape, IndexMap.Project(), Input(0), Operand.Whole(values));
        var scale = Const(1.0 / values.Shape.Length);
        return values.Shape.HasBatch
            ? Map(name, Shape.Scalar, Multiply(Multiply(Input(0), Input(1)), scale), Operand.Whole(sum), Operand.Whole(new InverseBatchNode()))
            : Map(name, Shape.Scalar, Multiply(Input(0), scale), Operand.Whole(sum));
    }

    /// <summary>log Σ exp over the last axis, which is removed.</summary>
    public static Node LogSumExp(string name, Node input) => Verifier.Checked(new LogSumExpNode(name, input.Shape.WithoutLast(), input));

    public static Node View(string name, Shape shape, Operand input) =>
        input.Map.IsIdentity(shape.Rank) && shape == input.Node.Shape ? input.Node : Verifier.Checked(new ViewNode(name, shape, input));

    /// <summary>The range of an axis that starts at <paramref name="start"/>.</summary>
    public static Node Slice(string name, Node input, IReadOnlyList<int> start, Shape shape) => View(
        name,
        shape,
        new Operand(input, new IndexMap([.. Enumerable.Range(0, shape.Rank).Select(axis => Coordinate.Of(axis, 1, start[axis]))])));

    public static Node Reshape(string name, Shape shape, Node input) =>
        shape == input.Shape ? input : Verifier.Checked(new ReshapeNode(name, shape, input));

    public static Node Concat(string name, int axis, params Node[] parts)
    {
        var extents = parts[0].Shape.Extents.ToArray();
        extents[axis] = parts.Sum(part => part.Shape[axis].Value);
        return Verifier.Checked(new ConcatNode(name, Shape.Of(extents), axis, parts));
    }

    public static Node Pad(string name, Shape shape, IReadOnlyList<int> start, Node input) =>
        Verifier.Checked(new PadNode(name, shape, start, input));

    public static Node Gather(string name, Node table, Node ids) =>
        Verifier.Checked(new GatherNode(name, new Shape([.. ids.Shape.Extents, table.Shape[1]]), table, ids));

    public static Node ScatterAdd(string name, Shape shape, Node ids, Node source) =>
        Verifier.Checked(new ScatterAddNode(name, shape, ids, source));

    public static Node Cache(string name, Shape shape, int axis, int offset, Node rows, Node positions) =>
        Verifier.Checked(new CacheNode(name, shape, axis, offset, rows, positions));

    public static Node Recall(string name, int length, int offset, Node start, Node positions) =>
        Verifier.Checked(new RecallNode(name, length, offset, start, positions));

    /// <summary>A loop over time.</summary>
    public static ScanNode Scan(string name, int steps, bool isReversed, ScanBody body, params Node[] operands) =>
        (ScanNode)Verifier.Checked(new ScanNode(name, steps, isReversed, body, operands));

    /// <summary>A result of a loop.</summary>
    public static Node ScanResult(string name, ScanNode scan, ScanResultKind kind, int number) =>
        Verifier.Checked(new ScanResultNode(name, scan.ShapeOf(new(kind, number)), new(kind, number), scan));

    /// <summary>A carried value as each step reads it, in the order of time.</summary>
    public static Node Before(string name, ScanNode scan, int carried) =>
        TimeAxis.Slice(name, ScanResult(name, scan, ScanResultKind.History, carried), scan.Before, scan.Steps);

    /// <summary>A carried value after each step, in the order of time.</summary>
    public static Node After(string name, ScanNode scan, int carried) =>
        TimeAxis.Slice(name, ScanResult(name, scan, ScanResultKind.History, carried), scan.After, scan.Steps);

    /// <summary>A carried value after the last step.</summary>
    public static Node Last(string name, ScanNode scan, int carried) =>
        TimeAxis.At(name, ScanResult(name, scan, ScanResultKind.History, carried), scan.Last);
}
