using ModelDsl.Compiled;

namespace ModelDsl.Generator.Tests.Targets;

#pragma warning disable CA1819 // The buffers of a step are arrays.

/// <summary>What the programs of <see cref="ScalarTarget"/> derive from.</summary>
public abstract class ScalarProgram : DeviceProgram
{
    public abstract void Forward(ScalarStep step);

    public abstract void Backward(ScalarStep step);

    public abstract void Infer(ScalarStep step, InferParts parts);
}

/// <summary>The buffers of a step: the batched ones have room for its samples and no more.</summary>
public sealed class ScalarStep
{
    public required int N { get; init; }

    public required float[] Parameters { get; init; }

    public required float[] Gradients { get; init; }

    public required float[] Batched { get; init; }

    public required float[] Fixed { get; init; }

    public required IReadOnlyList<float[]> Columns { get; init; }

    public ulong Seed { get; init; }

    public uint Number { get; init; }

    public int Loss { get; init; }
}

/// <summary>The operations of expressions.</summary>
public static class ScalarMath
{
    public static float Negate(float x) => -x;

    public static float Abs(float x) => MathF.Abs(x);

    public static float Sqrt(float x) => MathF.Sqrt(x);

    public static float Exp(float x) => MathF.Exp(x);

    public static float Log(float x) => MathF.Log(x);

    public static float Sin(float x) => MathF.Sin(x);

    public static float Cos(float x) => MathF.Cos(x);

    public static float Tanh(float x) => MathF.Tanh(x);

    public static float Sigmoid(float x) => (float)(1 / (1 + Math.Exp(-x)));

    public static float Softplus(float x) => (float)(Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs((double)x))));

    public static float Erf(float x)
    {
        // The series of erf, which converges everywhere; beyond 4 the result is 1 to the last place of a float.
        if (Math.Abs(x) > 4) return Math.Sign(x);
        double term = x, sum = x;
        for (var k = 1; k < 100; k++)
        {
            term *= -(double)x * x / k;
            sum += term / ((2 * k) + 1);
        }

        return (float)(2 / Math.Sqrt(Math.PI) * sum);
    }

    public static float Floor(float x) => MathF.Floor(x);

    public static float Ceiling(float x) => MathF.Ceiling(x);

    public static float Round(float x) => MathF.Round(x);

    public static float Sign(float x) => float.IsNaN(x) ? x : Math.Sign(x);

    public static float Add(float x, float y) => x + y;

    public static float Subtract(float x, float y) => x - y;

    public static float Multiply(float x, float y) => x * y;

    public static float Divide(float x, float y) => x / y;

    public static float Minimum(float x, float y) => MathF.Min(x, y);

    public static float Maximum(float x, float y) => MathF.Max(x, y);

    public static float Power(float x, float y) => MathF.Pow(x, y);

    public static bool Less(float x, float y) => x < y;

    public static bool LessOrEqual(float x, float y) => x <= y;

    public static bool Equal(float x, float y) => x == y;

    public static bool And(bool x, bool y) => x && y;

    public static bool Or(bool x, bool y) => x || y;

    public static bool Not(bool x) => !x;
}
