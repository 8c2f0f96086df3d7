namespace ModelDsl.Generator.Emit;

/// <summary>Names of the user's as identifiers in generated code.</summary>
internal static class Identifiers
{
    /// <summary>
    /// The name with <c>@</c> before it where C# might take it for a word of its own. All keywords are made of lower-case letters of ASCII alone, those that
    /// are keywords in some contexts too, and so will those be that the language has not yet: the compiler warns of types with such names for that reason.
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
