using System.Text;

namespace ModelDsl.Generator.Emit;

/// <summary>Writes indented text with LF line endings on every system.</summary>
/// <param name="depth">The indentation level of the first line.</param>
internal sealed class CodeWriter(int depth = 0)
{
    // .NET Standard 2.0 has no method that appends a StringBuilder without making it a string.
    private const int BufferLength = 1 << 14;

    [ThreadStatic]
    private static char[]? buffer;

    private readonly StringBuilder text = new();
    private int depth = depth;
    private bool isAfterBlock;
    private bool isAtStart;

    /// <summary>Writes a line, or several if the text contains line endings. An empty line at the start of a block is omitted.</summary>
    public void Line(string line = "")
    {
        if (isAtStart && line.Length == 0) return;
        isAtStart = false;
        if (isAfterBlock && line.Length > 0 && line != "}" && !line.StartsWith("else", StringComparison.Ordinal)) text.Append('\n');
        isAfterBlock = false;
        if (line.IndexOf('\n') < 0)
        {
            Single(line);
            return;
        }

        foreach (var part in line.Replace("\r\n", "\n").Split('\n')) Single(part);
    }

    /// <summary>Writes the text of another writer with the same depth.</summary>
    public void Block(CodeWriter block)
    {
        buffer ??= new char[BufferLength];
        for (var from = 0; from < block.text.Length; from += BufferLength)
        {
            var count = Math.Min(BufferLength, block.text.Length - from);
            block.text.CopyTo(from, buffer, 0, count);
            text.Append(buffer, 0, count);
        }

        (isAtStart, isAfterBlock) = (false, true);
    }

    private void Single(string line)
    {
        if (line.Length > 0) text.Append(' ', depth * 4).Append(line);
        text.Append('\n');
    }

    /// <summary>Writes a header and an opening brace. Disposing the result writes the closing brace.</summary>
    public IDisposable Block(string header)
    {
        Line(header);
        Line("{");
        depth++;
        isAtStart = true;
        return new End(this);
    }

    /// <summary>
    /// Writes the header of a method and an opening brace. Disposing the result writes the closing brace. Index arithmetic must wrap around: if the project checks arithmetic by
    /// default, the body is unchecked.
    /// </summary>
    public IDisposable Method(string header, bool isCheckedByDefault)
    {
        var method = Block(header);
        return isCheckedByDefault ? new Both(Block("unchecked"), method) : method;
    }

    /// <summary>Writes a documentation summary.</summary>
    public void Summary(IReadOnlyList<string> lines)
    {
        if (lines.Count == 1)
        {
            Line($"/// <summary>{Comments.Xml(lines[0])}</summary>");
            return;
        }

        Line("/// <summary>");
        for (var i = 0; i < lines.Count; i++) Line($"/// {Comments.Xml(lines[i])}{(i < lines.Count - 1 ? "<br/>" : "")}");
        Line("/// </summary>");
    }

    public override string ToString() => text.ToString();

    private sealed class Both(IDisposable inner, IDisposable outer) : IDisposable
    {
        public void Dispose()
        {
            inner.Dispose();
            outer.Dispose();
        }
    }

    private sealed class End(CodeWriter writer) : IDisposable
    {
        public void Dispose()
        {
            writer.depth--;
            writer.isAfterBlock = false;
            writer.Line("}");
            writer.isAfterBlock = true;
        }
    }
}
