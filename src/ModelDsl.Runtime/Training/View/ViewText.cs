using System.Globalization;

namespace ModelDsl;

/// <summary>The format of numbers in all views.</summary>
internal static class ViewText
{
    /// <summary>Formats a loss or metric with about four significant digits.</summary>
    public static string Value(double value)
    {
        var size = Math.Abs(value);
        return value.ToString(size is (< 1e-3 or >= 1e5) and > 0 ? "0.00E+0" : size >= 100 ? "0.0" : "0.0000", CultureInfo.InvariantCulture);
    }

    /// <summary>Formats a number of samples per second.</summary>
    public static string Rate(double samplesPerSecond) =>
        samplesPerSecond.ToString(samplesPerSecond >= 10 ? "N0" : "0.0", CultureInfo.InvariantCulture) + " samples/s";

    /// <summary>Formats a time as 0:07 or 1:02:03.</summary>
    public static string Time(TimeSpan time)
    {
        // The limit is longer than any run, and prevents an overflow.
        var seconds = (long)Math.Min(Math.Ceiling(time.TotalSeconds), 1e9);
        return seconds < 3600
            ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}:{seconds % 60:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}:{seconds / 60 % 60:00}:{seconds % 60:00}");
    }

    /// <summary>Formats the duration of an epoch, with enough digits for short ones.</summary>
    public static string Seconds(double seconds) =>
        seconds < 59.95 ? seconds.ToString(seconds < 0.1 ? "0.0000" : seconds < 9.995 ? "0.00" : "0.0", CultureInfo.InvariantCulture) + " s" : Time(TimeSpan.FromSeconds(seconds));

    /// <summary>Returns the results of an epoch in one line.</summary>
    public static string Summary(EpochResult epoch) => string.Join("  ", [.. Results(epoch), .. Speed(epoch)]);

    /// <summary>Returns the results of an epoch in lines of a given width. If they do not fit, speeds and times are omitted; other results continue in the next line.</summary>
    public static IReadOnlyList<string> Summary(EpochResult epoch, int width)
    {
        var (results, speed) = (Results(epoch), Speed(epoch));

        // The first is the least important, and the second can be read from a clock.
        for (var omitted = 0; omitted <= speed.Count; omitted++)
        {
            var line = string.Join("  ", [.. results, .. speed.Skip(omitted)]);
            if (line.Length <= width)
                return [line];
        }

        var lines = new List<string>();
        foreach (var part in results)
        {
            if (lines.Count > 0 && lines[^1].Length + 2 + part.Length <= width)
                lines[^1] += "  " + part;
            else
                lines.Add(part);
        }

        return lines;
    }

    private static List<string> Results(EpochResult epoch)
    {
        List<string> parts = [$"loss {Value(epoch.Loss)}", .. epoch.Metrics.Select(Named)];
        if (epoch.Validation is { } validation)
            parts.AddRange([$"validation loss {Value(validation.Loss)}", .. validation.Metrics.Select(Named)]);
        return parts;

        static string Named(MetricValue metric) => $"{metric.Name} {Value(metric.Value)}";
    }

    /// <summary>Returns the speed and times of an epoch, in the order in which they are omitted if the line is too short.</summary>
    private static List<string> Speed(EpochResult epoch)
    {
        List<string> parts = [Rate(epoch.SamplesPerSecond), Seconds(epoch.Seconds)];

        // Shown only if waiting for data takes a noticeable part of the time, and the epoch is not very short.
        if (epoch is { DataShare: >= 0.05, Seconds: >= 1 })
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"waiting for data {100 * epoch.DataShare:0} %"));
        if (epoch.RankMemory is { } memory)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"up to {memory / 1e6:N0} MB per rank"));
        return parts;
    }

    /// <summary>Returns where a run continues.</summary>
    public static string Resumed(TrainingResumption resumed, int epochs) => resumed.Epoch > epochs
        ? string.Create(CultureInfo.InvariantCulture, $"'{resumed.Checkpoint}' is a complete run of {epochs} {(epochs == 1 ? "epoch" : "epochs")}, so nothing is trained.")
        : string.Create(CultureInfo.InvariantCulture,
            $"Continued from '{resumed.Checkpoint}': epoch {resumed.Epoch}{(resumed.EpochSteps > 0 ? $", after {resumed.EpochSteps:N0} {Steps(resumed.EpochSteps)}" : "")}.");

    /// <summary>Returns why a run ended early and how to continue it, or null if it did not.</summary>
    public static string? Ending(TrainingHistory history)
    {
        if (!history.Cancelled)
            return history.StopReason is { } reason ? $"Stopped: {reason}." : null;
        var saved = history.Checkpoint is { } path ? $" The run is saved in '{path}': start the program again to continue it." : "";
        return Cancelled(history) + saved;
    }

    private static string Cancelled(TrainingHistory history)
    {
        return history.Epochs.Count == 0
            ? string.Create(CultureInfo.InvariantCulture, $"Cancelled in the first epoch, after {history.Steps:N0} {Steps(history.Steps)}.")
            : $"Cancelled after {history.Epochs.Count} {(history.Epochs.Count == 1 ? "epoch" : "epochs")}.";
    }

    private static string Steps(long count) => count == 1 ? "step" : "steps";
}

/// <summary>Decides which epochs get a permanent line: all of them, or about fifty if there are many.</summary>
internal static class ViewRows
{
    public static bool Stays(int epoch, int epochs) =>
        epoch == 1 || epoch == epochs || epoch % Math.Max(1, (epochs + 49) / 50) == 0;
}
