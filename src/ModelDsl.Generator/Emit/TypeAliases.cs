namespace ModelDsl.Generator.Emit;

/// <summary>
/// Short names of types in a generated file. C# looks for a name in a namespace and its aliases before it looks around the namespace: an alias declared in
/// the namespace of a program, which holds nothing else, means what it says whatever types and namespaces a project has.
/// </summary>
/// <param name="types">The full names of the types. An attribute is called without its suffix.</param>
internal sealed class TypeAliases(params string[] types)
{
    private const string Suffix = "Attribute";

    /// <summary>The short names, which no member of a program may have: it would come before the alias.</summary>
    public IEnumerable<string> Names => types.Select(NameOf);

    /// <summary>Writes the aliases into the namespace that has just been opened.</summary>
    public void Write(CodeWriter writer)
    {
        foreach (var type in types.OrderBy(NameOf, StringComparer.Ordinal)) writer.Line($"using {NameOf(type)} = global::{type};");
    }

    private static string NameOf(string type)
    {
        var name = type.Substring(type.LastIndexOf('.') + 1);
        return name.EndsWith(Suffix, StringComparison.Ordinal) ? name.Substring(0, name.Length - Suffix.Length) : name;
    }
}
