using System.Text.RegularExpressions;

namespace ModelDsl.Checkpoints.Rules;

/// <summary>See <see cref="TensorRule.Rename(string, string)"/>.</summary>
internal class RenameRule(NamePattern from, NamePattern to) : TensorRule
{
    public override string ToString() => $"TensorRule.Rename(\"{from}\", \"{to}\")";

    internal sealed override bool Apply(TensorSet tensors) => tensors.Replace(from, (tensor, match) => [tensor.By(this, to.Fill(match))]);

    internal override TensorRule? Inverse() => to.ToString().Length > 0 && from.IsFilledBy(to) ? new RenameRule(to, from) : base.Inverse();
}

/// <summary>See <see cref="TensorRule.Alias"/>.</summary>
internal sealed class AliasRule(NamePattern alias, NamePattern name) : RenameRule(alias, name)
{
    private readonly string text = $"TensorRule.Alias(\"{alias}\", \"{name}\")";

    public override string ToString() => text;

    internal override bool IsOptional => true;

    internal override TensorRule? Inverse() => null;
}

/// <summary>See <see cref="TensorRule.Rename(Regex, string)"/>.</summary>
internal sealed class RegexRule(Regex from, string to) : TensorRule
{
    public override string ToString() => $"TensorRule.Rename(new Regex(\"{from}\"), \"{to}\")";

    internal override bool Apply(TensorSet tensors)
    {
        var found = false;
        for (var i = 0; i < tensors.Tensors.Count; i++)
        {
            var tensor = tensors.Tensors[i];
            if (!from.IsMatch(tensor.Name))
                continue;
            found = true;
            tensors.Tensors[i] = tensor.By(this, from.Replace(tensor.Name, to));
        }

        return found;
    }
}

/// <summary>See <see cref="TensorRule.Copy"/>.</summary>
internal sealed class CopyRule(NamePattern from, NamePattern to) : TensorRule
{
    public override string ToString() => $"TensorRule.Copy(\"{from}\", \"{to}\")";

    internal override bool IsOptional => true;

    internal override bool Apply(TensorSet tensors)
    {
        var names = tensors.Tensors.Select(static tensor => tensor.Name).ToHashSet();
        return tensors.Replace(from, (tensor, match) => names.Add(to.Fill(match)) ? [tensor, tensor.By(this, to.Fill(match))] : [tensor]);
    }

    // The model has both tensors.
    internal override TensorRule? Inverse() => null;
}

/// <summary>See <see cref="TensorRule.Ignore"/>.</summary>
internal sealed class IgnoreRule(NamePattern pattern) : TensorRule
{
    public override string ToString() => $"TensorRule.Ignore(\"{pattern}\")";

    internal override bool IsOptional => true;

    internal override bool Apply(TensorSet tensors) => tensors.Replace(pattern, (tensor, _) =>
    {
        tensors.Ignored.Add((tensor, $"ignored by {this}"));
        return [];
    });

    internal override TensorRule? Inverse() => null;
}

/// <summary>See <see cref="TensorRule.IgnoreCopy"/>.</summary>
internal sealed class IgnoreCopyRule(NamePattern pattern, NamePattern original) : TensorRule
{
    public override string ToString() => $"TensorRule.IgnoreCopy(\"{pattern}\", \"{original}\")";

    internal override bool IsOptional => true;

    internal override bool Apply(TensorSet tensors) => tensors.Replace(pattern, (tensor, match) =>
    {
        var name = original.Fill(match);
        if (tensors.Tensors.Find(other => other.Name == name) is not { } other || other == tensor)
            return [tensor];
        if (!other.Source.Shape.SequenceEqual(tensor.Source.Shape))
            tensors.Problems.Add($"{this} needs equal tensors, but {tensor} has another shape than {other}");
        else
            tensors.Copies.Add((tensor, other, this));
        tensors.Ignored.Add((tensor, $"equal to '{other.Name}', ignored by {this}"));
        return [];
    });

    internal override TensorRule? Inverse() => null;
}
