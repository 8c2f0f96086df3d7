namespace ModelDsl.Generator.Scalars;

/// <summary>Builds expressions and folds constants, so that derivatives are as short as if written by hand.</summary>
internal static class Expressions
{
    public static readonly Expr Zero = new Constant(0);
    public static readonly Expr One = new Constant(1);

    public static Expr Const(double value) => new Constant(value);

    public static Expr Input(int index) => new Leaf(index);

    public static Expr Index(int axis) => new AxisIndex(axis);

    public static Expr Add(Expr a, Expr b) => Build(ScalarOp.Add, a, b);

    public static Expr Subtract(Expr a, Expr b) => Build(ScalarOp.Subtract, a, b);

    public static Expr Multiply(Expr a, Expr b) => Build(ScalarOp.Multiply, a, b);

    public static Expr Divide(Expr a, Expr b) => Build(ScalarOp.Divide, a, b);

    public static Expr Negate(Expr a) => Build(ScalarOp.Negate, a);

    public static Expr Select(Expr condition, Expr then, Expr otherwise) => Build(ScalarOp.Select, condition, then, otherwise);

    public static Expr Abs(Expr a) => Build(ScalarOp.Abs, a);

    public static Expr Sqrt(Expr a) => Build(ScalarOp.Sqrt, a);

    public static Expr Exp(Expr a) => Build(ScalarOp.Exp, a);

    public static Expr Log(Expr a) => Build(ScalarOp.Log, a);

    public static Expr Sin(Expr a) => Build(ScalarOp.Sin, a);

    public static Expr Cos(Expr a) => Build(ScalarOp.Cos, a);

    public static Expr Tanh(Expr a) => Build(ScalarOp.Tanh, a);

    public static Expr Sigmoid(Expr a) => Build(ScalarOp.Sigmoid, a);

    public static Expr Softplus(Expr a) => Build(ScalarOp.Softplus, a);

    public static Expr Erf(Expr a) => Build(ScalarOp.Erf, a);

    public static Expr Sign(Expr a) => Build(ScalarOp.Sign, a);

    public static Expr Minimum(Expr a, Expr b) => Build(ScalarOp.Minimum, a, b);

    public static Expr Maximum(Expr a, Expr b) => Build(ScalarOp.Maximum, a, b);

    public static Expr Power(Expr a, Expr b) => Build(ScalarOp.Power, a, b);

    public static Expr Equal(Expr a, Expr b) => Build(ScalarOp.Equal, a, b);

    public static Expr Less(Expr a, Expr b) => Build(ScalarOp.Less, a, b);

    /// <summary>Creates an operation, and folds constants and neutral elements.</summary>
    public static Expr Build(ScalarOp op, params Expr[] args)
    {
        if (args.All(arg => arg is Constant) && !new Apply(op, args).IsCondition && op != ScalarOp.Select)
        {
            return new Constant(ScalarOps.Evaluate(op, [.. args.Select(arg => ((Constant)arg).Value)]));
        }

        return Fold(op, args) ?? new Apply(op, args);
    }

    // Removes neutral elements, and moves signs outwards and constants to the front, so that equal values often become equal expressions.
    private static Expr? Fold(ScalarOp op, Expr[] args) => op switch
    {
        ScalarOp.Add => FoldAdd(args[0], args[1]),
        ScalarOp.Subtract => FoldSubtract(args[0], args[1]),
        ScalarOp.Multiply => FoldMultiply(args[0], args[1]),
        ScalarOp.Divide when Is(args[0], 0) => Zero,
        ScalarOp.Divide when Is(args[1], 1) => args[0],
        ScalarOp.Divide when IsNegated(args[0], out var a) => Negate(Divide(a, args[1])),
        ScalarOp.Negate when IsNegated(args[0], out var a) => a,
        ScalarOp.Negate when args[0] is Apply { Op: ScalarOp.Multiply } product && product.Args[0] is Constant factor =>
            Multiply(Const(-factor.Value), product.Args[1]),
        ScalarOp.Select when args[1] == args[2] => args[1],
        ScalarOp.Select => FoldChoice(args[0], args[1], args[2]),
        _ => null,
    };

    private static Expr? FoldAdd(Expr a, Expr b)
    {
        if (Is(a, 0)) return b;
        if (Is(b, 0)) return a;
        if (IsNegated(b, out var negated)) return Subtract(a, negated);
        if (IsNegated(a, out negated)) return Subtract(b, negated);
        return a == b ? Multiply(Const(2), a) : null;
    }

    private static Expr? FoldSubtract(Expr a, Expr b)
    {
        if (Is(b, 0)) return a;
        if (Is(a, 0)) return Negate(b);
        if (IsNegated(b, out var negated)) return Add(a, negated);
        return IsNegated(a, out negated) ? Negate(Add(negated, b)) : null;
    }

    private static Expr? FoldMultiply(Expr a, Expr b)
    {
        if (Is(a, 0) || Is(b, 0)) return Zero;
        if (Is(a, 1)) return b;
        if (Is(b, 1)) return a;
        if (Is(a, -1)) return Negate(b);
        if (b is Constant && a is not Constant) return Multiply(b, a);
        if (IsNegated(b, out var negated)) return a is Constant factor ? Multiply(Const(-factor.Value), negated) : Negate(Multiply(a, negated));
        if (IsNegated(a, out negated)) return Negate(Multiply(negated, b));
        if (a is Constant outer && b is Apply { Op: ScalarOp.Multiply } inner && inner.Args[0] is Constant other)
        {
            return Multiply(Const(outer.Value * other.Value), inner.Args[1]);
        }

        return null;
    }

    /// <summary>Folds a condition on the result of another choice between two numbers: <c>(c ? 0 : 1) = 0 ? a : b</c> is <c>c ? a : b</c>.</summary>
    private static Expr? FoldChoice(Expr condition, Expr then, Expr otherwise)
    {
        if (condition is not Apply { Op: ScalarOp.Equal } equal || equal.Args[1] is not Constant { Value: var value }) return null;
        if (equal.Args[0] is not Apply { Op: ScalarOp.Select } inner || inner.Args[1] is not Constant { Value: var first } || inner.Args[2] is not Constant { Value: var second }) return null;
        var (isFirst, isSecond) = (first == value, second == value);
        return isFirst == isSecond ? null : Select(inner.Args[0], isFirst ? then : otherwise, isFirst ? otherwise : then);
    }

    private static bool IsNegated(Expr expr, out Expr operand)
    {
        operand = expr is Apply { Op: ScalarOp.Negate } ? expr.Args[0] : expr;
        return !ReferenceEquals(operand, expr);
    }

    private static bool Is(Expr expr, double value) => expr is Constant constant && constant.Value == value;
}
