using ModelDsl.Checkpoints.Rules;

namespace ModelDsl.Checkpoints;

/// <summary>Applies the rules of <see cref="LoadOptions.Rename"/>.</summary>
internal static class RenameRules
{
    /// <summary>Returns the name of a tensor of the file after the first rule that matches it.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="name">The name in the file.</param>
    public static string Apply(IReadOnlyList<(string From, string To)> rules, string name)
    {
        foreach (var (from, to) in rules)
        {
            if (new NamePattern(from).Match(name) is { } match)
                return new NamePattern(to).Fill(match);
        }

        return name;
    }

    /// <summary>Checks that all rules can be applied.</summary>
    /// <param name="rules">The rules.</param>
    /// <exception cref="ArgumentException">A rule has no old name, or more <c>*</c> or <c>#</c> in the new name than in the old one.</exception>
    public static void Check(IReadOnlyList<(string From, string To)> rules)
    {
        foreach (var (from, to) in rules)
        {
            if (string.IsNullOrEmpty(from) || to is null)
                throw new ArgumentException("A rule of LoadOptions.Rename has no old or no new name; to put something in front of all names, use Prefix.");
            if (!new NamePattern(to).IsFilledBy(new NamePattern(from)))
                throw new ArgumentException($"The rule (\"{from}\", \"{to}\") of LoadOptions.Rename has more '*' or '#' in the new name than in the old one: each of the new name needs one of the old name that it is replaced by.");
        }
    }
}
