using System.Text;

namespace ModelDsl.Generator.Emit;

/// <summary>
/// Short names of types in a generated file. C# looks for a name in a namespace and its aliases before it looks in enclosing namespaces. An alias in the namespace of a program,
/// which contains nothing else, therefore has the intended meaning with any types and namespaces in the project.
/// </summary>
/// <param name="types">The full names of the types. The alias of an attribute omits the suffix.</param>
internal sealed class TypeAliases(IReadOnlyList<string> types)
{
    private const string Suffix = "Attribute";

    /// <summary>The short names. No member of a program may have one of them, because it would hide the alias.</summary>
    public IEnumerable<string> Names => types.Select(NameOf);

    /// <summary>Writes the aliases into the current namespace.</summary>
    public void Write(CodeWriter writer)
    {
        foreach (var type in types.OrderBy(NameOf, StringComparer.Ordinal)) writer.Line($"using {NameOf(type)} = global::{type};");
    }

    /// <summary>Removes the aliases that a file does not use.</summary>
    /// <param name="file">The text of a file that contains the aliases of <see cref="Write"/>.</param>
    public string WithoutUnused(string file)
    {
        var lines = types.Select(type => LineOf(type, file)).OrderBy(line => line.Begin).ToArray();
        if (lines.Length == 0) return file;
        var code = lines[lines.Length - 1].End;
        var text = new StringBuilder(file.Length);
        var copied = 0;
        foreach (var (name, begin, end) in lines)
        {
            if (Uses(file, name, code)) continue;
            text.Append(file, copied, begin - copied);
            copied = end;
        }

        return text.Append(file, copied, file.Length - copied).ToString();
    }

    private static (string Name, int Begin, int End) LineOf(string type, string file)
    {
        var declaration = $"using {NameOf(type)} = global::{type};\n";
        var begin = file.IndexOf(declaration, StringComparison.Ordinal);
        return (NameOf(type), file.LastIndexOf('\n', begin) + 1, begin + declaration.Length);
    }

    /// <summary>Whether a text contains a name after a position, as a whole word.</summary>
    private static bool Uses(string text, string name, int from)
    {
        for (var at = text.IndexOf(name, from, StringComparison.Ordinal); at >= 0; at = text.IndexOf(name, at + 1, StringComparison.Ordinal))
        {
            if (!IsLetter(text[at - 1]) && text[at - 1] != '.' && !IsLetter(text[at + name.Length])) return true;
        }

        return false;

        static bool IsLetter(char symbol) => char.IsLetterOrDigit(symbol) || symbol == '_';
    }

    private static string NameOf(string type)
    {
        var name = type.Substring(type.LastIndexOf('.') + 1);
        return name.EndsWith(Suffix, StringComparison.Ordinal) ? name.Substring(0, name.Length - Suffix.Length) : name;
    }
}
