namespace ModelDsl;

/// <summary>
/// On a partial property of type <see cref="Tensor"/> without a setter: a learned weight of its own, one set of numbers wherever the property is
/// read in a <c>Forward</c>. It has no batch axis and bears the property's name.
/// </summary>
/// <param name="shape">The weight's shape, at least one positive size.</param>
/// <example>
/// <code>
/// [Weight(30_522, 256, Init = Init.Normal)]
/// private static partial Tensor Words { get; }
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WeightAttribute(params int[] shape) : Attribute
{
    /// <summary>The weight's shape.</summary>
    public int[] Shape { get; } = shape;

    /// <summary>How it is filled; <see cref="Init.GlorotUniform"/> by default. Fan-in is the last size, fan-out the first; a vector has both alike.</summary>
    public Init Init { get; set; }

    /// <summary>The scale of <see cref="Init"/>.</summary>
    public double InitScale { get; set; } = double.NaN;

    /// <summary>Weight decay of this weight, instead of the optimizer's. Left out (NaN), the optimizer's applies.</summary>
    public double WeightDecay { get; set; } = double.NaN;

    /// <summary>Whether the weight stays as it is.</summary>
    public bool Frozen { get; set; }

    /// <summary>The weight's name in files; left out, the property's, beginning with a small letter.</summary>
    public string Name { get; set; } = "";
}
