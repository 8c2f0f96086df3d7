using System.Globalization;

namespace ModelDsl.Generator.Scalars;

/// <summary>Prints expressions for people: infix, with only the necessary parentheses.</summary>
internal static class ExprPrinter
{
    public static string Print(Expr expr, Func<int, string> leaf, Func<int, string> axis) => Print(expr, leaf, axis, 0);

    private static string Print(Expr expr, Func<int, string> leaf, Func<int, string> axis, int outer)
    {
        string Arg(int index, int precedence) => Print(expr.Args[index], leaf, axis, precedence);
        string Wrap(int precedence, string text) => precedence < outer ? $"({text})" : text;
        return expr switch
        {
            Leaf input => leaf(input.Input),
            Constant constant => ((float)constant.Value).ToString("R", CultureInfo.InvariantCulture),
            AxisIndex index => axis(index.Axis),
            Apply { Op: ScalarOp.Add } => Wrap(3, $"{Arg(0, 3)} + {Arg(1, 3)}"),
            Apply { Op: ScalarOp.Subtract } => Wrap(3, $"{Arg(0, 3)} − {Arg(1, 4)}"),
            Apply { Op: ScalarOp.Multiply } => Wrap(4, $"{Arg(0, 4)} · {Arg(1, 4)}"),
            Apply { Op: ScalarOp.Divide } => Wrap(4, $"{Arg(0, 4)} / {Arg(1, 5)}"),
            Apply { Op: ScalarOp.Negate } => Wrap(5, $"−{Arg(0, 5)}"),
            Apply { Op: ScalarOp.Less } => Wrap(2, $"{Arg(0, 3)} < {Arg(1, 3)}"),
            Apply { Op: ScalarOp.LessOrEqual } => Wrap(2, $"{Arg(0, 3)} ≤ {Arg(1, 3)}"),
            Apply { Op: ScalarOp.Equal } => Wrap(2, $"{Arg(0, 3)} = {Arg(1, 3)}"),
            Apply { Op: ScalarOp.Select } => Wrap(1, $"{Arg(0, 2)} ? {Arg(1, 1)} : {Arg(2, 1)}"),
            Apply { Op: ScalarOp.Abs } => $"|{Arg(0, 0)}|",
            Apply apply => $"{Name(apply.Op)}({string.Join(", ", apply.Args.Select(arg => Print(arg, leaf, axis, 0)))})",
            _ => expr.ToString(),
        };
    }

    private static string Name(ScalarOp op) => op switch
    {
        ScalarOp.Minimum => "min",
        ScalarOp.Maximum => "max",
        ScalarOp.Power => "pow",
        ScalarOp.Sqrt => "√",
        _ => op.ToString().ToLowerInvariant(),
    };
}
