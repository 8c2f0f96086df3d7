using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit;

/// <summary>Parentheses where an expression needs them as an operand.</summary>
internal static class Parentheses
{
    /// <summary>An operand in parentheses where it is an operation itself.</summary>
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

    /// <summary>An index in parentheses where it is an operation.</summary>
    public static string Around(Index index, SymbolNames names) => index is IndexBinary ? $"({names.Of(index)})" : names.Of(index);
}
