using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>Scalar expressions as functions in float64 of an operation's leaves and of the position in its domain, from the definitions of their operations.</summary>
internal static class ScalarFunctions
{
    /// <summary>An expression as steps: a part that stands in it several times is computed once.</summary>
    public static Func<double[], int[], double> Of(Expr expr)
    {
        var positions = new Dictionary<Expr, int>(ReferenceEqualityComparer.Instance);
        var steps = new List<Func<double[], double[], int[], double>>();
        Add(expr);
        var (program, values) = (steps.ToArray(), new double[steps.Count]);
        return (leaves, index) =>
        {
            for (var i = 0; i < program.Length; i++) values[i] = program[i](values, leaves, index);
            return values[^1];
        };

        int Add(Expr part)
        {
            if (positions.TryGetValue(part, out var known)) return known;
            int[] args = [.. part.Args.Select(Add)];
            steps.Add(Step(part, args));
            return positions[part] = steps.Count - 1;
        }
    }

    /// <summary>A function of the values of the steps before, of the leaves and of the index.</summary>
    private static Func<double[], double[], int[], double> Step(Expr part, int[] args)
    {
        switch (part)
        {
            case Leaf leaf: return (_, leaves, _) => leaves[leaf.Input];
            case Constant constant: return (_, _, _) => constant.Value;
            case AxisIndex axis: return (_, _, index) => index[axis.Axis];
            case Apply { Op: ScalarOp.Select }: return (values, _, _) => values[args[0]] != 0 ? values[args[1]] : values[args[2]];
            case Apply apply when args is [var only]:
                var unary = Unary(apply.Op);
                return (values, _, _) => unary(values[only]);
            case Apply apply when args is [var left, var right]:
                var binary = Binary(apply.Op);
                return (values, _, _) => binary(values[left], values[right]);
            default: throw new NotSupportedException(part.ToString());
        }
    }

    private static Func<double, double> Unary(ScalarOp op) => op switch
    {
        ScalarOp.Negate => x => -x,
        ScalarOp.Abs => Math.Abs,
        ScalarOp.Sqrt => Math.Sqrt,
        ScalarOp.Exp => Math.Exp,
        ScalarOp.Log => Math.Log,
        ScalarOp.Sin => Math.Sin,
        ScalarOp.Cos => Math.Cos,
        ScalarOp.Tanh => Math.Tanh,
        ScalarOp.Sigmoid => x => 0.5 + (0.5 * Math.Tanh(x / 2)),
        ScalarOp.Softplus => x => x > 30 ? x : x < -30 ? Math.Exp(x) : Math.Log(1 + Math.Exp(x)),
        ScalarOp.Erf => Erf,
        ScalarOp.Floor => Math.Floor,
        ScalarOp.Ceiling => Math.Ceiling,
        ScalarOp.Round => x => Math.Round(x, MidpointRounding.ToEven),
        ScalarOp.Sign => x => x > 0 ? 1 : x < 0 ? -1 : x,
        ScalarOp.Not => x => x == 0 ? 1 : 0,
        _ => throw new NotSupportedException(op.ToString()),
    };

    private static Func<double, double, double> Binary(ScalarOp op) => op switch
    {
        ScalarOp.Add => (a, b) => a + b,
        ScalarOp.Subtract => (a, b) => a - b,
        ScalarOp.Multiply => (a, b) => a * b,
        ScalarOp.Divide => (a, b) => a / b,
        ScalarOp.Minimum => (a, b) => double.IsNaN(a) || double.IsNaN(b) ? double.NaN : a < b ? a : b,
        ScalarOp.Maximum => (a, b) => double.IsNaN(a) || double.IsNaN(b) ? double.NaN : a > b ? a : b,
        ScalarOp.Power => Math.Pow,
        ScalarOp.Less => (a, b) => a < b ? 1 : 0,
        ScalarOp.LessOrEqual => (a, b) => a <= b ? 1 : 0,
        ScalarOp.Equal => (a, b) => a == b ? 1 : 0,
        ScalarOp.And => (a, b) => a != 0 && b != 0 ? 1 : 0,
        ScalarOp.Or => (a, b) => a != 0 || b != 0 ? 1 : 0,
        _ => throw new NotSupportedException(op.ToString()),
    };

    // Abramowitz and Stegun 7.1.6: 2/√π e^(−x²) Σ 2ⁿ x^(2n+1) / (1 · 3 · … · (2n+1)), whose terms all have the sign of x: nothing cancels.
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 6) return Math.Sign(x);
        var (term, sum) = (x, x);
        for (var n = 1; Math.Abs(term) > Math.Abs(sum) * 1e-17; n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
