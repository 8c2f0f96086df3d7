using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Parsing.Functions;

/// <summary>Whether a change of an input can move a value, other than by a jump.</summary>
internal static class Sensitivity
{
    public static bool Depends(Expr body, int input) => Depends(body, input, []);

    /// <summary>Expressions share parts, so each is looked at once.</summary>
    private static bool Depends(Expr expr, int input, Dictionary<Expr, bool> known)
    {
        if (known.TryGetValue(expr, out var depends)) return depends;
        depends = expr switch
        {
            Leaf leaf => leaf.Input == input,
            Apply { IsCondition: true } or Apply { Op: ScalarOp.Floor or ScalarOp.Ceiling or ScalarOp.Round or ScalarOp.Sign } => false,
            _ => expr.Args.Any(arg => Depends(arg, input, known)),
        };
        known.Add(expr, depends);
        return depends;
    }
}
