using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>A user's function: its C# and the expression it should be read as.</summary>
internal sealed record OwnFunction(string Source, FunctionSpec Spec);

/// <summary>Functions as users write them, for random models.</summary>
internal static class OwnFunctions
{
    private static readonly Expr X = Input(0);
    private static readonly Expr T = Input(1);

    public static IReadOnlyList<OwnFunction> Activations { get; } =
    [
        Of("private static float Swish(float x) => x / (1f + MathF.Exp(-x));", "Swish", 1, Divide(X, Add(One, Exp(Negate(X))))),
        Of("private static float HardTanh(float x) => MathF.Max(-1f, MathF.Min(1f, x));", "HardTanh", 1, Maximum(Const(-1), Minimum(One, X))),
        Of("private static float Snake(float x) => x + MathF.Sin(x) * MathF.Sin(x);", "Snake", 1, Add(X, Multiply(Sin(X), Sin(X)))),
        Of("private static float Softsign(float x) => x / (1f + MathF.Abs(x));", "Softsign", 1, Divide(X, Add(One, Abs(X)))),
    ];

    public static IReadOnlyList<OwnFunction> Losses { get; } =
    [
        Of(
            "private static float LogCosh(float y, float t) { var d = y - t; return d < 0f ? MathF.Log(1f + MathF.Exp(2f * d)) - d : " +
            "MathF.Log(1f + MathF.Exp(-2f * d)) + d; }",
            "LogCosh",
            2,
            Select(
                Less(Subtract(X, T), Zero),
                Subtract(Log(Add(One, Exp(Multiply(Const(2), Subtract(X, T))))), Subtract(X, T)),
                Add(Log(Add(One, Exp(Multiply(Const(-2), Subtract(X, T))))), Subtract(X, T)))),
        Of(
            "private static float Quartic(float y, float t) => 0.25f * (y - t) * (y - t) * (y - t) * (y - t);",
            "Quartic",
            2,
            Multiply(Const(0.25), Multiply(Multiply(Subtract(X, T), Subtract(X, T)), Multiply(Subtract(X, T), Subtract(X, T))))),
    ];

    public static IEnumerable<OwnFunction> All => Activations.Concat(Losses);

    private static OwnFunction Of(string source, string name, int parameters, Expr body) => new(source, SpecBuilder.Function(name, parameters, body));
}
