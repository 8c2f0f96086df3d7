using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Buckets;

/// <summary>
/// Compares the graph of all positions with that of a bucket, operation by operation. Where axes have the same size, both must compute the same; where an axis is shorter, the
/// elements of the bucket must be those at its beginning. This holds if both read their operands in the same way, and the terms that only sums over all positions have are 0 at
/// positions of padding. It does not depend on the layers that the operations belong to.
/// </summary>
internal sealed class BucketCheck
{
    private const string OtherComputation = "is computed in another way with fewer positions";
    private const string ReadsPadding = "reads positions of padding";

    private readonly HashSet<(Node, Node)> seen = [];
    private readonly PaddedTerms padded;

    private BucketCheck(PaddedTerms padded) => this.padded = padded;

    /// <summary>Returns the first operation whose result depends on the number of positions; null if there is none.</summary>
    /// <param name="whole">The graph of all positions.</param>
    /// <param name="bucket">The graph of a bucket, whose roots are in the same order.</param>
    /// <param name="padded">What is known about positions of padding.</param>
    public static BucketDifference? Find(ModelGraph whole, ModelGraph bucket, PaddedTerms padded)
    {
        var check = new BucketCheck(padded);
        return whole.Roots.Zip(bucket.Roots, (a, b) => check.Walk(a.Value, b.Value) ?? (a.Value.Shape == b.Value.Shape ? null : new(a.Value, $"is a result of shape {a.Value.Shape}, and of shape {b.Value.Shape} in a bucket")))
            .FirstOrDefault(difference => difference is not null);
    }

    /// <summary>Compares two values, their operands first. A graph may be deeper than the stack.</summary>
    private BucketDifference? Walk(Node whole, Node bucket)
    {
        var stack = new Stack<(Node Whole, Node Bucket, bool Done)>([(whole, bucket, false)]);
        while (stack.Count > 0)
        {
            var (a, b, done) = stack.Pop();
            if (done)
            {
                if (ReasonOf(a, b) is { } reason) return new(a, reason);
                if (a is ScanNode loop && BodyOf(loop, (ScanNode)b) is { } inner) return inner;

                // In the order of the graph, so that no estimate has to follow a long path.
                for (var axis = 0; axis < a.Shape.Rank; axis++)
                {
                    if (a.Shape[axis] != b.Shape[axis]) padded.Of(a, axis);
                }
            }

            if (done || !seen.Add((a, b)) || IsBeginning(a, b)) continue;
            if (a.GetType() != b.GetType() || a.Operands.Count != b.Operands.Count || a.Shape.Rank != b.Shape.Rank) return new(a, OtherComputation);
            stack.Push((a, b, true));
            for (var i = a.Operands.Count - 1; i >= 0; i--) stack.Push((a.Operands[i].Node, b.Operands[i].Node, false));
        }

        return null;
    }

    /// <summary>Whether a bucket reads the first rows of a table of positions.</summary>
    private static bool IsBeginning(Node whole, Node bucket) =>
        whole is ParameterNode && bucket is ViewNode view && view.Operands[0].Node == whole && view.Operands[0].Map.IsIdentity(whole.Shape.Rank);

    private BucketDifference? BodyOf(ScanNode whole, ScanNode bucket)
    {
        padded.Enter(whole);
        if (whole.IsReversed != bucket.IsReversed || whole.Body.Values.Count != bucket.Body.Values.Count) return new(whole, OtherComputation);
        foreach (var pair in whole.Body.Values.Zip(bucket.Body.Values, (a, b) => ((Node)a, (Node)b))) seen.Add(pair);
        var differs = whole.Body.Graph.Roots.Count == bucket.Body.Graph.Roots.Count
            ? whole.Body.Graph.Roots.Zip(bucket.Body.Graph.Roots, (a, b) => Walk(a.Value, b.Value)).FirstOrDefault(difference => difference is not null)
            : new(whole, OtherComputation);
        if (differs is not null) return new(whole, differs.Reason);
        return whole.IsReversed && whole.Steps != bucket.Steps && !KeepsState(whole) ? new(whole, "begins with positions of padding, which change its state") : null;
    }

