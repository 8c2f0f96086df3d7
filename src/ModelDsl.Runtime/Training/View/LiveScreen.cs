using System.Globalization;
using Spectre.Console;

namespace ModelDsl;

/// <summary>The lines that are shown while an epoch runs: bars, losses and metrics with their curves, learning rate, speed and memory.</summary>
internal static class LiveScreen
{
    /// <summary>The least width and height of a console that has room for the lines.</summary>
    public const int LeastWidth = 50, LeastHeight = 12;

    private const int WidestBar = 40;

    /// <summary>The lines beside losses and metrics, and some that stay above.</summary>
    private const int OtherLines = 6;

    /// <summary>Returns the lines as markup, none of them wider than the room.</summary>
    /// <param name="progress">The progress.</param>
    /// <param name="values">The losses and metrics.</param>
    /// <param name="room">The number of columns.</param>
    /// <param name="height">The number of rows of the console.</param>
    /// <param name="memory">The bytes of memory that the program uses.</param>
    public static IReadOnlyList<string> Lines(in TrainingProgress progress, RunValues values, int room, int height, long memory)
    {
        var last = progress.Epochs.ToString(CultureInfo.InvariantCulture);
        var label = $"Epoch {progress.Epoch.ToString(CultureInfo.InvariantCulture).PadLeft(last.Length)}/{last}";
        var lines = new List<string> { Bar(label, label.Length, progress.Share, progress.Remaining, progress.Elapsed, room) };
        if (progress.Epochs > 1 && progress.Share is { } share)
            lines.Add(Bar("Run", label.Length, (progress.Epoch - 1 + share) / progress.Epochs, values.Remaining(in progress), progress.Elapsed, room));
        var shown = values.All.Take(Math.Max(2, height - OtherLines)).ToArray();
        var names = shown.Length == 0 ? 0 : Math.Min(room / 3, shown.Max(static value => value.Name.Length));
        foreach (var value in shown)
            lines.Add(Line(value, names, room));
        lines.Add($"[grey]{Markup.Escape(Cut(Speed(in progress, memory), room))}[/]");
        return lines;
    }

    /// <summary>A part of a bar, as markup.</summary>
    /// <param name="share">The completed fraction.</param>
    /// <param name="width">The number of columns.</param>
    public static string Bar(double share, int width)
    {
        var done = Math.Max(0, (int)Math.Round(share * width));
        return $"[green]{new string('━', done)}[/][grey]{new string('━', Math.Max(0, width - done))}[/]";
    }

    private static string Bar(string label, int labels, double? share, TimeSpan? remaining, TimeSpan elapsed, int room)
    {
        var time = remaining is { } left ? $"{ViewText.Time(left)} left" : ViewText.Time(elapsed);
        if (share is not { } known)
            return Cut($"{label}  {time}", room);
        var right = string.Create(CultureInfo.InvariantCulture, $" {100 * known,3:0}%  {time}");
        return $"{label.PadRight(labels)} {Bar(known, Math.Min(WidestBar, room - labels - 1 - right.Length))}{right}";
    }

    private static string Line(RunValue value, int names, int room)
    {
        var name = Cut(value.Name, names).PadRight(names);
        var current = ViewText.Value(value.Current).PadLeft(9);
        var best = value.Best is { } known ? string.Create(CultureInfo.InvariantCulture, $"  best {ViewText.Value(known)} (epoch {value.BestEpoch})") : "";
        if (name.Length + current.Length + best.Length > room)
            best = "";
        var curve = value.Curve.Text(Math.Min(WidestBar, room - name.Length - current.Length - best.Length - 2));
        return $"[grey]{Markup.Escape(name)}[/]{current}{(curve.Length == 0 ? "" : $"  [blue]{curve}[/]")}[grey]{Markup.Escape(best)}[/]";
    }

    private static string Speed(in TrainingProgress progress, long memory)
    {
        string?[] parts =
        [
            progress.LearningRate is { } rate ? $"learning rate {rate.ToString("0.###E+0", CultureInfo.InvariantCulture)}" : null,
            ViewText.Rate(progress.SamplesPerSecond),
            progress.DataShare is { } share ? string.Create(CultureInfo.InvariantCulture, $"waiting for data {100 * share:0} %") : null,
            string.Create(CultureInfo.InvariantCulture, $"{memory / 1e6:N0} MB"),
            progress is { DeviceMemoryInUse: { } used, DeviceMemorySize: { } size } ? string.Create(CultureInfo.InvariantCulture, $"device {used / 1e6:N0} of {size / 1e6:N0} MB") : null,
        ];
        return string.Join("  ", parts.OfType<string>());
    }

    private static string Cut(string text, int room) => text.Length <= room ? text : text[..Math.Max(0, room)];
}
