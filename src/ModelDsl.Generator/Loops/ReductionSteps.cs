using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Loops;

/// <summary>
/// How a reduction is computed from its terms, in any order and for every target: the initial value of the accumulator, the combination with a term, and the result. The first
/// maximum is found as the greatest of the negated positions of the terms that are equal to the maximum.
/// </summary>
internal static class ReductionSteps
{
    /// <summary>The initial value of an accumulator.</summary>
    public static double Start(ReduceOp op) => op switch
    {
        ReduceOp.Sum => 0,
        ReduceOp.Max or ReduceOp.ArgMax => double.NegativeInfinity,
    };

    /// <summary>The operation that combines an accumulator with a term.</summary>
    public static ScalarOp Combine(ReduceOp op) => op switch
    {
        ReduceOp.Sum => ScalarOp.Add,
        ReduceOp.Max or ReduceOp.ArgMax => ScalarOp.Maximum,
    };

    /// <summary>The operation that combines the accumulators of lanes or threads.</summary>
    public static ReduceOp Across(ReduceOp op) => op switch
    {
        ReduceOp.Sum => ReduceOp.Sum,
        ReduceOp.Max or ReduceOp.ArgMax => ReduceOp.Max,
    };

    /// <summary>The term for each index of the domain, as an expression over the operands of the reduction.</summary>
    public static Expr Term(ReduceNode reduce) => reduce.Op switch
    {
        ReduceOp.Sum or ReduceOp.Max => reduce.Body,
        ReduceOp.ArgMax => Select(IsMaximum(reduce.Body, MaximumOf(reduce)), Negate(reduce.Position), Const(double.NegativeInfinity)),
    };

    /// <summary>The result, from the accumulator.</summary>
    public static Value Result(ReduceOp op, Value accumulator) => op switch
    {
        ReduceOp.Sum or ReduceOp.Max => accumulator,
        ReduceOp.ArgMax => new Operation(ScalarOp.Negate, [accumulator]),
    };

    /// <summary>The result of a few terms, given in row-major order.</summary>
    /// <param name="op">The operation that combines terms.</param>
    /// <param name="terms">The terms.</param>
    /// <param name="maximum">The maximum of the terms, for an index of the first maximum.</param>
    public static Expr OfTerms(ReduceOp op, IReadOnlyList<Expr> terms, Expr? maximum) => op switch
    {
        ReduceOp.Sum => terms.Aggregate(Add),
        ReduceOp.Max => terms.Aggregate(Expressions.Maximum),

        // If no earlier term is the maximum, the last one is.
        ReduceOp.ArgMax => Enumerable.Range(0, terms.Count - 1).Reverse()
            .Aggregate(Const(terms.Count - 1), (rest, position) => Select(IsMaximum(terms[position], maximum!), Const(position), rest)),
    };

    /// <summary>The operand that is the maximum of the terms.</summary>
    public static Expr MaximumOf(ReduceNode reduce) => reduce.HasMaximum
        ? Input(reduce.Operands.Count - 1)
        : throw new InvalidGraphException($"'{reduce.Name}' is scheduled without the maximum of its terms");

    // NaN is not equal to any number, and is the maximum if it is a term.
    private static Expr IsMaximum(Expr term, Expr maximum) =>
        Build(ScalarOp.Or, Equal(term, maximum), Build(ScalarOp.Not, Equal(term, term)));
}
