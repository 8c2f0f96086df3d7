namespace ModelDsl.Checkpoints;

/// <summary>The error message for a file that does not match a model: the differences, and what to do.</summary>
internal static class CheckpointAdvice
{
    /// <summary>The maximum number of differences that are listed by name; of the others, the message gives the number.</summary>
    private const int Listed = 20;

    /// <summary>The maximum number of names in the file that are listed if the model has none of them.</summary>
    private const int Shown = 5;

    /// <summary>Returns why the file is refused, or null if it is accepted.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">The file.</param>
    /// <param name="options">The differences that are allowed.</param>
    /// <param name="match">The differences.</param>
    public static string? Refusal(Model model, SafetensorsFile file, LoadOptions options, CheckpointMatch match)
    {
        var differences = Differences(options, match);
        var order = ChannelsFirst.Doubts(file, options, match).ToList();
        differences.AddRange(order);

        // If everything is allowed, a wrong prefix would load nothing without an error.
        if (differences.Count == 0 && match.Fitting.Count == 0 && model.Parameters.Count > 0)
            differences.Add($"none of its {file.Entries.Count} tensors has the name of a parameter");
        if (differences.Count == 0)
            return null;
        var lines = differences.Take(Listed).Select(static difference => $"\n  {difference}");
        var more = differences.Count > Listed ? $"\n  and {differences.Count - Listed} more" : "";
        var advice = Advice(model, file, options, match);
        if (order.Count > 0)
            advice.Add("load a file of PyTorch with Load and PermuteChannelsFirst = true, and one in which flattened pictures have their channels last with PermuteChannelsFirst = false");
        var what = advice.Count == 0 ? "" : $"\nWhat to do: {string.Join("; ", advice)}{(advice[^1].EndsWith('?') ? "" : ".")}";
        var opening = differences.Count == order.Count ? "does not say in which order it holds" : "does not hold";
        return $"'{file.Path}' {opening} the parameters of {model.Description.Name}:{string.Concat(lines)}{more}{what}";
    }

    private static List<string> Differences(LoadOptions options, CheckpointMatch match)
    {
        List<string> differences =
        [
            .. match.Doubled.Select(static pair => $"'{pair.First}' and '{pair.Second}' of the file would both become '{pair.Name}': change the rules of Rename"),
            .. match.NoFloats.Select(static tensor => $"'{tensor.Name}' has type {tensor.Type} in the file, but the model needs floats"),
        ];
        if (!options.AllowMismatched)
            differences.AddRange(match.Mismatched.Select(static mismatch => mismatch.ToString()));
        if (!options.AllowMissing)
            differences.AddRange(match.Missing.Select(static name => $"'{name}' is missing in the file"));
        if (!options.AllowUnexpected)
            differences.AddRange(match.Refused.Select(static name => $"'{name}' is in the file, but not in the model"));
        return differences;
    }

    /// <summary>Returns what to do. Every suggestion would load something: other names have been tried, and options are suggested only if they leave something to load.</summary>
    private static List<string> Advice(Model model, SafetensorsFile file, LoadOptions options, CheckpointMatch match)
    {
        List<string> advice = [];
        var loadsSomething = match.Fitting.Count > 0;
        if (match.Mismatched.Count > 0 && !options.AllowMismatched)
        {
            advice.Add(match.Mismatched.Any(IsTransposed)
                ? "weights are saved as PyTorch saves them, [out, in]: transpose those of frameworks that save [in, out]"
                : "give the layers the sizes of the file" + (loadsSomething ? ", or keep fresh values there with AllowMismatched = true" : ""));
        }

        if (LoadSuggestion.Find(model, file, options, match.Fitting.Count) is { } suggestion)
        {
            advice.Add(suggestion);
            return advice;
        }

        if (!loadsSomething && match.Mismatched.Count + match.NoFloats.Count == 0)
        {
            var names = file.Entries.Select(static entry => $"'{entry.Name}' [{string.Join(", ", entry.Shape)}]").ToList();
            var more = names.Count > Shown ? $" and {names.Count - Shown} more" : "";
            if (names.Count > 0)
                advice.Add($"the file holds {string.Join(", ", names.Take(Shown))}{more}: give the layers these names with Name = \"…\", or these tensors the model's names with Rename = [(\"old\", \"new\")]");
            return advice;
        }

        if (loadsSomething && match.Missing.Count > 0 && !options.AllowMissing)
            advice.Add("keep the values of parameters that the file lacks with AllowMissing = true");
        if (loadsSomething && match.Refused.Count > 0 && !options.AllowUnexpected)
            advice.Add("ignore tensors that the model lacks with AllowUnexpected = true");
        return advice;
    }

    private static bool IsTransposed(ShapeMismatch mismatch) =>
        mismatch.InFile.Count > 1 && mismatch.InFile.Reverse().SequenceEqual(mismatch.InModel.Select(static extent => (long)extent));
}
