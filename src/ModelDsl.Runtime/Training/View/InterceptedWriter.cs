using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ModelDsl;

/// <summary>Gives the text that a program writes to a screen, which passes it on.</summary>
/// <param name="target">The writer that the program would write to without the screen.</param>
/// <param name="screen">The screen.</param>
internal sealed class InterceptedWriter(TextWriter target, ConsoleScreen screen) : TextWriter
{
    public override Encoding Encoding => target.Encoding;

    public override IFormatProvider FormatProvider => target.FormatProvider;

    [AllowNull]
    public override string NewLine
    {
        get => target.NewLine;
        set => target.NewLine = value;
    }

    public override void Write(char value) => Write([value]);

    public override void Write(ReadOnlySpan<char> buffer) => screen.PassOn(target, buffer);

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(string? value) => Write(value.AsSpan());

    // The line with its end at once: no other line can come between the two.
    public override void WriteLine(string? value) => Write(value + NewLine);

    public override void WriteLine(ReadOnlySpan<char> buffer) => Write(string.Concat(buffer, NewLine));

    public override void WriteLine() => Write(NewLine);

    public override void Flush() => target.Flush();
}
