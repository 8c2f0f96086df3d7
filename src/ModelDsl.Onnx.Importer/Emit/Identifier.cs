using System.Text;

namespace ModelDsl.Onnx.Importer.Emit;

/// <summary>Names of the file as identifiers of C#, with letters, digits and underscores.</summary>
internal static class Identifier
{
    private const int Longest = 80;

    /// <summary>Returns an identifier that begins with a lower-case letter: <c>layer1.0.conv1</c> → <c>layer1_0_conv1</c>.</summary>
    public static string Of(string name)
    {
        var text = new StringBuilder();
        foreach (var symbol in name)
        {
            if (char.IsAsciiLetterOrDigit(symbol)) text.Append(symbol);
            else if (text.Length > 0 && text[^1] != '_') text.Append('_');
        }

        while (text.Length > 0 && text[^1] == '_') text.Length--;
        var identifier = text.ToString();
        if (identifier.Length > Longest) identifier = identifier[^Longest..].TrimStart('_');
        if (identifier.Length == 0) return "x";
        if (!char.IsAsciiLetter(identifier[0])) identifier = "n" + identifier;
        return char.ToLowerInvariant(identifier[0]) + identifier[1..];
    }

    /// <summary>Returns an identifier that begins with an upper-case letter.</summary>
    public static string Pascal(string name)
    {
        var identifier = Of(name);
        return char.ToUpperInvariant(identifier[0]) + identifier[1..];
    }
}
