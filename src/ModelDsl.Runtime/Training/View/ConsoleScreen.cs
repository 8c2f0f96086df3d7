using System.Globalization;
using Spectre.Console;

namespace ModelDsl;

/// <summary>
/// Lines at the end of the console that are written over, below text that stays. Text that the program writes meanwhile stays too: the lines are erased before it, and shown again below it. It uses plain
/// control sequences instead of Spectre's live display, which must run on the training thread.
/// </summary>
internal sealed class ConsoleScreen : IDisposable
{
    // Other threads may write to the console at any time.
    private readonly Lock gate = new();
    private readonly IAnsiConsole console;
    private readonly ConsoleInterception? interception;
    private int openLines;
    private bool isWithinLine;

    /// <summary>Creates a screen on a console that nothing else writes to.</summary>
    public ConsoleScreen(IAnsiConsole console) => this.console = console;

    private ConsoleScreen(IAnsiConsole console, bool intercepts)
        : this(console) => interception = intercepts ? new ConsoleInterception(target => new InterceptedWriter(target, this)) : null;

    /// <summary>Creates a screen on the console of the program, and intercepts what the program writes to it until the screen is disposed.</summary>
    public static ConsoleScreen OfProgram()
    {
        // Another object than AnsiConsole.Console, whose output is intercepted: the screen's own lines must not be.
        var profile = AnsiConsole.Profile;
        var own = AnsiConsole.Create(new AnsiConsoleSettings { Out = profile.Out });
        own.Profile.Capabilities.Ansi = profile.Capabilities.Ansi;
        own.Profile.Capabilities.ColorSystem = profile.Capabilities.ColorSystem;
        own.Profile.Capabilities.Unicode = profile.Capabilities.Unicode;

        // Without control sequences there are no lines to erase.
        return new(own, intercepts: own.Profile.Capabilities.Ansi);
    }

    /// <summary>Whether lines can be written over.</summary>
    public bool CanOverwrite => console.Profile.Capabilities.Ansi;

    /// <summary>The available width. One column stays empty: a full line would wrap and could not be overwritten.</summary>
    public int Width => console.Profile.Width - 1;

    /// <summary>The number of rows of the console.</summary>
    public int Height => console.Profile.Height;

    /// <summary>Writes a line that stays.</summary>
    /// <param name="markup">The line, in Spectre's markup.</param>
    public void Write(string markup)
    {
        lock (gate)
        {
            Clear();
            EndLine();
            console.MarkupLine(markup);
        }
    }

    /// <summary>Shows lines in place of those that were shown before. Each is erased after it was written, so that the console does not flicker.</summary>
    /// <param name="lines">The lines, in Spectre's markup.</param>
    public void Show(IReadOnlyList<string> lines)
    {
        lock (gate)
        {
            EndLine();
            console.Write(new ControlCode(Begin));
            for (var i = 0; i < lines.Count; i++)
            {
                console.Markup(lines[i]);
                console.Write(new ControlCode(i < lines.Count - 1 ? "\u001b[K\n" : "\u001b[K"));
            }

            // Fewer lines than before leave some below.
            console.Write(new ControlCode("\u001b[J"));
            openLines = lines.Count;
        }
    }

    /// <summary>Erases the lines that are written over.</summary>
    public void Clear()
    {
        lock (gate)
        {
            if (openLines == 0)
                return;
            console.Write(new ControlCode(Begin + "\u001b[J"));
            openLines = 0;
        }
    }

    /// <summary>Writes text of the program, which stays.</summary>
    /// <param name="target">The writer that the program would write to without the screen.</param>
    /// <param name="text">The text.</param>
    public void PassOn(TextWriter target, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return;
        lock (gate)
        {
            Clear();
            target.Write(text);
            target.Flush();
            isWithinLine = text[^1] is not ('\n' or '\r');
        }
    }

    public void Dispose()
    {
        Clear();
        interception?.Dispose();
    }

    /// <summary>Moves to the first of the lines that are shown.</summary>
    private string Begin => openLines > 1 ? string.Create(CultureInfo.InvariantCulture, $"\r\u001b[{openLines - 1}A") : "\r";

    /// <summary>Ends a line of the program that is not complete: it would be written over.</summary>
    private void EndLine()
    {
        if (isWithinLine)
            console.WriteLine();
        isWithinLine = false;
    }
}