    private bool KeepsState(ScanNode scan) => Enumerable.Range(0, scan.Body.Carried.Count).All(carried => padded.Keeps(scan, carried));

    private string? ReasonOf(Node whole, Node bucket) => (whole, bucket) switch
    {
        (InputNode a, InputNode b) => a.Column == b.Column && (a.Shape == b.Shape || b.SampleLength == a.Shape.Length) ? null : OtherComputation,
        (ConstantNode a, ConstantNode b) => IsBeginning(a, b) ? null : "has other constants with fewer positions",
        (ParameterNode a, ParameterNode b) => a == b ? null : OtherComputation,
        (RandomNode a, RandomNode b) => a.Stream == b.Stream ? null : OtherComputation,
        (InverseBatchNode, InverseBatchNode) => null,
        (LoopValueNode, LoopValueNode) => OtherComputation,
        (MapNode a, MapNode b) => a.Body == b.Body && ReadAlike(a, b) ? null : OtherComputation,
        (ContractNode a, ContractNode b) => Sum(a, b, a.Output, b.Output),
        (ReduceNode a, ReduceNode b) => a.Op == b.Op && a.Body == b.Body ? Sum(a, b, a.Output, b.Output) : OtherComputation,
        (LogSumExpNode a, LogSumExpNode b) => a.Domain.Rank - 1 is var last && (a.Domain[last] == b.Domain[last] || padded.Term(a, last).IsExcluded) ? null : ReadsPadding,
        (ViewNode a, ViewNode b) => View(a, b),
        (ReshapeNode a, ReshapeNode b) => KeepsOrder(a, b) ? null : "puts the values of several positions into one axis",
        (GatherNode a, GatherNode b) => a.Table.Shape == b.Table.Shape ? null : "looks up rows of a table that depends on the tokens",
        (ConcatNode a, ConcatNode b) => a.Axis == b.Axis && a.Operands.Take(a.Operands.Count - 1).Zip(b.Operands, (x, y) => x.Node.Shape[a.Axis] == y.Node.Shape[a.Axis]).All(same => same)
            ? null : "puts other values behind the last position",
        (PadNode a, PadNode b) => Pad(a, b),
        (ScanResultNode a, ScanResultNode b) => a.Result == b.Result && (a.Result.Kind != ScanResultKind.Total || a.Scan.Steps == b.Scan.Steps) ? null : OtherComputation,
        (StopGradientNode, StopGradientNode) or (ScanNode, ScanNode) => null,
        _ => "is an operation for which no rule says whether it reads padding",
    };

    /// <summary>Whether the values of a constant of a bucket are those at the beginning of another.</summary>
    private static bool IsBeginning(ConstantNode whole, ConstantNode bucket)
    {
        if (whole == bucket) return true;
        var (wholes, buckets) = (Strides(whole.Shape), Strides(bucket.Shape));
        return Enumerable.Range(0, bucket.Values.Count).All(i => bucket.Values[i].Equals(whole.Values[Enumerable.Range(0, buckets.Length).Sum(axis => i / buckets[axis] % bucket.Shape[axis].Value * wholes[axis])]));

        static int[] Strides(Shape shape) => [.. Enumerable.Range(1, shape.Rank).Select(next => shape.Extents.Skip(next).Aggregate(1, (size, extent) => size * extent.Value))];
    }

    private static bool ReadAlike(Node whole, Node bucket) => whole.Operands.Zip(bucket.Operands, (a, b) => a.Map == b.Map).All(same => same);

