using ModelDsl.Generator.Common;

namespace ModelDsl.Generator.Emit;

/// <summary>Converts any text to comments. The result is one line and contains no markup.</summary>
internal static class Comments
{
    /// <summary>A line of comment.</summary>
    public static string Line(string text) => "// " + Printable.Line(text);

    /// <summary>Text inside an element of a documentation comment.</summary>
    public static string Xml(string text) => Printable.Line(text).Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
}
