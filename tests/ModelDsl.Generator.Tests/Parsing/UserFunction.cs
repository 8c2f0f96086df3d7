using System.Reflection;
using Microsoft.CodeAnalysis;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Scalars;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Parsing;

/// <summary>A user's function twice: as the compiler read it, and as C# compiled it.</summary>
internal sealed class UserFunction
{
    private static readonly float[] Inputs =
    [
        0, -0f, 1, -1, 0.5f, -0.5f, 2, -2, 3.7f, -3.7f, 1e-4f, -1e-4f, 20, -20, 100, -100, 1e30f, -1e30f,
        float.PositiveInfinity, float.NegativeInfinity, float.NaN,
    ];

    private readonly FunctionSpec read;
    private readonly MethodInfo real;

    /// <param name="members">Members of the model; the function is called <c>F</c>.</param>
    /// <param name="others">Declarations in addition to the model.</param>
    public UserFunction(string members, string others = "")
    {
        var isLoss = members.Contains("F(float x, float y)", StringComparison.Ordinal);
        var layers = isLoss ? "Loss(nameof(F))" : "Activation(nameof(F)), MeanSquaredError";
        var compilation = TestCompilation.Create($"[Model, Input(4), {layers}] public partial class Net {{ {members} }} {others}");
        var spec = ModelParser.ReadModel(compilation.GetTypeByMetadataName("Net")!, compilation, default);
        Assert.Empty(spec.Problems);
        read = (FunctionSpec)spec.Layers[1].Arguments.Single().Value;
        var net = TestCompilation.Load(compilation).GetType("Net")!;
        real = net.GetMethod("F", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;
    }

    public Expr Body => read.Body;

    /// <summary>Both give the same, up to float rounding, on ordinary, extreme and random inputs.</summary>
    public void MustAgree(float tolerance = 2e-5f)
    {
        var random = new Random(1);
        var inputs = Inputs.Concat(Enumerable.Range(0, 200).Select(_ => (random.NextSingle() - 0.5f) * 12)).ToList();
        foreach (var x in inputs)
        {
            foreach (var y in read.Parameters == 2 ? inputs.Take(40) : [0f]) MustAgree(tolerance, x, y);
        }
    }

    private void MustAgree(float tolerance, float x, float y)
    {
        object[] arguments = read.Parameters == 2 ? [x, y] : [x];
        var expected = (float)real.Invoke(null, arguments)!;
        var actual = (float)Evaluate(Body, [x, y]);
        var close = expected.Equals(actual) || Math.Abs(expected - actual) <= tolerance * (1 + Math.Abs(expected));
        Assert.True(close, $"F({x}, {y}) is {expected}, but was read as {Body} = {actual}.");
    }

    private static double Evaluate(Expr expr, double[] leaves) => expr switch
    {
        Leaf leaf => leaves[leaf.Input],
        Constant constant => constant.Value,
        Apply apply => ScalarOps.Evaluate(apply.Op, [.. apply.Args.Select(arg => Evaluate(arg, leaves))]),
        _ => throw new InvalidOperationException(),
    };
}
