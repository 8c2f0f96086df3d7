using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Simplify;

/// <summary>
/// Rewrites scalar expressions: textbook formulas become forms that do not overflow or cancel, and common factors of sums are
/// extracted.
/// </summary>
internal static class StableForms
{
    public static Expr Simplify(Expr body)
    {
        if (body.IsSimple) return body;
        var simple = ExprWalk.Rewrite(body, expr => expr is Apply apply ? Rewrite(apply) : null);
        if (simple == body) body.IsSimple = true;
        return simple;
    }

    private static Expr? Rewrite(Apply expr) => expr.Op switch
    {
        // log eᵘ = u, log σ(u) = −softplus(−u), log(1 − σ(u)) = −softplus(u), log(1 + eᵘ) = softplus(u)
        ScalarOp.Log when Is(expr.Args[0], ScalarOp.Exp, out var u) => u,
        ScalarOp.Log when Is(expr.Args[0], ScalarOp.Sigmoid, out var u) => Negate(Softplus(Negate(u))),
        ScalarOp.Log when IsOneMinusSigmoid(expr.Args[0], out var u) => Negate(Softplus(u)),
        ScalarOp.Log when IsOnePlusExp(expr.Args[0], out var u) => Softplus(u),

        // a / (1 + eᵘ) = a·σ(−u)
        ScalarOp.Divide when IsOnePlusExp(expr.Args[1], out var u) => Multiply(expr.Args[0], Sigmoid(Negate(u))),

        ScalarOp.Add or ScalarOp.Subtract => Factored(expr),
        _ => null,
    };

    // a·c ± b·c = (a ± b)·c for a leaf or a constant c.
    private static Expr? Factored(Apply sum)
    {
        var (left, right) = (sum.Args[0], sum.Args[1]);
        foreach (var factor in Factors(left))
        {
            if (Without(left, factor) is not { } a || Without(right, factor) is not { } b) continue;
            if (a is Constant || b is Constant) continue; // x·(y + 1) is not shorter than x·y + x.
            return Multiply(Simplify(Build(sum.Op, a, b)), factor);
        }

        return null;
    }

    private static IEnumerable<Expr> Factors(Expr term) => term switch
    {
        Leaf => [term],
        Constant { Value: not (0 or 1 or -1) } constant => [Const(Math.Abs(constant.Value))],
        Apply { Op: ScalarOp.Multiply } => term.Args.SelectMany(Factors),
        Apply { Op: ScalarOp.Negate } => Factors(term.Args[0]),
        Apply { Op: ScalarOp.Select } when term.Args[2] is Constant { Value: 0 } => Factors(term.Args[1]),
        _ => [],
    };

    private static Expr? Without(Expr term, Expr factor)
    {
        if (term == factor) return One;
        if (term is Constant a && factor is Constant b && a.Value == -b.Value) return Const(-1);
        switch (term)
        {
            case Apply { Op: ScalarOp.Multiply }:
                if (Without(term.Args[0], factor) is { } left) return Multiply(left, term.Args[1]);
                return Without(term.Args[1], factor) is { } right ? Multiply(term.Args[0], right) : null;
            case Apply { Op: ScalarOp.Negate }:
                return Without(term.Args[0], factor) is { } inner ? Negate(inner) : null;
            case Apply { Op: ScalarOp.Select } when term.Args[2] is Constant { Value: 0 }:
                return Without(term.Args[1], factor) is { } chosen ? SignOutside(term.Args[0], chosen) : null;
            default:
                return null;
        }
    }

    private static Expr SignOutside(Expr condition, Expr chosen) => chosen switch
    {
        Constant { Value: < 0 } constant => Negate(Select(condition, Const(-constant.Value), Zero)),
        Apply { Op: ScalarOp.Negate } negated => Negate(Select(condition, negated.Args[0], Zero)),
        _ => Select(condition, chosen, Zero),
    };

    private static bool Is(Expr expr, ScalarOp op, out Expr operand)
    {
        var matches = expr is Apply apply && apply.Op == op;
        operand = matches ? expr.Args[0] : expr;
        return matches;
    }

    private static bool IsOnePlusExp(Expr expr, out Expr u)
    {
        u = expr;
        if (expr is not Apply { Op: ScalarOp.Add }) return false;
        return (expr.Args[0] is Constant { Value: 1 } && Is(expr.Args[1], ScalarOp.Exp, out u))
            || (expr.Args[1] is Constant { Value: 1 } && Is(expr.Args[0], ScalarOp.Exp, out u));
    }

    private static bool IsOneMinusSigmoid(Expr expr, out Expr u)
    {
        u = expr;
        return expr is Apply { Op: ScalarOp.Subtract } && expr.Args[0] is Constant { Value: 1 } && Is(expr.Args[1], ScalarOp.Sigmoid, out u);
    }
}
