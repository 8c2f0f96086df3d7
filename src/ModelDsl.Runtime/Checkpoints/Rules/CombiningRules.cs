namespace ModelDsl.Checkpoints.Rules;

/// <summary>A rule that makes one tensor of several.</summary>
/// <param name="from">The patterns of the names of the parts, in order.</param>
/// <param name="to">The name of the result.</param>
internal abstract class CombiningRule(NamePattern[] from, NamePattern to) : TensorRule
{
    internal sealed override bool Apply(TensorSet tensors)
    {
        // The parts of each result by its name, in the order of the tensors.
        var groups = new Dictionary<string, List<NamedTensor>[]>();
        foreach (var tensor in tensors.Tensors)
        {
            for (var i = 0; i < from.Length; i++)
            {
                if (from[i].Match(tensor.Name) is not { } match)
                    continue;
                var name = to.Fill(match);
                if (!groups.TryGetValue(name, out var group))
                    groups.Add(name, group = [.. from.Select(static _ => new List<NamedTensor>())]);
                group[i].Add(tensor);
                break;
            }
        }

        foreach (var (name, group) in groups)
            Combine(tensors, name, group);
        return groups.Count > 0;
    }

    /// <summary>Returns why tensors cannot be combined, or null and their combination.</summary>
    /// <param name="tensors">The tensors of the file.</param>
    /// <param name="parts">The tensors to combine, in order.</param>
    /// <param name="source">Receives the combination.</param>
    private protected abstract string? Combined(TensorSet tensors, NamedTensor[] parts, out TensorSource? source);

    private void Combine(TensorSet tensors, string name, List<NamedTensor>[] group)
    {
        for (var i = 0; i < from.Length; i++)
        {
            if (group[i].Count == 1)
                continue;
            var found = group[i].Count == 0 ? "none" : string.Join(" and ", group[i]);
            tensors.Problems.Add($"{this} needs one tensor \"{from[i]}\" for '{name}', but there is {found}; of the others it has {string.Join(", ", group.Where(static part => part.Count > 0).Select(static part => part[0]))}");
            return;
        }

        NamedTensor[] parts = [.. group.Select(static part => part[0])];
        if (Combined(tensors, parts, out var source) is { } problem)
            tensors.Problems.Add(problem);
        if (source is null)
            return;
        var at = tensors.Tensors.IndexOf(parts[0]);
        TensorRule[] rules = [.. parts.SelectMany(static part => part.Rules).Distinct(), this];
        tensors.Tensors[at] = new NamedTensor(name, source, rules);
        tensors.Tensors.RemoveAll(parts.Skip(1).Contains);
    }
}

/// <summary>See <see cref="TensorRule.Concatenate"/>.</summary>
internal sealed class ConcatenateRule(NamePattern[] from, NamePattern to, int axis, int[]? sizes) : CombiningRule(from, to)
{
    private readonly NamePattern[] from = from;
    private readonly NamePattern to = to;

    public override string ToString() => $"TensorRule.Concatenate({Quoted(from)}, \"{to}\", {axis}{(sizes is null ? "" : $", [{string.Join(", ", sizes)}]")})";

    internal override TensorRule? Inverse() => from.All(part => part.IsFilledBy(to)) ? new SplitRule(to, from, axis, sizes) : base.Inverse();

    private protected override string? Combined(TensorSet tensors, NamedTensor[] parts, out TensorSource? source)
    {
        source = null;
        if (tensors.AxisOf(this, parts[0], axis) is not { } index)
            return null;
        var shape = parts[0].Source.Shape;
        var other = Array.Find(parts, part => part.Source.Shape.Count != shape.Count || !Without(part.Source.Shape, index).SequenceEqual(Without(shape, index)));
        if (other is not null)
            return $"{this} needs tensors with the same sizes except along axis {axis}, but {other} does not match {parts[0]}";
        for (var i = 0; i < sizes?.Length; i++)
        {
            if (parts[i].Source.Shape[index] != sizes[i])
                return $"{this} needs {sizes[i]} values along axis {axis}, but {parts[i]} has {parts[i].Source.Shape[index]}";
        }

        source = new ConcatenatedSource([.. parts.Select(static part => part.Source)], index);
        return null;
    }

    private static IEnumerable<long> Without(IReadOnlyList<long> shape, int axis) => shape.Where((_, index) => index != axis);
}

/// <summary>See <see cref="TensorRule.Sum"/>.</summary>
internal sealed class SumRule(NamePattern[] from, NamePattern to) : CombiningRule(from, to)
{
    private readonly string text = $"TensorRule.Sum({Quoted(from)}, \"{to}\")";

    public override string ToString() => text;

    private protected override string? Combined(TensorSet tensors, NamedTensor[] parts, out TensorSource? source)
    {
        var other = Array.Find(parts, part => !part.Source.Shape.SequenceEqual(parts[0].Source.Shape));
        source = other is null ? new SummedSource([.. parts.Select(static part => part.Source)]) : null;
        return other is null ? null : $"{this} needs tensors of the same shape, but {other} does not match {parts[0]}";
    }
}
