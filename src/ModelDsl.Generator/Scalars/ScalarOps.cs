namespace ModelDsl.Generator.Scalars;

/// <summary>The meaning of each scalar operation.</summary>
internal static class ScalarOps
{
    /// <summary>Computes the operation in double precision; conditions are 1 and 0.</summary>
    public static double Evaluate(ScalarOp op, IReadOnlyList<double> x) => op switch
    {
        ScalarOp.Negate => -x[0],
        ScalarOp.Abs => Math.Abs(x[0]),
        ScalarOp.Sqrt => Math.Sqrt(x[0]),
        ScalarOp.Exp => Math.Exp(x[0]),
        ScalarOp.Log => Math.Log(x[0]),
        ScalarOp.Sin => Math.Sin(x[0]),
        ScalarOp.Cos => Math.Cos(x[0]),
        ScalarOp.Tanh => Math.Tanh(x[0]),
        ScalarOp.Sigmoid => x[0] >= 0 ? 1 / (1 + Math.Exp(-x[0])) : Math.Exp(x[0]) / (1 + Math.Exp(x[0])),
        ScalarOp.Softplus => Math.Max(x[0], 0) + LogOnePlus(Math.Exp(-Math.Abs(x[0]))),
        ScalarOp.Erf => SpecialFunctions.Erf(x[0]),
        ScalarOp.Floor => Math.Floor(x[0]),
        ScalarOp.Ceiling => Math.Ceiling(x[0]),
        ScalarOp.Round => Math.Round(x[0], MidpointRounding.ToEven),
        ScalarOp.Sign => double.IsNaN(x[0]) ? double.NaN : Math.Sign(x[0]),
        ScalarOp.Add => x[0] + x[1],
        ScalarOp.Subtract => x[0] - x[1],
        ScalarOp.Multiply => x[0] * x[1],
        ScalarOp.Divide => x[0] / x[1],
        ScalarOp.Minimum => Math.Min(x[0], x[1]),
        ScalarOp.Maximum => Math.Max(x[0], x[1]),
        ScalarOp.Power => Math.Pow(x[0], x[1]),
        ScalarOp.Less => x[0] < x[1] ? 1 : 0,
        ScalarOp.LessOrEqual => x[0] <= x[1] ? 1 : 0,
        ScalarOp.Equal => x[0] == x[1] ? 1 : 0,
        ScalarOp.And => x[0] != 0 && x[1] != 0 ? 1 : 0,
        ScalarOp.Or => x[0] != 0 || x[1] != 0 ? 1 : 0,
        ScalarOp.Not => x[0] == 0 ? 1 : 0,
        ScalarOp.Select => x[0] != 0 ? x[1] : x[2],
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "No meaning is given for this operation."),
    };

    /// <summary>log(1 + z) without loss of digits for small z (Goldberg, 1991).</summary>
    private static double LogOnePlus(double z)
    {
        var sum = 1 + z;
        return sum == 1 ? z : Math.Log(sum) * z / (sum - 1);
    }
}
