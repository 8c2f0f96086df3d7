namespace ModelDsl.Checkpoints;

/// <summary>Finds options with which more tensors of a file are loaded. Each suggestion has been tried on the file.</summary>
internal static class LoadSuggestion
{
    /// <summary>The number of prefixes that are tried: layers of the same kind have the same names of tensors, and other shapes.</summary>
    private const int Tried = 8;

    /// <summary>Returns the best suggestion as text, or null if no options load more.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">The file.</param>
    /// <param name="options">The given options.</param>
    /// <param name="loaded">The number of tensors that match with the given options.</param>
    public static string? Find(Model model, SafetensorsFile file, LoadOptions options, int loaded)
    {
        (LoadOptions Options, CheckpointMatch Match, string Remark)? best = null;
        var preset = PresetSuggestion.Find(model, file);
        foreach (var (candidate, remark) in Candidates(model, file, options, preset?.Rules))
        {
            var match = CheckpointMatch.Of(model, file, candidate);
            if (match.Fitting.Count > (best?.Match.Fitting.Count ?? loaded) && match.NoFloats.Count + match.Doubled.Count + match.Tensors.Problems.Count == 0)
                best = (candidate, match, remark);
        }

        return best is { } found ? $"did you mean {Text(found.Options, options, preset?.Text)}{found.Remark}?{Rest(found.Options, found.Match)}" : null;
    }

    /// <summary>The options to try, simple ones first: the first of those that load the most is suggested.</summary>
    private static IEnumerable<(LoadOptions Options, string Remark)> Candidates(Model model, SafetensorsFile file, LoadOptions options, IReadOnlyList<TensorRule>? preset)
    {
        var plain = options with { Prefix = "", FilePrefix = "", Rename = [] };
        if (preset is not null)
            yield return (plain with { Rules = preset }, "");
        yield return (plain, "");
        var tensors = CheckpointMatch.Converted(file, plain).Tensors;
        string[] inModel = [.. model.Tensors.Select(static tensor => tensor.Name)];
        string[] inFile = [.. tensors.Select(static tensor => tensor.Name)];
        foreach (var prefix in Prefixes(inModel, inFile))
            yield return (plain with { Prefix = prefix }, "");
        foreach (var prefix in Prefixes(inFile, inModel))
            yield return (plain with { FilePrefix = prefix }, "");
        var (rules, byShape) = LayerPairs.Rules(model, tensors);
        if (rules.Count > 0)
            yield return (plain with { Rename = rules }, byShape ? " (some of these layers were found by their shapes alone: check that they are the same)" : "");
    }

    private static string Text(LoadOptions suggested, LoadOptions given, string? preset)
    {
        List<string> parts = [];
        if (suggested.Rules != given.Rules)
            parts.Add($"Rules = {preset}");
        if (suggested.FilePrefix != given.FilePrefix)
            parts.Add($"FilePrefix = \"{suggested.FilePrefix}\"");
        if (suggested.Prefix != given.Prefix)
            parts.Add($"Prefix = \"{suggested.Prefix}\"");
        if (!suggested.Rename.SequenceEqual(given.Rename))
            parts.Add($"Rename = [{string.Join(", ", suggested.Rename.Select(static rule => $"(\"{rule.From}\", \"{rule.To}\")"))}]");
        return string.Join(", ", parts);
    }

    /// <summary>Returns the differences that must be allowed in addition.</summary>
    private static string Rest(LoadOptions options, CheckpointMatch match)
    {
        List<string> permissions = [];
        if (match.Missing.Count > 0 && !options.AllowMissing)
            permissions.Add("AllowMissing = true");
        if (match.Refused.Count > 0 && !options.AllowUnexpected)
            permissions.Add("AllowUnexpected = true");
        if (match.Mismatched.Count > 0 && !options.AllowMismatched)
            permissions.Add("AllowMismatched = true");
        return permissions.Count == 0 ? "" : $" With {string.Join(" and ", permissions)} for the rest";
    }

    /// <summary>Returns the prefixes of the longer names before one of the shorter names, the most frequent first.</summary>
    private static IEnumerable<string> Prefixes(IReadOnlyList<string> longer, IReadOnlyList<string> shorter)
    {
        var endings = shorter.ToHashSet();
        var prefixes =
            from name in longer
            from dot in Enumerable.Range(0, name.Length)
            where name[dot] == '.' && endings.Contains(name[(dot + 1)..])
            select name[..(dot + 1)];
        return prefixes.GroupBy(static prefix => prefix).OrderByDescending(static same => same.Count()).ThenBy(static same => same.Key, StringComparer.Ordinal)
            .Select(static same => same.Key).Take(Tried);
    }
}
