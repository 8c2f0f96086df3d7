using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Fusion;

/// <summary>
/// The band of a chain's matrices. Scores outside the band are excluded by a condition on the distance between row and column, and the values computed from them are exactly 0.
/// The rows of a block therefore need only the columns within the band.
/// </summary>
/// <param name="Least">The least distance row − column within the band.</param>
/// <param name="Most">The greatest distance.</param>
internal sealed record ChainBand(int Least, int Most)
{
    /// <summary>The greatest score that is excluded: its exponential is 0 in comparison with any other.</summary>
    private const double Excluded = -1e29;

    /// <summary>What is known about an element outside the band.</summary>
    private enum Outside
    {
        /// <summary>A number without special properties.</summary>
        Finite,

        /// <summary>It is 0.</summary>
        Zero,

        /// <summary>An excluded score. It remains one when numbers are added.</summary>
        Excluded,
    }

    /// <summary>Returns the band of a chain; null if there is none.</summary>
    public static ChainBand? Of(Chain chain)
    {
        foreach (var select in chain.Matrices.OfType<MapNode>().SelectMany(map => ExprWalk.All(map.Body)).OfType<Apply>().Where(apply => apply.Op == ScalarOp.Select))
        {
            if (select.Args[2] is not Constant { Value: <= Excluded }) continue;
            var band = Within(select.Args[0], chain);
            if (band != Whole(chain) && band.HasColumns(chain) && band.Holds(chain)) return band;
        }

        return null;
    }

    /// <summary>The band of all elements.</summary>
    private static ChainBand Whole(Chain chain) => new(1 - chain.Columns, chain.Rows - 1);

    /// <summary>The band outside which a condition does not hold, as far as it is a condition on distances.</summary>
    private static ChainBand Within(Expr condition, Chain chain)
    {
        var (least, most) = Whole(chain);
        foreach (var (part, isNegated) in Conjuncts(condition, isNegated: false))
        {
            bool Fails(int distance) => Value(part, distance, chain) is { } value && (value != 0) == isNegated;
            while (least <= most && Fails(least)) least++;
            while (least <= most && Fails(most)) most--;
        }

        return new ChainBand(least, most);
    }

    /// <summary>Whether each row has columns within the band. Otherwise all scores of a row are excluded, and their exponentials need not be 0.</summary>
    private bool HasColumns(Chain chain) => Least <= Math.Min(Most, 0) && Most >= chain.Rows - chain.Columns;

    /// <summary>Whether this band is a part of another one.</summary>
    private bool IsWithin(ChainBand other) => Least >= other.Least && Most <= other.Most;

    /// <summary>Conditions that must all hold. Each may be negated.</summary>
    private static IEnumerable<(Expr Condition, bool IsNegated)> Conjuncts(Expr condition, bool isNegated) => condition switch
    {
        Apply { Op: ScalarOp.Not } negation => Conjuncts(negation.Args[0], !isNegated),
        Apply { Op: ScalarOp.And } both when !isNegated => Conjuncts(both.Args[0], false).Concat(Conjuncts(both.Args[1], false)),
        Apply { Op: ScalarOp.Or } either when isNegated => Conjuncts(either.Args[0], true).Concat(Conjuncts(either.Args[1], true)),
        _ => [(condition, isNegated)],
    };

    /// <summary>The value of an expression that depends only on the distance; null for any other expression.</summary>
    private static double? Value(Expr expr, int distance, Chain chain)
    {
        if (expr is Constant constant) return constant.Value;
        if (expr is not Apply apply) return null;
        if (apply.Op == ScalarOp.Subtract && apply.Args[0] is AxisIndex from && apply.Args[1] is AxisIndex to)
        {
            return from.Axis == chain.RowAxis && to.Axis == chain.ColumnAxis ? distance : from.Axis == chain.ColumnAxis && to.Axis == chain.RowAxis ? -distance : null;
        }

        var args = apply.Args.Select(arg => Value(arg, distance, chain)).ToArray();
        if (args.Any(arg => arg is null)) return null;
        double At(int arg) => args[arg]!.Value;
        return apply.Op switch
        {
            ScalarOp.Abs => Math.Abs(At(0)),
            ScalarOp.Negate => -At(0),
            ScalarOp.Add => At(0) + At(1),
            ScalarOp.Subtract => At(0) - At(1),
            ScalarOp.Less => At(0) < At(1) ? 1 : 0,
            ScalarOp.Equal => At(0) == At(1) ? 1 : 0,
            ScalarOp.Not => At(0) == 0 ? 1 : 0,
            ScalarOp.And => At(0) != 0 && At(1) != 0 ? 1 : 0,
            ScalarOp.Or => At(0) != 0 || At(1) != 0 ? 1 : 0,
            _ => null,
        };
    }

    /// <summary>Whether all results of the chain are the same without the elements outside the band.</summary>
    private bool Holds(Chain chain)
    {
        var known = new Dictionary<Node, Outside>();
        foreach (var member in chain.Members)
        {
            switch (member)
            {
                case MapNode map when chain.Matrices.Contains(map):
                    known[map] = Of(map.Body, map.Operands, known, chain);
                    break;
                case ReduceNode reduce:
                    if (Of(reduce.Body, reduce.Operands, known, chain) != (reduce.Op == ReduceOp.Sum ? Outside.Zero : Outside.Excluded)) return false;
                    break;
                case ContractNode sum when !chain.Matrices.Contains(sum):
                    if (!known.TryGetValue(sum.Operands[chain.OperandOf(sum)].Node, out var outside) || outside != Outside.Zero) return false;
                    break;
            }
        }

        return true;
    }

    private Outside Of(Expr body, IReadOnlyList<Operand> operands, Dictionary<Node, Outside> known, Chain chain)
    {
        var values = new Dictionary<Expr, Outside>();
        foreach (var expr in ExprWalk.All(body))
        {
            values[expr] = expr switch
            {
                Constant { Value: 0 } => Outside.Zero,
                Constant { Value: <= Excluded } => Outside.Excluded,
                Leaf leaf when known.TryGetValue(operands[leaf.Input].Node, out var outside) => outside,
                Apply apply => Of(apply),
                _ => Outside.Finite,
            };
        }

        return values[body];

        Outside Of(Apply apply)
        {
            Outside At(int arg) => values[apply.Args[arg]];
            return apply.Op switch
            {
                ScalarOp.Select when Within(apply.Args[0], chain).IsWithin(this) => At(2),
                ScalarOp.Select => At(1) == At(2) ? At(1) : Outside.Finite,
                ScalarOp.Multiply => At(0) == Outside.Zero || At(1) == Outside.Zero ? Outside.Zero : Outside.Finite,
                ScalarOp.Divide => At(0) == Outside.Zero ? Outside.Zero : Outside.Finite,
                ScalarOp.Negate => At(0) == Outside.Zero ? Outside.Zero : Outside.Finite,
                ScalarOp.Exp => At(0) == Outside.Excluded ? Outside.Zero : Outside.Finite,
                ScalarOp.Add => At(0) == Outside.Zero && At(1) == Outside.Zero ? Outside.Zero : At(0) == Outside.Excluded || At(1) == Outside.Excluded ? Outside.Excluded : Outside.Finite,
                ScalarOp.Subtract => At(0) == Outside.Zero && At(1) == Outside.Zero ? Outside.Zero : At(0) == Outside.Excluded ? Outside.Excluded : Outside.Finite,
                _ => Outside.Finite,
            };
        }
    }
}
