using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Autodiff;

/// <summary>
/// Expresses a derivative by the value it belongs to, if the backward pass then needs fewer operands: relu' = [0 &lt; y], σ' = y(1 − y),
/// tanh' = 1 − y². The value is stored for its readers anyway; the operands then need not be.
/// </summary>
internal static class ThroughOutput
{
    /// <summary>Returns the derivative with <paramref name="output"/> instead of the value of <paramref name="body"/>, if it then reads fewer operands.</summary>
    public static Expr Rewrite(Expr derivative, Expr body, Expr output)
    {
        var rewritten = ExprWalk.Rewrite(derivative, expr => Replace(expr, body, output));
        var (before, after) = (ExprWalk.Inputs(derivative).Count, ExprWalk.Inputs(rewritten).Count);
        return after < before || after == 1 ? rewritten : derivative;
    }

    private static Expr? Replace(Expr expr, Expr body, Expr output)
    {
        if (expr == body) return output;
        if (expr is Apply { Op: ScalarOp.Less } less && Comparison(less.Args[0], less.Args[1], body, output) is { } comparison) return comparison;

        // In an exponential linear unit, α·eˣ is y + α on its branch.
        if (body is Apply { Op: ScalarOp.Select } select && expr is Apply { Op: ScalarOp.Multiply or ScalarOp.Exp } && Tail(select) is { } tail
            && expr == tail.Value) return Add(output, Const(tail.Scale));
        return null;
    }

    // max(u, c) is greater than c exactly if u is; min(u, c) is less exactly if u is; a rectifier with two increasing branches keeps the sign.
    private static Expr? Comparison(Expr left, Expr right, Expr body, Expr output) => body switch
    {
        Apply { Op: ScalarOp.Maximum } max when IsPair(max, left, right) && left is Constant => Less(left, output),
        Apply { Op: ScalarOp.Minimum } min when IsPair(min, left, right) && right is Constant => Less(output, right),
        Apply { Op: ScalarOp.Select } select when select.Args[0] == Less(left, right) && IsZero(left) && select.Args[1] == right
            && KeepsSign(select.Args[2], right) => Less(left, output),
        _ => null,
    };

    private static bool IsPair(Apply apply, Expr a, Expr b) =>
        (apply.Args[0] == a && apply.Args[1] == b) || (apply.Args[0] == b && apply.Args[1] == a);

    // c·u, or c·(eᵘ − 1), with c > 0.
    private static bool KeepsSign(Expr tail, Expr u) =>
        (Scaled(tail) is { Scale: > 0 } line && line.Value == u) || (Scaled(tail) is { Scale: > 0 } curve && curve.Value == Subtract(Exp(u), One));

    private static (double Scale, Expr Value) Scaled(Expr expr) => expr switch
    {
        Apply { Op: ScalarOp.Multiply } product when product.Args[0] is Constant scale => (scale.Value, product.Args[1]),
        Apply { Op: ScalarOp.Multiply } product when product.Args[1] is Constant scale => (scale.Value, product.Args[0]),
        _ => (1, expr),
    };

    private static (double Scale, Expr Value)? Tail(Apply select)
    {
        var (scale, value) = Scaled(select.Args[2]);
        if (scale <= 0 || value is not Apply { Op: ScalarOp.Subtract } difference || difference.Args[1] is not Constant { Value: 1 }) return null;
        return difference.Args[0] is Apply { Op: ScalarOp.Exp } exp ? (scale, Multiply(Const(scale), exp)) : null;
    }

    private static bool IsZero(Expr expr) => expr is Constant { Value: 0 };
}
