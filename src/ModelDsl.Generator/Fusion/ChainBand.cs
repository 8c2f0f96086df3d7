using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Fusion;

/// <summary>
/// The band of a chain's matrices. Scores outside the band are excluded by a condition on the distance between row and column, and the values computed from them are exactly 0.
/// The rows of a block therefore need only the columns within the band. The row of a distance is the index of the row, or its position in a text if that is an operand.
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

    /// <summary>The positions of the rows, as an operand of a map with the shape of the matrices; null if the position of a row is its index.</summary>
    public Operand? Positions { get; init; }

    /// <summary>Returns the band of a chain; null if there is none.</summary>
    public static ChainBand? Of(Chain chain)
    {
        var maps = chain.Matrices.OfType<MapNode>().ToArray();
        var positions = maps.SelectMany(map => map.Operands).Where(operand => IsPositions(operand, chain)).Select(operand => (Operand?)operand).FirstOrDefault();
        foreach (var map in maps)
        {
            foreach (var select in ExprWalk.All(map.Body).OfType<Apply>().Where(apply => apply.Op == ScalarOp.Select))
            {
                if (select.Args[2] is not Constant { Value: <= Excluded }) continue;
                var whole = Whole(chain, positions);
                var band = Within(select.Args[0], map.Operands, whole, chain);
                if (band != whole && band.HasColumns(chain) && band.Holds(chain)) return band;
            }
        }

        return null;
    }

    /// <summary>Whether an operand is the position of each row, which is also the index of a column.</summary>
    private static bool IsPositions(Operand operand, Chain chain) =>
        operand.Node is InputNode { IsPosition: true } positions && positions.Bound <= chain.Columns && operand.Map == IndexMap.Project(0, chain.RowAxis);

    /// <summary>The band of all elements.</summary>
    private static ChainBand Whole(Chain chain, Operand? positions) => new(1 - chain.Columns, (positions is null ? chain.Rows : chain.Columns) - 1) { Positions = positions };

    /// <summary>The band outside which a condition does not hold, as far as it is a condition on distances.</summary>
    private static ChainBand Within(Expr condition, IReadOnlyList<Operand> operands, ChainBand whole, Chain chain)
    {
        var (least, most) = (whole.Least, whole.Most);
        foreach (var (part, isNegated) in Conjuncts(condition, isNegated: false))
        {
            bool Fails(int distance) => whole.Value(part, operands, distance, chain) is { } value && (value != 0) == isNegated;
            while (least <= most && Fails(least)) least++;
            while (least <= most && Fails(most)) most--;
        }

        return whole with { Least = least, Most = most };
    }

    /// <summary>Whether each row has columns within the band. Otherwise all scores of a row are excluded, and their exponentials need not be 0.</summary>
    private bool HasColumns(Chain chain) => Least <= Math.Min(Most, 0) && Most >= (Positions is null ? chain.Rows - chain.Columns : 0);

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
    private double? Value(Expr expr, IReadOnlyList<Operand> operands, int distance, Chain chain)
    {
        if (expr is Constant constant) return constant.Value;
        if (expr is not Apply apply) return null;
        if (apply.Op == ScalarOp.Subtract && IsRow(apply.Args[0]) && IsColumn(apply.Args[1])) return distance;
        if (apply.Op == ScalarOp.Subtract && IsColumn(apply.Args[0]) && IsRow(apply.Args[1])) return -distance;
        var args = apply.Args.Select(arg => Value(arg, operands, distance, chain)).ToArray();
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

        bool IsRow(Expr part) => Positions is null ? part is AxisIndex index && index.Axis == chain.RowAxis : part is Leaf leaf && operands[leaf.Input] == Positions;

        bool IsColumn(Expr part) => part is AxisIndex index && index.Axis == chain.ColumnAxis;
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
                ScalarOp.Select when Within(apply.Args[0], operands, Whole(chain, Positions), chain).IsWithin(this) => At(2),
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
