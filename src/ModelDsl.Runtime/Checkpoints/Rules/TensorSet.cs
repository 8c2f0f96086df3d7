namespace ModelDsl.Checkpoints.Rules;

/// <summary>Tensors with names, which rules change.</summary>
internal sealed class TensorSet
{
    /// <summary>Creates a set.</summary>
    /// <param name="tensors">The tensors before the first rule.</param>
    public TensorSet(IEnumerable<NamedTensor> tensors) => Tensors = [.. tensors];

    /// <summary>The tensors, after the rules that have been applied. Two of them may have the same name.</summary>
    public List<NamedTensor> Tensors { get; }

    /// <summary>Tensors that a rule has removed, and why.</summary>
    public List<(NamedTensor Tensor, string Reason)> Ignored { get; } = [];

    /// <summary>Tensors that a rule has removed because they are equal to others. Their values have not been compared yet.</summary>
    public List<(NamedTensor Tensor, NamedTensor Original, TensorRule Rule)> Copies { get; } = [];

    /// <summary>Why rules could not be applied to tensors.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>Rules that no tensor matched.</summary>
    public List<TensorRule> Unused { get; } = [];

    /// <summary>Applies rules in order. Each one sees the names and shapes that the rules before it have left.</summary>
    /// <param name="rules">The rules.</param>
    /// <exception cref="ArgumentException">A rule is null.</exception>
    public void Apply(IEnumerable<TensorRule> rules)
    {
        foreach (var rule in rules)
        {
            if (rule is null)
                throw new ArgumentException("A list of rules has a rule that is null.");
            if (!rule.Apply(this))
                Unused.Add(rule);
        }
    }

    /// <summary>Replaces each tensor that matches a pattern.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="replace">Returns the tensors that replace one.</param>
    /// <returns>Whether a tensor matched.</returns>
    public bool Replace(NamePattern pattern, Func<NamedTensor, NameMatch, IEnumerable<NamedTensor>> replace)
    {
        var found = false;
        for (var i = 0; i < Tensors.Count; i++)
        {
            if (pattern.Match(Tensors[i].Name) is not { } match)
                continue;
            found = true;
            NamedTensor[] replacement = [.. replace(Tensors[i], match)];
            Tensors.RemoveAt(i);
            Tensors.InsertRange(i, replacement);
            i += replacement.Length - 1;
        }

        return found;
    }

    /// <summary>Returns the index of an axis, or null and a problem if the tensor does not have it.</summary>
    /// <param name="rule">The rule that names the axis.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="axis">The axis; negative numbers count from the last one.</param>
    public int? AxisOf(TensorRule rule, NamedTensor tensor, int axis)
    {
        var rank = tensor.Source.Shape.Count;
        var index = axis < 0 ? axis + rank : axis;
        if (index >= 0 && index < rank)
            return index;
        Problems.Add($"{rule} needs axis {axis}, but {tensor} does not have it");
        return null;
    }
}

/// <summary>A tensor and its name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Source">The shape, and where the values come from.</param>
/// <param name="Rules">The rules that made it, in order.</param>
internal sealed record NamedTensor(string Name, TensorSource Source, IReadOnlyList<TensorRule> Rules)
{
    /// <summary>The name that the rules have given, also when <see cref="LoadOptions.Rename"/> and <see cref="LoadOptions.Prefix"/> have changed <see cref="Name"/> after them.</summary>
    public string NameByRules { get; } = Name;

    /// <summary>Returns the tensor that a rule makes of this one.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="name">The name.</param>
    /// <param name="source">The shape and values; null for those of this tensor.</param>
    public NamedTensor By(TensorRule rule, string name, TensorSource? source = null) => new(name, source ?? Source, [.. Rules, rule]);

    /// <inheritdoc/>
    public override string ToString() => $"'{Name}' [{string.Join(", ", Source.Shape)}]";
}
