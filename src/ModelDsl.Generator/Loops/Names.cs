using System.Text;

namespace ModelDsl.Generator.Loops;

/// <summary>Unique identifiers of one scope of generated code, made from names of the model.</summary>
internal sealed class Names
{
    internal static readonly HashSet<string> Keywords =
    [
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal", "default",
        "delegate", "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally", "fixed", "float", "for", "foreach", "goto",
        "if", "implicit", "in", "int", "interface", "internal", "is", "lock", "long", "namespace", "new", "null", "object", "operator", "out",
        "override", "params", "private", "protected", "public", "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc",
        "static", "string", "struct", "switch", "this", "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort",
        "using", "virtual", "void", "volatile", "while",
    ];

    // Metadata limits names to 1,023 characters, and names become parts of longer names.
    private const int Longest = 120;

    private readonly HashSet<string> taken;

    public Names(params string[] reserved) => taken = [.. reserved];

    /// <summary>Returns the name, followed by a number if it is taken.</summary>
    public string Unique(string wanted)
    {
        var name = Camel(wanted);
        if (Keywords.Contains(name)) name += "Value";
        if (name.Length > Longest) name = name.Substring(0, Longest);
        var unique = name;
        for (var i = 2; !taken.Add(unique); i++) unique = char.IsDigit(name[name.Length - 1]) ? $"{name}_{i}" : $"{name}{i}";
        return unique;
    }

    /// <summary>The name of all values, for a function whose names describe roles and not a model; null if values have their own names.</summary>
    public string? ValueRole { get; init; }

    /// <summary>Returns the name for a value. If a buffer has the name, a suffix is added.</summary>
    public string UniqueValue(string wanted) => Unique(ValueRole ?? (taken.Contains(Camel(wanted)) ? wanted + "Value" : wanted));

    /// <summary>An identifier in camelCase: dots and other marks join words.</summary>
    public static string Camel(string text)
    {
        var pascal = IsWord(text) ? text : Pascal(text);
        return Begun(char.ToLowerInvariant(char.ToUpperInvariant(pascal[0])), pascal);
    }

    /// <summary>An identifier in PascalCase.</summary>
    public static string Pascal(string text)
    {
        if (IsWord(text)) return Begun(char.ToUpperInvariant(text[0]), text);
        var builder = new StringBuilder();
        var upper = true;
        foreach (var c in text)
        {
            if (!char.IsLetterOrDigit(c))
            {
                upper = true;
                continue;
            }

            builder.Append(upper ? char.ToUpperInvariant(c) : c);
            upper = false;
        }

        if (builder.Length == 0 || char.IsDigit(builder[0])) builder.Insert(0, "Value");
        return builder.ToString();
    }

    /// <summary>A name for a method that differs from all names of variables. Many scripts have no capital letters that would make them differ.</summary>
    public static string Method(string text) => Pascal(text) is var name && char.IsUpper(name[0]) ? name : "Kernel" + name;

    /// <summary>Whether only the case of the first letter would change. This is true of most names and avoids another string.</summary>
    private static bool IsWord(string text)
    {
        foreach (var symbol in text)
        {
            if (!char.IsLetterOrDigit(symbol)) return false;
        }

        return text.Length > 0 && !char.IsDigit(text[0]);
    }

    private static string Begun(char first, string text) => text[0] == first ? text : first + text.Substring(1);
}
