using System.Text;

namespace ModelDsl.Generator.Loops;

/// <summary>Identifiers of one scope of generated code, made from the model's names and unique.</summary>
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

    // Metadata takes names of 1,023 characters, and what is named is part of further names.
    private const int Longest = 120;

    private readonly HashSet<string> taken;

    public Names(params string[] reserved) => taken = [.. reserved];

    /// <summary>The name, with a number behind it when it is taken.</summary>
    public string Unique(string wanted)
    {
        var name = Camel(wanted);
        if (Keywords.Contains(name)) name += "Value";
        if (name.Length > Longest) name = name.Substring(0, Longest);
        var unique = name;
        for (var i = 2; !taken.Add(unique); i++) unique = char.IsDigit(name[name.Length - 1]) ? $"{name}_{i}" : $"{name}{i}";
        return unique;
    }

    /// <summary>What all values are called, where names tell of roles and not of a model; null where they have names of their own.</summary>
    public string? ValueRole { get; init; }

    /// <summary>The name for a value: where a buffer has it, the value is called after it.</summary>
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

    /// <summary>A name for a method, which no variable has: many scripts have no capital letters to tell them apart by.</summary>
    public static string Method(string text) => Pascal(text) is var name && char.IsUpper(name[0]) ? name : "Kernel" + name;

    /// <summary>Whether nothing but the case of its first letter would change: what most names are, and what makes no further text then.</summary>
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
