using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Loops;

/// <summary>
/// How a reduction is computed from its terms, in any order and for every target: what the accumulator begins with, what is combined with it, and what becomes of
/// it. The first maximum is found as the greatest of the negated positions of the terms that are the maximum.
/// </summary>
internal static class ReductionSteps
{
    /// <summary>What an accumulator begins with.</summary>
    public static double Start(ReduceOp op) => op switch
    {
        ReduceOp.Sum => 0,
        ReduceOp.Max or ReduceOp.ArgMax => double.NegativeInfinity,
    };

    /// <summary>How an accumulator is combined with a term.</summary>
    public static ScalarOp Combine(ReduceOp op) => op switch
    {
        ReduceOp.Sum => ScalarOp.Add,
        ReduceOp.Max or ReduceOp.ArgMax => ScalarOp.Maximum,
    };

    /// <summary>How the accumulators of lanes or threads are combined.</summary>
    public static ReduceOp Across(ReduceOp op) => op switch
    {
        ReduceOp.Sum => ReduceOp.Sum,
        ReduceOp.Max or ReduceOp.ArgMax => ReduceOp.Max,
    };

    /// <summary>What is combined with the accumulator for each index of the domain, over the reduction's operands.</summary>
    public static Expr Term(ReduceNode reduce) => reduce.Op switch
    {
        ReduceOp.Sum or ReduceOp.Max => reduce.Body,
        ReduceOp.ArgMax => Select(IsMaximum(reduce.Body, MaximumOf(reduce)), Negate(reduce.Position), Const(double.NegativeInfinity)),
    };

    /// <summary>The result, given the accumulator.</summary>
    public static Value Result(ReduceOp op, Value accumulator) => op switch
    {
        ReduceOp.Sum or ReduceOp.Max => accumulator,
        ReduceOp.ArgMax => new Operation(ScalarOp.Negate, [accumulator]),
    };

    /// <summary>The result of a few terms, given in row-major order.</summary>
    /// <param name="op">How terms are combined.</param>
    /// <param name="terms">The terms.</param>
    /// <param name="maximum">Their maximum, where the first maximum is asked for.</param>
    public static Expr OfTerms(ReduceOp op, IReadOnlyList<Expr> terms, Expr? maximum) => op switch
    {
        ReduceOp.Sum => terms.Aggregate(Add),
        ReduceOp.Max => terms.Aggregate(Expressions.Maximum),

        // Where no earlier term is the maximum, the last is.
        ReduceOp.ArgMax => Enumerable.Range(0, terms.Count - 1).Reverse()
            .Aggregate(Const(terms.Count - 1), (rest, position) => Select(IsMaximum(terms[position], maximum!), Const(position), rest)),
    };

    /// <summary>The operand that is the maximum of the terms.</summary>
    public static Expr MaximumOf(ReduceNode reduce) => reduce.HasMaximum
        ? Input(reduce.Operands.Count - 1)
        : throw new InvalidGraphException($"'{reduce.Name}' is scheduled without the maximum of its terms");

    // NaN is equal to nothing, and is the maximum wherever it is a term.
    private static Expr IsMaximum(Expr term, Expr maximum) =>
        Build(ScalarOp.Or, Equal(term, maximum), Build(ScalarOp.Not, Equal(term, term)));
}
