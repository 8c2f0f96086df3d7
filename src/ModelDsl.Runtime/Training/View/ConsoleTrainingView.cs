using System.Globalization;
using System.Text;
using Spectre.Console;

namespace ModelDsl;

/// <summary>
/// Shows a few lines with bars, values and curves, which are overwritten while an epoch runs, and a permanent line when the epoch has ended. It uses plain control sequences
/// instead of Spectre's live display, which must run on the training thread.
/// </summary>
internal sealed class ConsoleTrainingView : ITrainingView
{
    private const int WidestBar = 30;
    private const int NarrowestBar = 8;

    private readonly IAnsiConsole console;
    private RunValues values = new();
    private int epochs;
    private int openLines;

    public ConsoleTrainingView()
        : this(AnsiConsole.Console)
    {
    }

    public ConsoleTrainingView(IAnsiConsole console) => this.console = console;

    public void Started(TrainingPlan plan)
    {
        (epochs, values) = (plan.Epochs, new RunValues());
        var size = plan.SamplesPerEpoch is { } samples ? string.Create(CultureInfo.InvariantCulture, $", {samples:N0} samples") : "";
        console.MarkupLine(string.Create(CultureInfo.InvariantCulture,
            $"[bold]{Markup.Escape(plan.Model)}[/][grey]: {plan.Epochs} epochs{size}, batches of {plan.BatchSize}[/]"));
        if (plan.Resumed is { } resumed)
            console.MarkupLine($"[grey]{Markup.Escape(ViewText.Resumed(resumed, plan.Epochs))}[/]");
    }

    public void Progress(in TrainingProgress progress)
    {
        values.Add(in progress);

        // Without control sequences a line cannot be overwritten, so only permanent lines are written.
        if (!console.Profile.Capabilities.Ansi)
            return;
        var hasRoom = Room >= LiveScreen.LeastWidth && console.Profile.Height >= LiveScreen.LeastHeight;
        Show(hasRoom ? LiveScreen.Lines(in progress, values, Room, console.Profile.Height, Environment.WorkingSet) : [Line(in progress)]);
    }

    public void EpochEnded(EpochResult epoch)
    {
        values.Add(epoch);
        if (!ViewRows.Stays(epoch.Epoch, epochs))
            return;
        Clear();
        var label = Label(epoch.Epoch) + "  ";
        var lines = ViewText.Summary(epoch, Room - label.Length);
        for (var i = 0; i < lines.Count; i++)
            console.MarkupLine((i == 0 ? $"[green]{label}[/]" : new string(' ', label.Length)) + Markup.Escape(lines[i]));
    }

    public void Warned(TrainingWarning warning)
    {
        Clear();
        console.MarkupLine($"[yellow]Warning: {Markup.Escape(warning.Message)}[/]");
    }

    public void Finished(TrainingHistory history)
    {
        Clear();
        if (ViewText.Ending(history) is { } ending)
            console.MarkupLine($"[yellow]{Markup.Escape(ending)}[/]");
    }

    /// <summary>The available width. One column stays empty: a full line would wrap and could not be overwritten.</summary>
    private int Room => console.Profile.Width - 1;

    /// <summary>The progress in one line, for small consoles.</summary>
    private string Line(in TrainingProgress progress)
    {
        var left = Label(progress.Epoch) + " ";
        var right = new StringBuilder(" loss ").Append(ViewText.Value(progress.Loss));
        if (progress.Metric is { } metric)
            right.Append("  ").Append(metric.Name).Append(' ').Append(ViewText.Value(metric.Value));
        right.Append("  ").Append(ViewText.Rate(progress.SamplesPerSecond));
        if (progress.Remaining is { } remaining)
            right.Append("  ").Append(ViewText.Time(remaining)).Append(" left");
        else
            right.Append("  ").Append(ViewText.Time(progress.Elapsed));

        var bar = Math.Min(WidestBar, Room - left.Length - right.Length - 5);
        return bar >= NarrowestBar && progress.Share is { } share
            ? left + LiveScreen.Bar(share, bar) + string.Create(CultureInfo.InvariantCulture, $" {100 * share,3:0}%") + Markup.Escape(right.ToString())
            : Markup.Escape(Cut(left + right, Room));
    }

    /// <summary>Writes lines over those that were shown before. Each is erased after it was written, so that the console does not flicker.</summary>
    private void Show(IReadOnlyList<string> lines)
    {
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

    /// <summary>Moves to the first of the lines that are shown.</summary>
    private string Begin => openLines > 1 ? string.Create(CultureInfo.InvariantCulture, $"\r\u001b[{openLines - 1}A") : "\r";

    private static string Cut(string text, int room) => text.Length <= room ? text : text[..Math.Max(0, room)];

    private string Label(int epoch)
    {
        var last = epochs.ToString(CultureInfo.InvariantCulture);
        return $"Epoch {epoch.ToString(CultureInfo.InvariantCulture).PadLeft(last.Length)}/{last}";
    }

    private void Clear()
    {
        if (openLines == 0)
            return;
        console.Write(new ControlCode(Begin + "\u001b[J"));
        openLines = 0;
    }
}
