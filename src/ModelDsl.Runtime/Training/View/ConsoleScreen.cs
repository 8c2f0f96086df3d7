using System.Globalization;
using System.Text;
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
    private readonly bool canOverwrite;
    private readonly ConsoleInterception? interception;
    private IReadOnlyList<string> shown = [];
    private int openLines;
    private bool isWithinLine;

    /// <summary>Creates a screen on a console that nothing else writes to.</summary>
    public ConsoleScreen(IAnsiConsole console) => (this.console, canOverwrite) = (console, console.Profile.Capabilities.Ansi);

    /// <summary>Creates a screen that intercepts the console, if it can write over lines and no other screen intercepts the console.</summary>
    private ConsoleScreen(IAnsiConsole console, Func<ConsoleScreen, ConsoleInterception?> intercept)
        : this(console)
    {
        // Without control sequences there are no lines to erase.
        interception = canOverwrite ? intercept(this) : null;
        canOverwrite = interception is not null;
    }

    /// <summary>
    /// Creates a screen on the console of the program, and intercepts what the program writes to it until the screen is disposed. While another run has such a screen, it only writes lines that stay, above that screen.
    /// </summary>
    public static ConsoleScreen OfProgram()
    {
        // Another object than AnsiConsole.Console, whose output is intercepted: the screen's own lines must not be.
        var profile = AnsiConsole.Profile;
        var own = AnsiConsole.Create(new AnsiConsoleSettings { Out = new OwnOutput(profile.Out, profile) });
        own.Profile.Capabilities.Ansi = profile.Capabilities.Ansi;
        own.Profile.Capabilities.ColorSystem = profile.Capabilities.ColorSystem;
        own.Profile.Capabilities.Unicode = profile.Capabilities.Unicode;
        return new(own, static screen => ConsoleInterception.TryBegin(target => new InterceptedWriter(target, screen)));
    }

    /// <summary>Whether lines can be written over.</summary>
    public bool CanOverwrite => canOverwrite;

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

    /// <summary>Shows lines instead of those that were shown before. What remains of an old line is erased after the new one was written, so that the console does not flicker.</summary>
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
            shown = lines;
        }
    }

    /// <summary>Erases the lines that are written over.</summary>
    public void Clear()
    {
        lock (gate)
        {
            Erase();
            shown = [];
        }
    }

    /// <summary>Writes text of the program, which stays. The lines that were shown are shown again when its line has ended.</summary>
    /// <param name="target">The writer that the program would write to without the screen.</param>
    /// <param name="text">The text.</param>
    public void PassOn(TextWriter target, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return;
        lock (gate)
        {
            Erase();
            target.Write(text);
            target.Flush();
            isWithinLine = text[^1] is not ('\n' or '\r');
            if (text[^1] == '\n' && shown.Count > 0)
                Show(shown);
        }
    }

    public void Dispose()
    {
        Clear();
        interception?.Dispose();
    }

    private void Erase()
    {
        if (openLines > 0)
            console.Write(new ControlCode(Begin + "\u001b[J"));
        openLines = 0;
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

    /// <summary>The output of the screen, with the size that the program has given its console.</summary>
    private sealed class OwnOutput(IAnsiConsoleOutput original, Profile profile) : IAnsiConsoleOutput
    {
        public TextWriter Writer => original.Writer;

        public bool IsTerminal => original.IsTerminal;

        public int Width => profile.Width;

        public int Height => profile.Height;

        public void SetEncoding(Encoding encoding) => original.SetEncoding(encoding);
    }
}
