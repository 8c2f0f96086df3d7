namespace ModelDsl.Checkpoints.Rules;

/// <summary>See <see cref="TensorRule.Transpose"/>.</summary>
internal sealed class TransposeRule(NamePattern pattern) : TensorRule
{
    public override string ToString() => $"TensorRule.Transpose(\"{pattern}\")";

    internal override bool Apply(TensorSet tensors) => tensors.Replace(pattern, (tensor, _) =>
    {
        if (tensor.Source.Shape.Count >= 2)
            return [tensor.By(this, tensor.Name, new TransposedSource(tensor.Source))];
        tensors.Problems.Add($"{this} needs two axes, but {tensor} does not have them");
        return [tensor];
    });

    internal override TensorRule Inverse() => this;
}

/// <summary>See <see cref="TensorRule.Slice"/>.</summary>
internal sealed class SliceRule(NamePattern pattern, int axis, int start, int length) : TensorRule
{
    public override string ToString() => $"TensorRule.Slice(\"{pattern}\", {axis}, {start}, {length})";

    internal override bool Apply(TensorSet tensors) => tensors.Replace(pattern, (tensor, _) =>
    {
        if (tensors.AxisOf(this, tensor, axis) is not { } index)
            return [tensor];
        if ((long)start + length <= tensor.Source.Shape[index])
            return [tensor.By(this, tensor.Name, new SlicedSource(tensor.Source, index, start, length))];
        tensors.Problems.Add($"{this} needs {(long)start + length} values along axis {axis}, but {tensor} has {tensor.Source.Shape[index]}");
        return [tensor];
    });
}

/// <summary>See <see cref="TensorRule.Split"/>.</summary>
internal sealed class SplitRule(NamePattern from, NamePattern[] to, int axis, int[]? sizes) : TensorRule
{
    public override string ToString() => $"TensorRule.Split(\"{from}\", {Quoted(to)}, {axis}{(sizes is null ? "" : $", [{string.Join(", ", sizes)}]")})";

    internal override bool Apply(TensorSet tensors) => tensors.Replace(from, (tensor, match) =>
    {
        if (tensors.AxisOf(this, tensor, axis) is not { } index)
            return [tensor];
        var extent = tensor.Source.Shape[index];
        if (sizes is null ? extent % to.Length != 0 : extent != sizes.Sum(static size => (long)size))
        {
            var needed = sizes is null ? $"a multiple of {to.Length}" : $"{sizes.Sum(static size => (long)size)} values";
            tensors.Problems.Add($"{this} needs {needed} along axis {axis}, but {tensor} has {extent}");
            return [tensor];
        }

        var start = 0L;
        var parts = new List<NamedTensor>();
        for (var i = 0; i < to.Length; i++)
        {
            var size = sizes?[i] ?? (extent / to.Length);
            parts.Add(tensor.By(this, to[i].Fill(match), new SlicedSource(tensor.Source, index, start, size)));
            start += size;
        }

        return parts;
    });

    internal override TensorRule? Inverse() => to.All(from.IsFilledBy) ? new ConcatenateRule(to, from, axis, sizes) : base.Inverse();
}
