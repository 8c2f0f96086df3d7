using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Parsing.Functions;

/// <summary>
/// The functions of Math, MathF, float and double that a user's function may call, as scalar operations. Floor, Ceiling,
/// Round, Truncate and Sign are step functions: their derivative is 0, as in PyTorch.
/// </summary>
internal static class MathFunctions
{
    private static readonly Dictionary<(string Name, int Arguments), Func<IReadOnlyList<Expr>, Expr>> Table = new()
    {
        [("Abs", 1)] = x => Build(ScalarOp.Abs, x[0]),
        [("Cbrt", 1)] = x => Multiply(Build(ScalarOp.Sign, x[0]), Build(ScalarOp.Power, Build(ScalarOp.Abs, x[0]), Const(1.0 / 3))),
        [("Ceiling", 1)] = x => Build(ScalarOp.Ceiling, x[0]),
        [("Clamp", 3)] = x => Build(ScalarOp.Minimum, Build(ScalarOp.Maximum, x[0], x[1]), x[2]),
        [("Cos", 1)] = x => Build(ScalarOp.Cos, x[0]),
        [("Cosh", 1)] = x => Multiply(Const(0.5), Add(Exp(x[0]), Exp(Negate(x[0])))),
        [("Exp", 1)] = x => Exp(x[0]),
        [("Exp2", 1)] = x => Exp(Multiply(x[0], Const(Math.Log(2)))),
        [("Exp10", 1)] = x => Exp(Multiply(x[0], Const(Math.Log(10)))),
        [("ExpM1", 1)] = x => Subtract(Exp(x[0]), One),
        [("Floor", 1)] = x => Build(ScalarOp.Floor, x[0]),
        [("FusedMultiplyAdd", 3)] = x => Add(Multiply(x[0], x[1]), x[2]),
        [("Hypot", 2)] = x => Build(ScalarOp.Sqrt, Add(Multiply(x[0], x[0]), Multiply(x[1], x[1]))),
        [("IsFinite", 1)] = x => Less(Build(ScalarOp.Abs, x[0]), Const(double.PositiveInfinity)),
        [("IsInfinity", 1)] = x => Build(ScalarOp.Equal, Build(ScalarOp.Abs, x[0]), Const(double.PositiveInfinity)),
        [("IsNaN", 1)] = x => Build(ScalarOp.Not, Build(ScalarOp.Equal, x[0], x[0])),
        [("Lerp", 3)] = x => Add(Multiply(x[0], Subtract(One, x[2])), Multiply(x[1], x[2])),
        [("Log", 1)] = x => Log(x[0]),
        [("Log", 2)] = x => Divide(Log(x[0]), Log(x[1])),
        [("Log2", 1)] = x => Multiply(Log(x[0]), Const(1 / Math.Log(2))),
        [("Log10", 1)] = x => Multiply(Log(x[0]), Const(1 / Math.Log(10))),
        [("LogP1", 1)] = x => Log(Add(One, x[0])),
        [("Max", 2)] = x => Build(ScalarOp.Maximum, x[0], x[1]),
        [("Min", 2)] = x => Build(ScalarOp.Minimum, x[0], x[1]),
        [("Pow", 2)] = x => Build(ScalarOp.Power, x[0], x[1]),
        [("Round", 1)] = x => Build(ScalarOp.Round, x[0]),
        [("Sign", 1)] = x => Build(ScalarOp.Sign, x[0]),
        [("Sin", 1)] = x => Build(ScalarOp.Sin, x[0]),
        [("Sinh", 1)] = x => Multiply(Const(0.5), Subtract(Exp(x[0]), Exp(Negate(x[0])))),
        [("Sqrt", 1)] = x => Build(ScalarOp.Sqrt, x[0]),
        [("Tan", 1)] = x => Divide(Build(ScalarOp.Sin, x[0]), Build(ScalarOp.Cos, x[0])),
        [("Tanh", 1)] = x => Build(ScalarOp.Tanh, x[0]),
        [("Truncate", 1)] = x => Select(Less(x[0], Zero), Build(ScalarOp.Ceiling, x[0]), Build(ScalarOp.Floor, x[0])),
    };

    public static string Names { get; } = string.Join(", ", Table.Keys.Select(key => key.Name).Distinct());

    public static Expr? Find(string name, IReadOnlyList<Expr> arguments) =>
        Table.TryGetValue((name, arguments.Count), out var build) ? build(arguments) : null;

    private static Expr Exp(Expr x) => Build(ScalarOp.Exp, x);

    private static Expr Log(Expr x) => Build(ScalarOp.Log, x);
}
