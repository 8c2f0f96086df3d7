using System.Globalization;

namespace ModelDsl;

/// <summary>How numbers are shown to people while training, in every view the same.</summary>
internal static class ViewText
{
    /// <summary>A loss or metric with about four digits that matter.</summary>
    public static string Value(double value)
    {
        var size = Math.Abs(value);
        return value.ToString(size is (< 1e-3 or >= 1e5) and > 0 ? "0.00E+0" : size >= 100 ? "0.0" : "0.0000", CultureInfo.InvariantCulture);
    }

    /// <summary>Samples per second.</summary>
    public static string Rate(double samplesPerSecond) =>
        samplesPerSecond.ToString(samplesPerSecond >= 10 ? "N0" : "0.0", CultureInfo.InvariantCulture) + " samples/s";

    /// <summary>A time such as 0:07 or 1:02:03.</summary>
    public static string Time(TimeSpan time)
    {
        // Longer than any run, and short enough for arithmetic.
        var seconds = (long)Math.Min(Math.Ceiling(time.TotalSeconds), 1e9);
        return seconds < 3600
            ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}:{seconds % 60:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}:{seconds / 60 % 60:00}:{seconds % 60:00}");
    }

    /// <summary>How long an epoch took, precisely enough for short ones.</summary>
    public static string Seconds(double seconds) =>
        seconds < 59.95 ? seconds.ToString(seconds < 0.1 ? "0.0000" : seconds < 9.995 ? "0.00" : "0.0", CultureInfo.InvariantCulture) + " s" : Time(TimeSpan.FromSeconds(seconds));

    /// <summary>The results of an epoch in a line.</summary>
    public static string Summary(EpochResult epoch) => string.Join("  ", [.. Results(epoch), .. Speed(epoch)]);

    /// <summary>The results of an epoch in lines of a width. What does not fit is left out while it is only about time; results go on in the next line.</summary>
    public static IReadOnlyList<string> Summary(EpochResult epoch, int width)
    {
        var (results, speed) = (Results(epoch), Speed(epoch));

        // The first of them says least, and the second can be told from a clock.
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

    /// <summary>How fast an epoch went, in the order in which it is left out where there is no room.</summary>
    private static List<string> Speed(EpochResult epoch)
    {
        List<string> parts = [Rate(epoch.SamplesPerSecond), Seconds(epoch.Seconds)];

        // Said when it is worth a thought, and not at all where nothing is slow.
        if (epoch is { DataShare: >= 0.05, Seconds: >= 1 })
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"waiting for data {100 * epoch.DataShare:0} %"));
        return parts;
    }

    /// <summary>How a run ended, if there is anything to say.</summary>
    public static string? Ending(TrainingHistory history) => history.Cancelled
        ? $"Cancelled after {history.Epochs.Count} {(history.Epochs.Count == 1 ? "epoch" : "epochs")}."
        : history.StopReason is { } reason ? $"Stopped: {reason}." : null;
}

/// <summary>Which epochs get a line that stays: all of them, or of very many about fifty.</summary>
internal static class ViewRows
{
    public static bool Stays(int epoch, int epochs) =>
        epoch == 1 || epoch == epochs || epoch % Math.Max(1, (epochs + 49) / 50) == 0;
}
