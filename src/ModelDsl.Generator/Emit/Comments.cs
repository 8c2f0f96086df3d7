using ModelDsl.Generator.Common;

namespace ModelDsl.Generator.Emit;

/// <summary>Text of any origin as comments: it stays one line, and what stands in it is no markup.</summary>
internal static class Comments
{
    /// <summary>A line of comment.</summary>
    public static string Line(string text) => "// " + Printable.Line(text);

    /// <summary>Text inside an element of a documentation comment.</summary>
    public static string Xml(string text) => Printable.Line(text).Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
}
