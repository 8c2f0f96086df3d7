using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit;

/// <summary>Adds parentheses to expressions that are operands.</summary>
internal static class Parentheses
{
    /// <summary>Returns the operand, in parentheses if it is an operation.</summary>
    public static string Operand(string text)
    {
        var depth = 0;
        foreach (var c in text)
        {
            if (c is '(' or '[') depth++;
            else if (c is ')' or ']') depth--;
            else if (c == ' ' && depth == 0) return $"({text})";
        }

        return text.StartsWith("-", StringComparison.Ordinal) || text.StartsWith("(float)", StringComparison.Ordinal) ? $"({text})" : text;
    }

    /// <summary>Returns the index, in parentheses if it is an operation.</summary>
    public static string Around(Index index, SymbolNames names) => index is IndexBinary ? $"({names.Of(index)})" : names.Of(index);
}
