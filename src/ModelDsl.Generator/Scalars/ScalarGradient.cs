using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Scalars;

/// <summary>
/// The derivative of an expression with respect to one of its leaves. Derivatives refer to the expressions they belong to (tanh' = 1 − tanh²), so that
/// a reader of the value need not compute it again.
/// </summary>
internal static class ScalarGradient
{
    public static Expr Of(Expr body, int leaf)
    {
        var derivatives = new Dictionary<Expr, Expr>();
        foreach (var expr in ExprWalk.All(body))
        {
            derivatives[expr] = expr switch
            {
                Leaf input => input.Input == leaf ? One : Zero,
                Apply { IsCondition: false } apply => OfApply(apply, [.. apply.Args.Select(arg => derivatives[arg])]),
                _ => Zero,
            };
        }

        return derivatives[body];
    }

    private static Expr OfApply(Apply y, Expr[] d)
    {
        // The derivative of a value that does not depend on the leaf is 0, even if the rule would divide by zero.
        if (d.All(IsZero)) return Zero;
        var a = y.Args[0];
        return y.Op switch
        {
            ScalarOp.Negate => Negate(d[0]),
            ScalarOp.Abs => Multiply(Sign(a), d[0]),
            ScalarOp.Sqrt => Multiply(Multiply(Const(0.5), Divide(One, y)), d[0]),
            ScalarOp.Exp => Multiply(y, d[0]),
            ScalarOp.Log => Divide(d[0], a),
            ScalarOp.Sin => Multiply(Cos(a), d[0]),
            ScalarOp.Cos => Multiply(Negate(Sin(a)), d[0]),
            ScalarOp.Tanh => Multiply(Subtract(One, Multiply(y, y)), d[0]),
            ScalarOp.Sigmoid => Multiply(Multiply(y, Subtract(One, y)), d[0]),
            ScalarOp.Softplus => Multiply(Sigmoid(a), d[0]),
            ScalarOp.Erf => Multiply(Multiply(Const(2 / Math.Sqrt(Math.PI)), Exp(Negate(Multiply(a, a)))), d[0]),
            ScalarOp.Floor or ScalarOp.Ceiling or ScalarOp.Round or ScalarOp.Sign => Zero,
            ScalarOp.Add => Add(d[0], d[1]),
            ScalarOp.Subtract => Subtract(d[0], d[1]),
            ScalarOp.Multiply => Add(Multiply(d[0], y.Args[1]), Multiply(a, d[1])),
            ScalarOp.Divide => OfQuotient(y, d),
            ScalarOp.Power => OfPower(y, d),
            ScalarOp.Minimum => OfChoice(y, Less(a, y.Args[1]), Less(y.Args[1], a), d),
            ScalarOp.Maximum => OfChoice(y, Less(y.Args[1], a), Less(a, y.Args[1]), d),
            ScalarOp.Select => Select(a, d[1], d[2]),
            _ => throw new InvalidOperationException($"No derivative is known for {y.Op}."),
        };
    }

    // (a/b)' = a'/b − (a/b)·b'/b. The derivative of a reciprocal y is −y²·b'.
    private static Expr OfQuotient(Apply y, Expr[] d)
    {
        var (a, b) = (y.Args[0], y.Args[1]);
        if (a is Constant { Value: 1 }) return Negate(Multiply(Multiply(y, y), d[1]));
        return Subtract(Divide(d[0], b), Divide(Multiply(y, d[1]), b));
    }

    // (a^b)' = b·a^(b−1)·a' + a^b·log(a)·b'; at a = 0 the second term is 0, as in PyTorch.
    private static Expr OfPower(Apply y, Expr[] d)
    {
        var (a, b) = (y.Args[0], y.Args[1]);
        var byBase = b is Constant { Value: 2 } ? Multiply(Multiply(Const(2), a), d[0]) : Multiply(Multiply(b, Power(a, Subtract(b, One))), d[0]);
        if (IsZero(d[1])) return byBase;
        return Add(byBase, Multiply(Select(Equal(a, Zero), Zero, Multiply(y, Log(a))), d[1]));
    }

    // If an operand is equal to a constant, the derivative is that of the constant: relu'(0) = 0, clamp' = 0 at its bounds. Otherwise equal operands count half each, as in PyTorch.
    private static Expr OfChoice(Apply y, Expr first, Expr second, Expr[] d)
    {
        if (y.Args[1] is Constant) return Select(first, d[0], Zero);
        if (y.Args[0] is Constant) return Select(second, d[1], Zero);
        return Select(first, d[0], Select(second, d[1], Multiply(Const(0.5), Add(d[0], d[1]))));
    }

    private static bool IsZero(Expr expr) => expr is Constant { Value: 0 };
}
