using System.Globalization;

namespace ModelDsl.Runs;

/// <summary>A setting that a resumed run must have too, as text.</summary>
/// <param name="Name">The name, for error messages.</param>
/// <param name="Value">The value.</param>
internal sealed record RunSetting(string Name, string Value)
{
    /// <summary>The maximum number of differences that a message lists.</summary>
    private const int Listed = 12;

    public static RunSetting Of(string name, object? value) => new(name, value is null ? "none" : Convert.ToString(value, CultureInfo.InvariantCulture)!);

    /// <summary>Checks that a checkpoint belongs to this run.</summary>
    /// <param name="path">The path of the checkpoint.</param>
    /// <param name="saved">The settings in the checkpoint.</param>
    /// <param name="now">The settings of this run.</param>
    /// <param name="otherwise">What to do to train without this checkpoint.</param>
    /// <exception cref="CheckpointMismatchException">A setting differs; the message contains both values.</exception>
    public static void Check(string path, IReadOnlyList<RunSetting> saved, IReadOnlyList<RunSetting> now, string otherwise)
    {
        var differences = Differences(saved, now).ToList();
        if (differences.Count == 0)
            return;
        var lines = differences.Take(Listed).Select(static difference => $"\n  {difference}");
        var more = differences.Count > Listed ? $"\n  and {differences.Count - Listed} more" : "";
        throw new CheckpointMismatchException(
            $"'{path}' is a checkpoint of a run with other settings:{string.Concat(lines)}{more}\n"
            + "What to do: use the settings of the checkpoint to continue its run, or " + otherwise + ". A new run can begin with "
            + $"the weights of this one: model.Load(\"{System.IO.Path.Combine(path, CheckpointFiles.ModelFile)}\").{RunSettings.OfGrownBatch(saved, now)}");
    }

    private static IEnumerable<string> Differences(IReadOnlyList<RunSetting> saved, IReadOnlyList<RunSetting> now)
    {
        var byName = now.ToDictionary(static setting => setting.Name, static setting => setting.Value);
        foreach (var (name, value) in saved)
        {
            if (!byName.Remove(name, out var current))
                yield return $"{name} is {value} in the checkpoint, and does not exist now";
            else if (current != value)
                yield return $"{name} is {value} in the checkpoint, but {current} now";
        }

        foreach (var (name, value) in byName)
            yield return $"{name} is {value} now, and does not exist in the checkpoint";
    }
}
