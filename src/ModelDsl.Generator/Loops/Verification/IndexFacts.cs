namespace ModelDsl.Generator.Loops.Verification;

/// <summary>
/// Facts about the variables at a point of a program, and bounds that follow from them. Variables are replaced by their bounds, starting with those that were declared last, so
/// that common terms cancel before they are estimated.
/// </summary>
internal sealed class IndexFacts : LoopRewriter
{
    /// <summary>The greatest number of replacements that are tried for one bound.</summary>
    private const int Budget = 400;

    private readonly Dictionary<IndexVariable, Fact> facts = [];
    private readonly List<Linear> atMostZero = [];
    private int count;
    private int left;

    /// <summary>Adds the fact that a variable equals an index.</summary>
    public void Define(IndexVariable variable, Index value)
    {
        // The argument of a call may be the parameter itself.
        var folded = Fold(value);
        if (folded != variable) facts[variable] = new Fact(count++, folded, folded);
    }

    /// <summary>Adds the fact that a variable is between two indices.</summary>
    public void Bound(IndexVariable variable, Index least, Index most) => facts[variable] = new Fact(count++, Fold(least), Fold(most));

    /// <summary>Removes all facts about a variable.</summary>
    public void Forget(IndexVariable variable) => facts[variable] = new Fact(count++, null, null);

    /// <summary>Whether the difference of two indices is known to be a multiple of a number.</summary>
    public bool IsMultiple(Index a, Index b, int of)
    {
        var difference = Linear.Of(Definition(a)).Plus(Linear.Of(Fold(b)), -1);
        return difference.Constant % of == 0 && difference.Terms.All(term => term.Value % of == 0 || term.Key.DividedBy(of) is not null);

        Index Definition(Index index) => index is IndexVariable variable && facts.TryGetValue(variable, out var fact) && fact.Least is { } least && least == fact.Most ? least : Fold(index);
    }

    /// <summary>Whether an index depends on a variable without known bounds, because it was read from memory.</summary>
    public bool IsOfMemory(Index index) => index switch
    {
        IndexVariable variable => facts.TryGetValue(variable, out var fact) && (fact.Most is null || IsOfMemory(fact.Most)),
        IndexBinary binary => IsOfMemory(binary.Left) || IsOfMemory(binary.Right),
        _ => false,
    };

    /// <summary>Adds the facts of conditions, until <see cref="Drop"/>.</summary>
    /// <returns>The number of facts before.</returns>
    public int Assume(IReadOnlyList<Condition> conditions)
    {
        var before = atMostZero.Count;
        foreach (var condition in conditions)
        {
            var difference = Linear.Of(Fold(condition.Left)).Plus(Linear.Of(Fold(condition.Right)), -1);
            if (condition.Comparison == Comparison.Less)
            {
                atMostZero.Add(difference.Plus(Linear.OfNumber(1), 1));
            }
            else
            {
                atMostZero.Add(difference);
                atMostZero.Add(Linear.OfNumber(0).Plus(difference, -1));
            }
        }

        return before;
    }

    /// <summary>Removes the facts that were added by <see cref="Assume"/> since.</summary>
    public void Drop(int before) => atMostZero.RemoveRange(before, atMostZero.Count - before);

    /// <summary>An upper bound of an index; null if none is known.</summary>
    public long? Upper(Index index)
    {
        left = Budget;
        return Upper(Linear.Of(Fold(index)));
    }

    /// <summary>A lower bound of an index; null if none is known.</summary>
    public long? Lower(Index index)
    {
        left = Budget;
        return -Upper(Linear.OfNumber(0).Plus(Linear.Of(Fold(index)), -1));
    }

    /// <summary>Replaces variables that have a single known value by that value.</summary>
    public Index Fold(Index index) => index.Accept(this);

    public override Index Visit(IndexVariable index) => facts.TryGetValue(index, out var fact) && fact.Most is IndexLiteral most && fact.Least == most ? most : index;

