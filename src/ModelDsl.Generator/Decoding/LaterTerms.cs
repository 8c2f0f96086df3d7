using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Decoding;

/// <summary>
/// Determines whether a sum or maximum over the positions of keys depends on keys after the query. It does not if its terms are the same number for all of them, such as the 0
/// that results from an excluded score. Only pairs whose key is later are considered.
/// </summary>
/// <param name="axes">The axes of positions of all values.</param>
internal sealed class LaterTerms(PositionAxes axes)
{
    private readonly Dictionary<(Node Node, int Query, int Key), Estimate> known = [];

    /// <summary>Whether the terms of a node depend on later tokens if the key is later than the query.</summary>
    /// <param name="node">A contraction or reduction.</param>
    /// <param name="query">The axis of its domain that is the position of queries.</param>
    /// <param name="key">The axis of its domain that is the position of keys.</param>
    public bool AreRead(Node node, int query, int key) => node.Domain[key].Value > 1 && Term(node, new Pair(query, key, node.Domain[key].Value)).IsLater;

    private Estimate Term(Node node, Pair pair) => node switch
    {
        ContractNode contract => Estimate.Product(Read(contract.A, pair), Read(contract.B, pair)),
        ReduceNode reduce => Body(reduce.Body, reduce.Operands, reduce.Domain, pair),
        _ => node.Operands.Select(operand => Read(operand, pair)).Aggregate(Estimate.Either),
    };

    /// <summary>The estimate of an operand for a key later than the query of its reader.</summary>
    private Estimate Read(Operand operand, Pair pair)
    {
        int AxisOf(int domain) => Enumerable.Range(0, operand.Map.Rank).Where(axis => PositionAxes.AxisOf(operand, axis) == domain).DefaultIfEmpty(-1).First();
        var (query, key) = (AxisOf(pair.Query), AxisOf(pair.Key));
        var positions = axes[operand.Node];
        if (positions.Count > 0 && !positions.Contains(key)) return Estimate.Earlier;
        if (positions.Count > 0 && !positions.Contains(query)) return Estimate.Later;
        return query < 0 || key < 0 ? Estimate.Earlier : Element(operand.Node, query, key);
    }

    /// <summary>The estimate of an element of a value that has both axes.</summary>
    private Estimate Element(Node node, int query, int key)
    {
        if (known.TryGetValue((node, query, key), out var estimate)) return estimate;
        var pair = new Pair(query, key, node.Shape[key].Value);
        return known[(node, query, key)] = node switch
        {
            ConstantNode constant => OfConstant(constant, query, key),
            ParameterNode => Estimate.Earlier,
            MapNode map => Body(map.Body, map.Operands, map.Shape, pair),
            ContractNode contract => Term(node, new Pair(contract.Output[query].Axis, contract.Output[key].Axis, pair.Count)) is { IsZero: false } term
                ? Unknown(term.IsLater) : Estimate.Number(0),
            ReduceNode reduce => OfReduce(reduce, new Pair(reduce.Output[query].Axis, reduce.Output[key].Axis, pair.Count)),
            LogSumExpNode => Unknown(Term(node, pair).IsLater),
            ReshapeNode => OfReshape(node, query, key),
            ViewNode or StopGradientNode or ConcatNode => Term(node, pair),
            _ => Unknown(!axes.IsStatic(node)),
        };
    }

    private Estimate OfReduce(ReduceNode reduce, Pair pair)
    {
        var term = Term(reduce, pair);
        return reduce.Op == ReduceOp.Max || (reduce.Op == ReduceOp.Sum && term.IsZero) ? term with { Linear = null } : Unknown(term.IsLater);
    }

    private Estimate OfReshape(Node node, int query, int key)
    {
        var from = node.Operands[0].Node;
        int AxisOf(int axis) => PositionAxes.Reshaped(node.Shape, axis, from.Shape);
        return AxisOf(query) is var inner and >= 0 && AxisOf(key) is var other and >= 0 ? Element(from, inner, other) : Unknown(!axes.IsStatic(node));
    }

    private static Estimate OfConstant(ConstantNode constant, int query, int key)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        var shape = constant.Shape;
        int IndexOf(int element, int axis) => element / shape.Extents.Skip(axis + 1).Aggregate(1, (size, extent) => size * extent.Value) % shape[axis].Value;
        for (var element = 0; element < constant.Values.Count; element++)
        {
            if (IndexOf(element, key) > IndexOf(element, query)) (low, high) = (Math.Min(low, constant.Values[element]), Math.Max(high, constant.Values[element]));
        }

        return new(false, low, high);
    }

    private static Estimate Unknown(bool isLater) => isLater ? Estimate.Later : Estimate.Earlier;

    private Estimate Body(Expr body, IReadOnlyList<Operand> operands, Shape domain, Pair pair) => ExprEstimates.Of(
        body,
        leaf => Read(operands[leaf.Input], pair),
        index => index.Axis == pair.Query ? Estimate.OfPositions(1, 0, 0, pair.Count)
            : index.Axis == pair.Key ? Estimate.OfPositions(0, 1, 0, pair.Count)
            : ExprEstimates.Index(domain[index.Axis]),
        pair.Count)[body];

    /// <summary>Two axes of positions, and the number of positions.</summary>
    private readonly record struct Pair(int Query, int Key, int Count);
}
