namespace ModelDsl.Generator.Scalars;

/// <summary>Builds expressions and folds what is known on the way, so that derivatives come out as a person would write them.</summary>
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

    /// <summary>Applies an operation, folding constants and neutral elements.</summary>
    public static Expr Build(ScalarOp op, params Expr[] args)
    {
        if (args.All(arg => arg is Constant) && !new Apply(op, args).IsCondition && op != ScalarOp.Select)
        {
            return new Constant(ScalarOps.Evaluate(op, [.. args.Select(arg => ((Constant)arg).Value)]));
        }

        return op switch
        {
            ScalarOp.Add when Is(args[0], 0) => args[1],
            ScalarOp.Add when Is(args[1], 0) => args[0],
            ScalarOp.Add when args[1] is Apply { Op: ScalarOp.Negate } negated => Subtract(args[0], negated.Args[0]),
            ScalarOp.Subtract when Is(args[1], 0) => args[0],
            ScalarOp.Subtract when Is(args[0], 0) => Negate(args[1]),
            ScalarOp.Multiply when Is(args[0], 0) || Is(args[1], 0) => Zero,
            ScalarOp.Multiply when Is(args[0], 1) => args[1],
            ScalarOp.Multiply when Is(args[1], 1) => args[0],
            ScalarOp.Multiply when Is(args[0], -1) => Negate(args[1]),
            ScalarOp.Multiply when Is(args[1], -1) => Negate(args[0]),
            ScalarOp.Divide when Is(args[0], 0) => Zero,
            ScalarOp.Divide when Is(args[1], 1) => args[0],
            ScalarOp.Negate when args[0] is Apply { Op: ScalarOp.Negate } negated => negated.Args[0],
            ScalarOp.Select when args[1] == args[2] => args[1],
            _ => new Apply(op, args),
        };
    }

    private static bool Is(Expr expr, double value) => expr is Constant constant && constant.Value == value;
}
