using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Scalars;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>What the operations of loop programs compute, on single numbers.</summary>
internal static class LoopScalars
{
    /// <summary>An operation on integers.</summary>
    public static int Integer(IndexBinary index, int a, int b)
    {
        if (index.Operator is IndexOperator.Divide or IndexOperator.Remainder) Require.That(a >= 0 && b > 0, $"{index} divides {a} by {b}");
        return index.Operator switch
        {
            IndexOperator.Add => checked(a + b),
            IndexOperator.Subtract => checked(a - b),
            IndexOperator.Multiply => checked(a * b),
            IndexOperator.Divide => a / b,
            IndexOperator.Remainder => a % b,
            IndexOperator.Minimum => a < b ? a : b,
            IndexOperator.Maximum => a > b ? a : b,
            _ => throw new NotSupportedException(index.ToString()),
        };
    }

    public static bool Holds(Condition condition, int a, int b) => condition.Comparison == Comparison.Less ? a < b : a == b;

    /// <summary>A power of two of numbers, reduced by the fixed tree: each is combined with the one at a distance of half of the remaining numbers.</summary>
    public static float Reduce(ReduceOp op, float[] numbers)
    {
        var values = numbers.ToArray();
        for (var half = values.Length / 2; half > 0; half /= 2)
        {
            for (var i = 0; i < half; i++) values[i] = op == ReduceOp.Sum ? values[i] + values[i + half] : MathF.Max(values[i], values[i + half]);
        }

        return values[0];
    }

    /// <summary>An operation on numbers; conditions are 1 and 0.</summary>
    public static float Of(ScalarOp op, float[] x) => op switch
    {
        ScalarOp.Negate => -x[0],
        ScalarOp.Add => x[0] + x[1],
        ScalarOp.Subtract => x[0] - x[1],
        ScalarOp.Multiply => x[0] * x[1],
        ScalarOp.Divide => x[0] / x[1],
        ScalarOp.Abs => MathF.Abs(x[0]),
        ScalarOp.Sqrt => MathF.Sqrt(x[0]),
        ScalarOp.Exp => MathF.Exp(x[0]),
        ScalarOp.Log => MathF.Log(x[0]),
        ScalarOp.Sin => MathF.Sin(x[0]),
        ScalarOp.Cos => MathF.Cos(x[0]),
        ScalarOp.Tanh => MathF.Tanh(x[0]),
        ScalarOp.Sigmoid => 1 / (1 + MathF.Exp(-x[0])),
        ScalarOp.Softplus => x[0] > 0 ? x[0] + (float)Math.Log(1 + Math.Exp(-x[0])) : (float)Math.Log(1 + Math.Exp(x[0])),
        ScalarOp.Erf => Erf(x[0]),
        ScalarOp.Floor => MathF.Floor(x[0]),
        ScalarOp.Ceiling => MathF.Ceiling(x[0]),
        ScalarOp.Round => MathF.Round(x[0]),
        ScalarOp.Sign => x[0] > 0 ? 1 : x[0] < 0 ? -1 : x[0],
        ScalarOp.Minimum => MathF.Min(x[0], x[1]),
        ScalarOp.Maximum => MathF.Max(x[0], x[1]),
        ScalarOp.Power => MathF.Pow(x[0], x[1]),
        ScalarOp.Less => x[0] < x[1] ? 1 : 0,
        ScalarOp.LessOrEqual => x[0] <= x[1] ? 1 : 0,
        ScalarOp.Equal => x[0] == x[1] ? 1 : 0,
        ScalarOp.And => x[0] != 0 && x[1] != 0 ? 1 : 0,
        ScalarOp.Or => x[0] != 0 || x[1] != 0 ? 1 : 0,
        ScalarOp.Not => x[0] == 0 ? 1 : 0,
        ScalarOp.Select => x[0] != 0 ? x[1] : x[2],
        _ => throw new NotSupportedException(op.ToString()),
    };

    // The series of erf, which converges everywhere; beyond 4 the result is 1 to the last position of a float.
    private static float Erf(double x)
    {
        if (Math.Abs(x) > 4) return Math.Sign(x);
        var (term, sum) = (x, x);
        for (var k = 1; k < 100; k++)
        {
            term *= -x * x / k;
            sum += term / ((2 * k) + 1);
        }

        return (float)(2 / Math.Sqrt(Math.PI) * sum);
    }
}
