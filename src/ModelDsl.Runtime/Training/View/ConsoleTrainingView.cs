using System.Globalization;
using System.Text;
using Spectre.Console;

namespace ModelDsl;

/// <summary>Shows a few lines with bars, values and curves, which are overwritten while an epoch runs, and a permanent line when the epoch has ended.</summary>
/// <param name="open">Opens the screen when a run begins.</param>
internal sealed class ConsoleTrainingView(Func<ConsoleScreen> open) : ITrainingView
{
    private const int WidestBar = 30;
    private const int NarrowestBar = 8;

    private ConsoleScreen? screen;
    private RunValues values = new();
    private int epochs;

    private ConsoleScreen Screen => screen ??= open();

    public void Started(TrainingPlan plan)
    {
        (epochs, values) = (plan.Epochs, new RunValues());
        var size = plan.SamplesPerEpoch is { } samples ? string.Create(CultureInfo.InvariantCulture, $", {samples:N0} samples") : "";
        Screen.Write(string.Create(CultureInfo.InvariantCulture,
            $"[bold]{Markup.Escape(plan.Model)}[/][grey]: {plan.Epochs} epochs{size}, batches of {plan.BatchSize}[/]"));
        if (plan.Resumed is { } resumed)
            Screen.Write($"[grey]{Markup.Escape(ViewText.Resumed(resumed, plan.Epochs))}[/]");
    }

    public void Progress(in TrainingProgress progress)
    {
        values.Add(in progress);

        // Without control sequences a line cannot be overwritten, so only permanent lines are written.
        if (!Screen.CanOverwrite)
            return;
        var hasRoom = Screen.Width >= LiveScreen.LeastWidth && Screen.Height >= LiveScreen.LeastHeight;
        Screen.Show(hasRoom ? LiveScreen.Lines(in progress, values, Screen.Width, Screen.Height, Environment.WorkingSet) : [Line(in progress)]);
    }

    public void EpochEnded(EpochResult epoch)
    {
        values.Add(epoch);
        if (!ViewRows.Stays(epoch.Epoch, epochs))
            return;
        var label = Label(epoch.Epoch) + "  ";
        var lines = ViewText.Summary(epoch, Screen.Width - label.Length);
        for (var i = 0; i < lines.Count; i++)
            Screen.Write((i == 0 ? $"[green]{label}[/]" : new string(' ', label.Length)) + Markup.Escape(lines[i]));
    }

    public void Warned(TrainingWarning warning) => Screen.Write($"[yellow]Warning: {Markup.Escape(warning.Message)}[/]");

    public void Finished(TrainingHistory history)
    {
        using var ended = Screen;
        screen = null;
        ended.Clear();
        if (ViewText.Ending(history) is { } ending)
            ended.Write($"[yellow]{Markup.Escape(ending)}[/]");
    }

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

        var bar = Math.Min(WidestBar, Screen.Width - left.Length - right.Length - 5);
        return bar >= NarrowestBar && progress.Share is { } share
            ? left + LiveScreen.Bar(share, bar) + string.Create(CultureInfo.InvariantCulture, $" {100 * share,3:0}%") + Markup.Escape(right.ToString())
            : Markup.Escape(Cut(left + right, Screen.Width));
    }

    private static string Cut(string text, int room) => text.Length <= room ? text : text[..Math.Max(0, room)];

    private string Label(int epoch)
    {
        var last = epochs.ToString(CultureInfo.InvariantCulture);
        return $"Epoch {epoch.ToString(CultureInfo.InvariantCulture).PadLeft(last.Length)}/{last}";
    }
}
