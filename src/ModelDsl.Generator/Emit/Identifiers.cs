namespace ModelDsl.Generator.Emit;

/// <summary>Writes names of users as identifiers in generated code.</summary>
internal static class Identifiers
{
    /// <summary>
    /// Returns the name, preceded by <c>@</c> if C# could read it as a keyword. All keywords, including contextual ones, consist of lower-case ASCII letters, and future keywords
    /// will too: the compiler warns about types with such names for that reason.
    /// </summary>
    public static string Escape(string name)
    {
        foreach (var symbol in name)
        {
            if (symbol is < 'a' or > 'z') return name;
        }

        return "@" + name;
    }
}