    /// <summary>A sum or maximum: terms at positions that the bucket does not have must not change it.</summary>
    private string? Sum(Node whole, Node bucket, IndexMap output, IndexMap bucketOutput)
    {
        if (output != bucketOutput || !ReadAlike(whole, bucket)) return OtherComputation;
        for (var axis = 0; axis < whole.Domain.Rank; axis++)
        {
            if (whole.Domain[axis] == bucket.Domain[axis]) continue;
            var terms = output.Coordinates.Where(coordinate => coordinate.Terms.Any(term => term.Axis == axis)).ToArray();
            if (terms.Any(coordinate => coordinate.Axis != axis)) return "adds windows of positions into others";
            if (terms.Length == 0 && !IsNeutral(whole, axis)) return ReadsPadding;
        }

        return whole.Operands.Zip(bucket.Operands, (a, b) => ReadsBeyond(a, b, bucket.Domain)).Any(reads => reads) ? "reads windows that contain positions of padding" : null;
    }

    private bool IsNeutral(Node node, int axis)
    {
        var term = padded.Term(node, axis);
        return node is ReduceNode { Op: ReduceOp.Max } reduce ? term.IsExcluded || term.High <= padded.AnyTerm(reduce).Low : node is not ReduceNode { Op: ReduceOp.ArgMax } && term.IsZero;
    }

    /// <summary>Whether a term that the bucket skips, because it lies behind its last position, is read among all positions and is not 0.</summary>
    private bool ReadsBeyond(Operand whole, Operand bucket, Shape domain)
    {
        for (var axis = 0; axis < whole.Node.Shape.Rank; axis++)
        {
            var (all, some) = (whole.Node.Shape[axis], bucket.Node.Shape[axis]);
            if (all != some && Maps.Range(bucket.Map[axis], domain).High >= some.Value && !padded.Of(whole.Node, axis).IsZero) return true;
        }

        return false;
    }

    private string? View(ViewNode whole, ViewNode bucket)
    {
        if (ReadAlike(whole, bucket)) return null;
        var (from, to) = (whole.Operands[0], bucket.Operands[0]);

        // The state after the last position, if padding does not change it, and the state before the first.
        if (from.Node is ScanResultNode { Result.Kind: ScanResultKind.History } all && to.Node is ScanResultNode some && TimeAxis.Of(all.Shape) is var time
            && from.Map[time] == Coordinate.At(all.Scan.Steps) && to.Map[time] == Coordinate.At(some.Scan.Steps)
            && Enumerable.Range(0, from.Map.Rank).All(axis => axis == time || from.Map[axis] == to.Map[axis]))
        {
            return all.Scan.IsReversed || padded.Keeps(all.Scan, all.Result.Number) ? null : "goes on over positions of padding, which change its state";
        }

        return "reads other positions with fewer of them";
    }

    /// <summary>Whether the elements at the beginning of the operand are those at the beginning of the result.</summary>
    private static bool KeepsOrder(ReshapeNode whole, ReshapeNode bucket)
    {
        var from = Shorter(whole.Operands[0].Node.Shape, bucket.Operands[0].Node.Shape);
        var to = Shorter(whole.Shape, bucket.Shape);
        return from.Count <= 1 ? from.Select(axis => axis.Outer).SequenceEqual(to.Select(axis => axis.Outer)) : from.SequenceEqual(to);

        static List<(int Outer, Extent Extent)> Shorter(Shape all, Shape some)
        {
            var axes = new List<(int, Extent)>();
            for (var (axis, outer) = (0, 1); axis < all.Rank; axis++)
            {
                if (all[axis] != some[axis]) axes.Add((outer, all[axis]));
                if (!all[axis].IsBatch) outer *= all[axis].Value;
            }

            return axes;
        }
    }

    private string? Pad(PadNode whole, PadNode bucket)
    {
        if (!whole.Start.SequenceEqual(bucket.Start)) return OtherComputation;
        var (inner, end) = (bucket.Operands[0].Node, whole.Operands[0].Node);
        for (var axis = 0; axis < whole.Shape.Rank; axis++)
        {
            if (whole.Shape[axis] == bucket.Shape[axis] || whole.Start[axis] + inner.Shape[axis].Value == bucket.Shape[axis].Value) continue;
            if (!padded.Of(end, axis).IsZero) return "puts zeros behind the last position";
        }

        return null;
    }
}
