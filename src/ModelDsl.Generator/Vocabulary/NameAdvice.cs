using ModelDsl.Generator.Common;
using ModelDsl.Generator.Layers;

namespace ModelDsl.Generator.Vocabulary;

/// <summary>The advice for a name that does not exist in this library, and its replacement.</summary>
/// <param name="Reason">The end of the message: the name in this library, or what to do without it.</param>
/// <param name="Name">The replacement; null if there is none.</param>
/// <param name="Arguments">The number of positional arguments to keep, which are the last ones; −1 for all.</param>
internal sealed record NameAdvice(string Reason, string? Name, int Arguments = -1)
{
    /// <summary>Returns the advice for a name, or null if the name is unknown and not similar to an existing one.</summary>
    /// <param name="name">The name that does not exist.</param>
    /// <param name="known">The names that are valid in its context.</param>
    /// <param name="optimizers">Whether the name should be an optimizer.</param>
    public static NameAdvice? For(string name, IReadOnlyCollection<string> known, bool optimizers = false)
    {
        if (known.Contains(name)) return null;

        // An entry in the table is preferred to a similar spelling: Conv2d of PyTorch has other arguments.
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

    /// <summary>Returns the activation layer with a name in any case; null if there is none.</summary>
    public static string? Activation(string name) =>
        LayerTable.All.FirstOrDefault(layer => layer is (PointwiseLayer and not ActivationLayer) or SoftmaxLayer && Same(layer.Kind, name))?.Kind;

    private static NameAdvice Of(OtherName other)
    {
        if (other.Here is not { } here) return new(other.Remark, null);
        var remark = other.Remark.Length == 0 ? "" : $" ({other.Remark})";
        return new($"what {other.Source} call{(other.Source.Contains(" and ") ? "" : "s")} {other.Name} is {here}{remark}", here, other.Arguments);
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    // In a short name, one different letter is a large difference.
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
