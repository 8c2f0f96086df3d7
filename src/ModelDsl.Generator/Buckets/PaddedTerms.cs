using ModelDsl.Generator.Decoding;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Buckets;

/// <summary>
/// Estimates what a value is at positions of padding, so that terms of sums that are 0 there are known. An <see cref="Estimate"/> that is later is one that may depend on the
/// number of positions.
/// </summary>
/// <param name="tokenOf">The token of padding of a column with buckets; null for other columns.</param>
internal sealed class PaddedTerms(Func<InputNode, int?> tokenOf)
{
    private readonly Dictionary<(Node Node, int Axis), Estimate> known = [];
    private readonly Dictionary<LoopValueNode, (Node Node, bool IsSequence)> given = [];

    /// <summary>Declares what a loop gives its body.</summary>
    public void Enter(ScanNode scan)
    {
        var (carried, sequences) = (scan.Body.Carried.Count, scan.Body.Sequences.Count);
        for (var i = carried; i < scan.Operands.Count; i++) given[scan.Body.Values[i]] = (scan.Operands[i].Node, i < carried + sequences);
    }

    /// <summary>The element of a value whose index along an axis is a position of padding.</summary>
    public Estimate Of(Node node, int axis) => known.TryGetValue((node, axis), out var estimate) ? estimate : known[(node, axis)] = Element(node, axis);

    /// <summary>The term of a contraction or reduction whose index along an axis of the domain is a position of padding.</summary>
    public Estimate Term(Node node, int axis) => node switch
    {
        ContractNode contract => Estimate.Product(Read(contract.A, contract, axis), Read(contract.B, contract, axis)),
        ReduceNode reduce => Body(reduce, reduce.Body, axis),
        _ => node.Operands.Select(operand => Read(operand, node, axis)).Aggregate(Estimate.Either),
    };

    /// <summary>Any term of a reduction.</summary>
    public Estimate AnyTerm(ReduceNode reduce) => Body(reduce, reduce.Body, -1);

    /// <summary>Whether the steps of a loop at positions of padding keep a carried value.</summary>
    public bool Keeps(ScanNode scan, int carried)
    {
        var node = scan.Body.Next[carried];
        while (node is MapNode map)
        {
            var estimates = Estimates(map, map.Body, InStep, -1);
            var chosen = map.Body;
            while (chosen is Apply { Op: ScalarOp.Select } select && estimates[select.Args[0]].Truth is { } truth) chosen = select.Args[truth ? 1 : 2];
            if (chosen is not Leaf leaf || !map.Operands[leaf.Input].Map.IsIdentity(map.Shape.Rank)) return false;
            node = map.Operands[leaf.Input].Node;
        }

        return node == scan.Body.Carried[carried];

        Estimate InStep(Operand operand) => operand.Node is LoopValueNode value && given.TryGetValue(value, out var from) && from.IsSequence
            ? Of(from.Node, TimeAxis.Of(from.Node.Shape))
            : Estimate.Later;
    }

    private Estimate Element(Node node, int axis) => node switch
    {
        InputNode input => axis == 1 && tokenOf(input) is { } token ? Estimate.Number(token) : Estimate.Later,
        LoopValueNode value when given.TryGetValue(value, out var from) && !from.IsSequence => Of(from.Node, axis),
        MapNode map => Body(map, map.Body, axis),
        ContractNode contract => contract.Output[axis].Axis is var along and >= 0 && Term(contract, along).IsZero ? Estimate.Number(0) : Estimate.Later,
        ReduceNode { Op: ReduceOp.Sum or ReduceOp.Max } reduce => reduce.Output[axis].Axis is var along and >= 0 && Term(reduce, along) is var term
            && (reduce.Op == ReduceOp.Max || term.IsZero) ? term : Estimate.Later,
        ReshapeNode => PositionAxes.Reshaped(node.Shape, axis, node.Operands[0].Node.Shape) is var from and >= 0 ? Of(node.Operands[0].Node, from) : Estimate.Later,
        ConcatNode concat when concat.Axis == axis => Estimate.Later,
        PadNode => node.Operands[0].Node.Shape[axis] == node.Shape[axis] ? Estimate.Either(Of(node.Operands[0].Node, axis), Estimate.Number(0)) : Estimate.Later,
        ViewNode or StopGradientNode or ConcatNode => Term(node, axis),
        _ => Estimate.Later,
    };

    private Estimate Body(Node node, Expr body, int axis) => Estimates(node, body, operand => Read(operand, node, axis), axis)[body];

    private static IReadOnlyDictionary<Expr, Estimate> Estimates(Node node, Expr body, Func<Operand, Estimate> read, int axis)
    {
        var count = axis < 0 ? 2 : node.Domain[axis].Value;
        return ExprEstimates.Of(
            body,
            leaf => read(node.Operands[leaf.Input]),
            index => index.Axis == axis ? Estimate.OfPositions(0, 1, 0, count) : ExprEstimates.Index(node.Domain[index.Axis]),
            count);
    }

    /// <summary>Whether a value is the last position that is not padding, or 0. All positions of padding behind it are later.</summary>
    private bool IsLastPosition(Node node) =>
        node is ReduceNode { Op: ReduceOp.Max, Body: Apply { Op: ScalarOp.Select } select } reduce
        && select.Args[1] is AxisIndex index && select.Args[2] is Constant { Value: 0 } && reduce.Output.Coordinates.All(coordinate => coordinate.Terms.All(term => term.Axis != index.Axis))
        && Estimates(reduce, reduce.Body, operand => Read(operand, reduce, index.Axis), index.Axis)[select.Args[0]].Truth == false;

    private Estimate Read(Operand operand, Node reader, int axis)
    {
        if (axis >= 0 && IsLastPosition(operand.Node) && ((ReduceNode)operand.Node).Domain.Extents.Contains(reader.Domain[axis])) return Estimate.OfPositions(1, 0, 0, reader.Domain[axis].Value);
        for (var own = 0; own < operand.Map.Rank; own++)
        {
            if (axis >= 0 && operand.Map[own].Axis == axis && operand.Node.Shape[own] == reader.Domain[axis]) return Of(operand.Node, own);
        }

        return Estimate.Later;
    }
}
