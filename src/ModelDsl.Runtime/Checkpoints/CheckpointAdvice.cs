using ModelDsl.Checkpoints.Rules;

namespace ModelDsl.Checkpoints;

/// <summary>The error message for a file that does not match a model: the differences, and what to do.</summary>
internal static class CheckpointAdvice
{
    /// <summary>The maximum number of differences that are listed by name; of the others, the message gives the number.</summary>
    private const int Listed = 20;

    /// <summary>The maximum number of names in the file that are listed if the model has none of them.</summary>
    private const int Shown = 5;

    /// <summary>Throws an exception if the file does not match.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">The file.</param>
    /// <param name="options">The differences that are allowed.</param>
    /// <param name="match">The differences.</param>
    /// <exception cref="CheckpointMismatchException">There are differences that are not allowed.</exception>
    public static void ThrowIfRefused(Model model, SafetensorsFile file, LoadOptions options, CheckpointMatch match)
    {
        var differences = Differences(options, match);
        var order = ChannelsFirst.Doubts(file, options, match).ToList();
        differences.AddRange(order);

        // If everything is allowed, a wrong prefix would load nothing without an error.
        if (differences.Count == 0 && match.Fitting.Count == 0 && model.Parameters.Count > 0)
            differences.Add($"none of its {file.Entries.Count} tensors has the name of a parameter");
        if (differences.Count == 0)
            return;
        var lines = differences.Take(Listed).Select(static difference => $"\n  {difference}");
        var more = differences.Count > Listed ? $"\n  and {differences.Count - Listed} more (Differences of the exception has all of them)" : "";
        var advice = Advice(model, file, options, match);
        if (order.Count > 0)
            advice.Add("load a file of PyTorch with Load and PermuteChannelsFirst = true, and one in which flattened pictures have their channels last with PermuteChannelsFirst = false");
        var what = advice.Count == 0 ? "" : $"\nWhat to do: {string.Join("; ", advice)}{(advice[^1].EndsWith('?') ? "" : ".")}";
        var opening = differences.Count == order.Count ? "does not say in which order it holds" : "does not hold";
        throw new CheckpointMismatchException($"'{file.Path}' {opening} the parameters of {model.Description.Name}:{string.Concat(lines)}{more}{what}", differences);
    }

    private static List<string> Differences(LoadOptions options, CheckpointMatch match)
    {
        List<string> differences =
        [
            .. match.Tensors.Problems,
            .. match.Doubled.Select(static pair => $"{Sources(pair.First)} and {Sources(pair.Second)} of the file would both become '{pair.First.Name}': change the rules of Rename or Rules"),
            .. match.NoFloats.Select(static tensor => $"'{tensor.Name}' has type {tensor.Type} in the file, but the model needs floats"),
        ];
        if (!options.AllowMismatched)
            differences.AddRange(CheckpointLoader.Mismatches(match).Select(static mismatch => mismatch.ToString()));
        if (!options.AllowMissing)
        {
            var expected = new ExpectedTensors(options);
            differences.AddRange(match.Missing.Select((parameter, index) => $"'{parameter.Name}' is missing in the file{(index < Listed ? ByRules(expected.Of(parameter)) + Nearest(parameter, match) : "")}"));
        }

        if (!options.AllowUnexpected)
            differences.AddRange(match.Refused.Select(static tensor => $"'{tensor.Name}' is in the file, but not in the model{CheckpointMatch.Origin(tensor.Name, tensor).Remark}"));
        return differences;
    }

    private static string Sources(NamedTensor tensor) => string.Join(", ", tensor.Source.Entries.Select(static entry => $"'{entry.Name}'"));

    private static string ByRules(string expected) => expected.Length == 0 ? "" : $", where the rules need {expected}";

    private static string Nearest(ParameterTensor parameter, CheckpointMatch match) =>
        NearestName.Find(parameter, match.Refused) is { } near ? $"; it is [{string.Join(", ", parameter.Shape)}], and the most similar name there is {near}" : "";

    /// <summary>Returns what to do. Every suggestion would load something: other names have been tried, and options are suggested only if they leave something to load.</summary>
    private static List<string> Advice(Model model, SafetensorsFile file, LoadOptions options, CheckpointMatch match)
    {
        List<string> advice = [];
        var loadsSomething = match.Fitting.Count > 0;
        if (match.Mismatched.Count > 0 && !options.AllowMismatched)
        {
            advice.Add(match.Mismatched.Any(IsTransposed)
                ? $"weights are saved as PyTorch saves them, [out, in]: transpose those of frameworks that save [in, out] with {TensorRule.Transpose(match.Mismatched.First(IsTransposed).Tensor.NameByRules)} in Rules"
                : "give the layers the sizes of the file" + (loadsSomething ? ", or keep fresh values there with AllowMismatched = true" : ""));
        }

        TensorRule[] unused = [.. match.Tensors.Unused.Where(static rule => !rule.IsOptional)];
        if (unused.Length > 0)
            advice.Add($"no tensor matches {string.Join(", ", unused.Take(Shown).Select(static rule => rule.ToString()))}{(unused.Length > Shown ? $" and {unused.Length - Shown} more rules" : "")}: change the names of these rules");
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

    private static bool IsTransposed((ParameterTensor Parameter, NamedTensor Tensor) pair) =>
        pair.Parameter.Shape.Count > 1 && pair.Tensor.Source.Shape.Reverse().SequenceEqual(pair.Parameter.Shape.Select(static extent => (long)extent));
}
