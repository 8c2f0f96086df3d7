namespace ModelDsl.Checkpoints;

/// <summary>Finds options with which more tensors of a file are loaded. Each suggestion has been tried on the file.</summary>
internal static class LoadSuggestion
{
    /// <summary>Returns the best suggestion as text, or null if no options load more.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">The file.</param>
    /// <param name="options">The given options.</param>
    /// <param name="loaded">The number of tensors that match with the given options.</param>
    public static string? Find(Model model, SafetensorsFile file, LoadOptions options, int loaded)
    {
        (LoadOptions Options, CheckpointMatch Match, string Remark)? best = null;
        foreach (var (candidate, remark) in Candidates(model, file, options))
        {
            var match = CheckpointMatch.Of(model, file, candidate);
            if (match.Fitting.Count > (best?.Match.Fitting.Count ?? loaded) && match.NoFloats.Count + match.Doubled.Count == 0)
                best = (candidate, match, remark);
        }

        return best is { } found ? $"did you mean {Text(found.Options, options)}{found.Remark}?{Rest(found.Options, found.Match)}" : null;
    }

    /// <summary>The options to try, simple ones first: the first of those that load the most is suggested.</summary>
    private static IEnumerable<(LoadOptions Options, string Remark)> Candidates(Model model, SafetensorsFile file, LoadOptions options)
    {
        var plain = options with { Prefix = "", FilePrefix = "", Rename = [] };
        yield return (plain, "");
        string[] inModel = [.. model.Tensors.Select(static tensor => tensor.Name)];
        string[] inFile = [.. file.Entries.Select(static entry => entry.Name)];
        if (Commonest(inModel, inFile) is { } prefix)
            yield return (plain with { Prefix = prefix }, "");
        if (Commonest(inFile, inModel) is { } filePrefix)
            yield return (plain with { FilePrefix = filePrefix }, "");
        var (rules, byShape) = LayerPairs.Rules(model, file);
        if (rules.Count > 0)
            yield return (plain with { Rename = rules }, byShape ? " (some of these layers were found by their shapes alone: check that they are the same)" : "");
    }

    private static string Text(LoadOptions suggested, LoadOptions given)
    {
        List<string> parts = [];
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

    /// <summary>Returns the most frequent prefix of the longer names before one of the shorter names; null if there is none.</summary>
    private static string? Commonest(IReadOnlyList<string> longer, IReadOnlyList<string> shorter)
    {
        var endings = shorter.ToHashSet();
        var prefixes =
            from name in longer
            from dot in Enumerable.Range(0, name.Length)
            where name[dot] == '.' && endings.Contains(name[(dot + 1)..])
            select name[..(dot + 1)];
        return prefixes.GroupBy(static prefix => prefix).OrderByDescending(static same => same.Count()).ThenBy(static same => same.Key, StringComparer.Ordinal).FirstOrDefault()?.Key;
    }
}
