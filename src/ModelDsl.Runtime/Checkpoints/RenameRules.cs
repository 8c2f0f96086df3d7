namespace ModelDsl.Checkpoints;

/// <summary>Applies the rules of <see cref="LoadOptions.Rename"/>.</summary>
internal static class RenameRules
{
    private const char Any = '*';

    /// <summary>Returns the name of a tensor of the file after the first rule that matches it.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="name">The name in the file.</param>
    public static string Apply(IReadOnlyList<(string From, string To)> rules, string name)
    {
        foreach (var (from, to) in rules)
        {
            if (Renamed(from, to, name) is { } renamed)
                return renamed;
        }

        return name;
    }

    /// <summary>Checks that all rules can be applied.</summary>
    /// <param name="rules">The rules.</param>
    /// <exception cref="ArgumentException">A rule has no old name, or more <c>*</c> in the new name than in the old one.</exception>
    public static void Check(IReadOnlyList<(string From, string To)> rules)
    {
        foreach (var (from, to) in rules)
        {
            if (string.IsNullOrEmpty(from) || to is null)
                throw new ArgumentException("A rule of LoadOptions.Rename has no old or no new name; to put something in front of all names, use Prefix.");
            if (to.Count(Any) > from.Count(Any))
                throw new ArgumentException($"The rule (\"{from}\", \"{to}\") of LoadOptions.Rename has more '*' in the new name than in the old one: each '*' of the new name needs a '*' of the old one that it is replaced by.");
        }
    }

    private static string? Renamed(string from, string to, string name)
    {
        if (!from.Contains(Any, StringComparison.Ordinal))
        {
            var isWhole = from.EndsWith('.') || name.Length == from.Length || (name.Length > from.Length && name[from.Length] == '.');
            return isWhole && name.StartsWith(from, StringComparison.Ordinal) ? to + name[from.Length..] : null;
        }

        // A pattern that ends with a dot is the beginning of a name, like a rule without '*'.
        if (from.EndsWith('.'))
            (from, to) = (from + Any, to + Any);
        var parts = new List<string>();
        if (!Fits(from, name, parts))
            return null;
        var segments = to.Split(Any);
        return string.Concat(segments.Select((segment, index) => index == 0 ? segment : parts[index - 1] + segment));
    }

    /// <summary>Whether a name matches a pattern; collects the characters that each star stands for.</summary>
    private static bool Fits(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name, List<string> parts)
    {
        var star = pattern.IndexOf(Any);
        if (star < 0)
            return pattern.SequenceEqual(name);
        if (!name.StartsWith(pattern[..star]))
            return false;
        var rest = pattern[(star + 1)..];
        var behind = name[star..];
        for (var length = 0; length <= behind.Length; length++)
        {
            parts.Add(behind[..length].ToString());
            if (Fits(rest, behind[length..], parts))
                return true;
            parts.RemoveAt(parts.Count - 1);
        }

        return false;
    }
}
