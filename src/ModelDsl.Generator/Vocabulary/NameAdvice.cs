using ModelDsl.Generator.Common;
using ModelDsl.Generator.Layers;

namespace ModelDsl.Generator.Vocabulary;

/// <summary>What to say to a name that does not exist here, and what to write for it.</summary>
/// <param name="Reason">The end of the message: what the thing is called here, or what to do without it.</param>
/// <param name="Name">The name to write; null where there is none.</param>
/// <param name="Arguments">How many arguments by position remain, the last of them; −1 for all.</param>
internal sealed record NameAdvice(string Reason, string? Name, int Arguments = -1)
{
    /// <summary>The advice for a name, or null where nothing is known and nothing is spelt like it.</summary>
    /// <param name="name">The name that does not exist.</param>
    /// <param name="known">The names that exist where it stands.</param>
    /// <param name="optimizers">Whether an optimizer is meant.</param>
    public static NameAdvice? For(string name, IReadOnlyCollection<string> known, bool optimizers = false)
    {
        if (known.Contains(name)) return null;

        // A line of the table says more than a spelling: Conv2d of PyTorch takes other arguments.
        var plain = WithoutSuffix(name);
        var others = OtherNames.All.Where(other => other.IsOptimizer == optimizers && (other.Here is null || known.Contains(other.Here))).ToList();
        if (others.Find(other => Same(other.Name, name) || Same(other.Name, plain)) is { } same) return Of(same);
        if (known.FirstOrDefault(known => Same(known, plain)) is { } cased) return new($"names tell upper from lower case: it is {cased}", cased);
        if (plain.Length > 3 && known.Where(known => known.StartsWith(plain, StringComparison.OrdinalIgnoreCase)).ToList() is { Count: 1 } longer) return new($"did you mean {longer[0]}?", longer[0]);

        var near = known.Select(known => (Name: known, Other: (OtherName?)null)).Concat(others.Select(other => (other.Name, Other: (OtherName?)other)))
            .OrderBy(candidate => Spelling.Distance(candidate.Name, plain)).ThenBy(candidate => candidate.Other is null ? 0 : 1).First();
        if (Spelling.Distance(near.Name, plain) > Most(plain)) return null;
        return near.Other is { } other ? Of(other) : new($"did you mean {near.Name}?", near.Name);
    }

    /// <summary>The activation that is a layer of its own, by a name in any case; null where there is none.</summary>
    public static string? Activation(string name) =>
        LayerTable.All.FirstOrDefault(layer => layer is (PointwiseLayer and not ActivationLayer) or SoftmaxLayer && Same(layer.Kind, name))?.Kind;

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
