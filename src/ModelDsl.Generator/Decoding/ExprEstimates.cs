using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Decoding;

/// <summary>Estimates the parts of an expression from estimates of the operands that it reads.</summary>
internal static class ExprEstimates
{
    /// <summary>Returns the estimate of an expression and of each of its parts.</summary>
    /// <param name="body">The expression.</param>
    /// <param name="leaf">The estimate of an operand.</param>
    /// <param name="index">The estimate of an index.</param>
    /// <param name="count">The number of positions, for linear functions of them.</param>
    public static IReadOnlyDictionary<Expr, Estimate> Of(Expr body, Func<Leaf, Estimate> leaf, Func<AxisIndex, Estimate> index, int count)
    {
        var parts = new Dictionary<Expr, Estimate>();
        foreach (var expr in ExprWalk.All(body))
        {
            parts[expr] = expr switch
            {
                Constant constant => Estimate.Number(constant.Value),
                Leaf operand => leaf(operand),
                AxisIndex axis => index(axis),
                Apply apply => Apply(apply.Op, [.. apply.Args.Select(arg => parts[arg])], count),
                _ => throw new InvalidOperationException($"'{expr}' is no part of an expression."),
            };
        }

        return parts;
    }

    /// <summary>The estimate of an index along an axis.</summary>
    public static Estimate Index(Extent extent) => extent.IsBatch ? Estimate.Earlier : new(false, 0, extent.Value - 1);

    private static Estimate Apply(ScalarOp op, Estimate[] args, int count) => op switch
    {
        ScalarOp.Add => Sum(args[0], args[1], 1, count),
        ScalarOp.Subtract => Sum(args[0], args[1], -1, count),
        ScalarOp.Negate => Sum(Estimate.Number(0), args[0], -1, count),
        ScalarOp.Multiply => Estimate.Product(args[0], args[1]),
        ScalarOp.Divide when args[0].IsZero => args[0],
        ScalarOp.Abs when args[0].Low >= 0 => args[0],
        ScalarOp.Abs when args[0].High <= 0 => Sum(Estimate.Number(0), args[0], -1, count),
        ScalarOp.Exp => args[0].Exp(),
        ScalarOp.Minimum => args[0].High <= args[1].Low ? args[0] : args[1].High <= args[0].Low ? args[1] : Estimate.Either(args[0], args[1]),
        ScalarOp.Maximum => args[0].High <= args[1].Low ? args[1] : args[1].High <= args[0].Low ? args[0] : Estimate.Either(args[0], args[1]),
        ScalarOp.Less => Compare(args, count, difference => difference.High < 0 ? true : difference.Low >= 0 ? false : null),
        ScalarOp.LessOrEqual => Compare(args, count, difference => difference.High <= 0 ? true : difference.Low > 0 ? false : null),
        ScalarOp.Equal => Compare(args, count, difference => difference.IsZero ? true : difference.Low > 0 || difference.High < 0 ? false : null),
        ScalarOp.Not => Estimate.Condition(!args[0].Truth, args[0].IsLater),
        ScalarOp.And => Estimate.Condition(args.Any(arg => arg.Truth == false) ? false : args.All(arg => arg.Truth == true) ? true : null, args.Any(arg => arg.IsLater)),
        ScalarOp.Or => Estimate.Condition(args.Any(arg => arg.Truth == true) ? true : args.All(arg => arg.Truth == false) ? false : null, args.Any(arg => arg.IsLater)),
        ScalarOp.Select when args[0].Truth is { } truth => truth ? args[1] : args[2],
        ScalarOp.Select => Estimate.Either(args[1], args[2]) is var either ? either with { IsLater = either.IsLater || args[0].IsLater } : either,
        _ => args.Any(arg => arg.IsLater) ? Estimate.Later : Estimate.Earlier,
    };

    private static Estimate Compare(Estimate[] args, int count, Func<Estimate, bool?> truth)
    {
        var difference = Sum(args[0], args[1], -1, count);
        return Estimate.Condition(truth(difference), difference.IsLater);
    }

    private static Estimate Sum(Estimate a, Estimate b, int sign, int count)
    {
        if (a.Linear is { } first && b.Linear is { } second)
        {
            return Estimate.OfPositions(first.Query + (sign * second.Query), first.Key + (sign * second.Key), first.Offset + (sign * second.Offset), count);
        }

        var (low, high) = sign > 0 ? (b.Low, b.High) : (-b.High, -b.Low);
        return new(a.IsLater || b.IsLater, a.Low + low, a.High + high);
    }
}
