using ModelDsl.Generator.Common;

namespace ModelDsl.Generator.Vocabulary;

/// <summary>What to say to a name that does not exist here, and what to write for it.</summary>
/// <param name="Reason">The end of the message: what the thing is called here, or what to do without it.</param>
/// <param name="Name">The name to write; null where nothing stands in its place.</param>
/// <param name="Arguments">How many arguments by position remain, the last of them; −1 for all.</param>
internal sealed record NameAdvice(string Reason, string? Name, int Arguments = -1)
{
    /// <summary>The advice for a name, or null where nothing is known and nothing is spelt like it.</summary>
    /// <param name="name">The name that does not exist.</param>
    /// <param name="known">The names that exist where it stands.</param>
    /// <param name="optimizers">Whether an optimizer is meant.</param>
    public static NameAdvice? For(string name, IReadOnlyCollection<string> known, bool optimizers = false)
    {
        var plain = WithoutSuffix(name);

        // A line of the table says more than a spelling: Conv2d of PyTorch takes other arguments.
        var other = OtherNames.All.FirstOrDefault(other => other.IsOptimizer == optimizers && (Same(other.Name, name) || Same(other.Name, plain)));
        if (other is not null && (other.Here is null || known.Contains(other.Here))) return Of(other);
        if (known.FirstOrDefault(known => Same(known, plain)) is { } same) return new($"names tell upper from lower case: it is {same}", same);
        var (nearest, distance) = known.Concat(OtherNames.All.Where(other => other.IsOptimizer == optimizers).Select(other => other.Name))
            .Select(candidate => (candidate, Spelling.Distance(candidate, plain)))
            .OrderBy(pair => pair.Item2).ThenBy(pair => known.Contains(pair.candidate) ? 0 : 1).FirstOrDefault();
        if (nearest is null || distance > Most(plain)) return null;
        if (known.Contains(nearest)) return new($"did you mean {nearest}?", nearest);
        return For(nearest, known, optimizers);
    }

    private static NameAdvice Of(OtherName other)
    {
        if (other.Here is not { } here) return new(other.Remark, null);
        var remark = other.Remark.Length == 0 ? "" : $" ({other.Remark})";
        return new($"what {other.Source} call{(other.Source.Contains(" and ") ? "" : "s")} {other.Name} is {here}{remark}", here, other.Arguments);
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    // Of a short name one letter is a lot.
    private static int Most(string name) => name.Length switch
    {
        < 4 => 0,
        < 6 => 1,
        _ => 2,
    };

    private static string WithoutSuffix(string name)
    {
        foreach (var suffix in new[] { "Attribute", "Layer" })
        {
            if (name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal)) return name.Substring(0, name.Length - suffix.Length);
        }

        return name;
    }
}
