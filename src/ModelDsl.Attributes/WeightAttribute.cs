namespace ModelDsl;

/// <summary>
/// On a partial property of type <see cref="Tensor"/> without a setter: declares a trainable weight. All reads of the property in a <c>Forward</c> method
/// are the same weight. It has no batch axis, and its name is that of the property.
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

    /// <summary>The initializer; <see cref="Init.GlorotUniform"/> by default. Fan-in is the last size and fan-out is the first; for a vector both are its size.</summary>
    public Init Init { get; set; }

    /// <summary>The scale of <see cref="Init"/>.</summary>
    public double InitScale { get; set; } = double.NaN;

    /// <summary>The weight decay of this weight. The default, NaN, means the optimizer's weight decay.</summary>
    public double WeightDecay { get; set; } = double.NaN;

    /// <summary>Whether the weight is frozen.</summary>
    public bool Frozen { get; set; }

    /// <summary>The weight's name in files. By default it is the name of the property, with a lower-case first letter.</summary>
    public string Name { get; set; } = "";
}
