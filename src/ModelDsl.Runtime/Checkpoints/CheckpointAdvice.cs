namespace ModelDsl.Checkpoints;

/// <summary>Says why a file is not taken, and what to do.</summary>
internal static class CheckpointAdvice
{
    /// <summary>Differences listed by name; beyond that, only their number.</summary>
    private const int Listed = 20;

    /// <summary>Why the file is refused; null where it is not.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">The file.</param>
    /// <param name="options">What may differ.</param>
    /// <param name="match">What does.</param>
    public static string? Refusal(Model model, SafetensorsFile file, LoadOptions options, CheckpointMatch match)
    {
        List<string> differences = [.. match.NoFloats.Select(static tensor => $"'{tensor.Name}' has type {tensor.Type} in the file, but the model needs floats")];
        List<string> advice = [];
        if (match.Mismatched.Count > 0 && !options.AllowMismatched)
        {
            differences.AddRange(match.Mismatched.Select(static mismatch => mismatch.ToString()));
            advice.Add(match.Mismatched.Any(IsTransposed)
                ? "weights are saved as PyTorch saves them, [out, in]: transpose those of frameworks that save [in, out]"
                : "give the layers the sizes of the file, or keep fresh values there with AllowMismatched = true");
        }

        if (match.Missing.Count > 0 && !options.AllowMissing)
        {
            differences.AddRange(match.Missing.Select(static name => $"'{name}' is missing in the file"));
            if (Renaming(match) is null)
                advice.Add("keep the values of parameters that the file lacks with AllowMissing = true");
        }

        if (match.Refused.Count > 0 && !options.AllowUnexpected)
        {
            differences.AddRange(match.Refused.Select(static name => $"'{name}' is in the file, but not in the model"));
            if (Renaming(match) is null)
                advice.Add("ignore tensors that the model lacks with AllowUnexpected = true");
        }

        // With everything allowed a wrong prefix would load nothing and say nothing.
        if (differences.Count == 0 && match.Fitting.Count == 0 && model.Parameters.Count > 0)
            differences.Add($"none of its {file.Entries.Count} tensors has the name of a parameter");
        if (differences.Count == 0)
            return null;
        if (Renaming(match) is { } renaming)
            advice.Add(renaming);
        var lines = differences.Take(Listed).Select(static difference => $"\n  {difference}");
        var more = differences.Count > Listed ? $"\n  and {differences.Count - Listed} more" : "";
        var what = advice.Count == 0 ? "" : $"\nWhat to do: {string.Join("; ", advice)}.";
        return $"'{file.Path}' does not hold the parameters of {model.Description.Name}:{string.Concat(lines)}{more}{what}";
    }

    private static bool IsTransposed(ShapeMismatch mismatch) =>
        mismatch.InFile.Count > 1 && mismatch.InFile.Reverse().SequenceEqual(mismatch.InModel.Select(static extent => (long)extent));

    /// <summary>A prefix that would give the tensors that nobody knows the names of parameters that nobody gives.</summary>
    private static string? Renaming(CheckpointMatch match)
    {
        var (prefix, count) = Commonest(match.Missing, match.Unexpected);
        var (filePrefix, fileCount) = Commonest(match.Unexpected, match.Missing);
        return Math.Max(count, fileCount) == 0 ? null
            : count >= fileCount ? $"did you mean Prefix = \"{prefix}\"?{Rest(match.Missing.Count, count, "AllowMissing")}"
            : $"did you mean FilePrefix = \"{filePrefix}\"?{Rest(match.Missing.Count, fileCount, "AllowMissing")}";

        static string Rest(int all, int found, string option) => all > found ? $" With {option} = true for the rest" : "";
    }

    /// <summary>What most of the longer names have before one of the shorter, and how many do.</summary>
    private static (string Prefix, int Count) Commonest(IReadOnlyList<string> longer, IReadOnlyList<string> shorter)
    {
        var endings = shorter.ToHashSet();
        var prefixes =
            from name in longer
            from dot in Enumerable.Range(0, name.Length)
            where name[dot] == '.' && endings.Contains(name[(dot + 1)..])
            select name[..(dot + 1)];
        var best = prefixes.GroupBy(static prefix => prefix).OrderByDescending(static same => same.Count()).ThenBy(static same => same.Key, StringComparer.Ordinal).FirstOrDefault();
        return (best?.Key ?? "", best?.Count() ?? 0);
    }
}