    private long? Upper(Linear sum)
    {
        if (sum.Terms.Count == 0) return sum.Constant;
        if (left-- <= 0) return null;
        var atom = sum.Terms.Keys.OrderByDescending(OrderOf).ThenByDescending(DepthOf).First();
        var (factor, rest) = (sum[atom], sum.Without(atom));
        long? best = null;
        void Try(long? bound) => best = bound is { } found && (best is null || found < best) ? found : best;

        // Bounds from assumptions.
        foreach (var known in atMostZero)
        {
            if (known[atom] is not 0 and var own && own > 0 == factor > 0 && factor % own == 0) Try(Upper(sum.Plus(known, -(factor / own))));
        }

        if (atom is IndexVariable variable)
        {
            if (facts.TryGetValue(variable, out var fact) && (factor > 0 ? fact.Most : fact.Least) is { } replaced) Try(Upper(rest.Plus(Linear.Of(replaced), factor)));
            return best;
        }

        var operation = (IndexBinary)atom;
        switch (operation.Operator)
        {
            case IndexOperator.Minimum or IndexOperator.Maximum:
                var (first, second) = (Upper(rest.Plus(Linear.Of(operation.Left), factor)), Upper(rest.Plus(Linear.Of(operation.Right), factor)));
                if (operation.Operator == IndexOperator.Minimum == factor > 0)
                {
                    Try(first);
                    Try(second);
                }
                else if (first is { } one && second is { } two)
                {
                    Try(Math.Max(one, two));
                }

                break;
            case IndexOperator.Divide when operation.Right is IndexLiteral { Value: > 0 } by:
                Quotient(operation.Left, by.Value);
                break;
            case IndexOperator.Remainder when operation.Right is IndexLiteral { Value: > 0 } by:
                // a % d and a / d · d add up to a.
                var quotient = (Index)new IndexBinary(IndexOperator.Divide, operation.Left, by);
                if (rest[quotient] == factor * by.Value) Try(Upper(rest.Without(quotient).Plus(Linear.Of(operation.Left), factor)));
                Try(Upper(rest.Plus(Linear.OfNumber(factor > 0 ? by.Value - 1 : 0), factor)));
                if (factor > 0) Try(Upper(rest.Plus(Linear.Of(operation.Left), factor)));
                break;
            case IndexOperator.Multiply:
                Product(operation.Left, operation.Right);
                break;
        }

        return best;

        // Both require a dividend that is not negative.
        void Quotient(Index dividend, int by)
        {
            if (factor > 0)
            {
                if (factor % by == 0) Try(Upper(rest.Plus(Linear.Of(dividend), factor / by)));
                if (Upper(Linear.Of(dividend)) is { } most) Try(Upper(rest.Plus(Linear.OfNumber(Math.Max(0, most) / by), factor)));
                return;
            }

            Try(Upper(rest));
            if (factor % by == 0) Try(Upper(rest.Plus(Linear.Of(dividend).Plus(Linear.OfNumber(by - 1), -1), factor / by)));
            if (-Upper(Linear.OfNumber(0).Plus(Linear.Of(dividend), -1)) is { } least && least > 0) Try(Upper(rest.Plus(Linear.OfNumber(least / by), factor)));
        }

        void Product(Index a, Index b)
        {
            var (mostA, mostB) = (Upper(Linear.Of(a)), Upper(Linear.Of(b)));
            var (leastA, leastB) = (-Upper(Linear.OfNumber(0).Plus(Linear.Of(a), -1)), -Upper(Linear.OfNumber(0).Plus(Linear.Of(b), -1)));
            if (mostA is not { } a1 || mostB is not { } b1 || leastA is not { } a0 || leastB is not { } b0) return;
            long[] corners = [a0 * b0, a0 * b1, a1 * b0, a1 * b1];
            Try(Upper(rest.Plus(Linear.OfNumber(factor > 0 ? corners.Max() : corners.Min()), factor)));
        }
    }

    /// <summary>The order number of the variable of an atom that was declared last.</summary>
    private int OrderOf(Index atom) => atom switch
    {
        IndexVariable variable => facts.TryGetValue(variable, out var fact) ? fact.Order : int.MaxValue,
        IndexBinary binary => Math.Max(OrderOf(binary.Left), OrderOf(binary.Right)),
        _ => -1,
    };

    private static int DepthOf(Index atom) => atom is IndexBinary binary ? 1 + Math.Max(DepthOf(binary.Left), DepthOf(binary.Right)) : 0;

    private sealed record Fact(int Order, Index? Least, Index? Most);
}
