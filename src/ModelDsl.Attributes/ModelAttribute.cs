namespace ModelDsl;

/// <summary>
/// Marks a partial class as a model: a neural network declared by the layer attributes on it, read from top to bottom, or
/// by a method <c>Tensor Forward(Tensor x)</c> between input and loss (see <see cref="Tensor"/>). The first attribute is an
/// <see cref="InputAttribute"/> or a <see cref="TokenInputAttribute"/>, the last a loss. The rest of the class is generated.
/// </summary>
/// <example>
/// <code>
/// [Model]
/// [Input(784)]
/// [Dense(128), Relu]
/// [Dense(10)]
/// [SoftmaxCrossEntropy]
/// public sealed partial class Digits;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ModelAttribute : Attribute
{
    /// <summary>How exact products are on a GPU.</summary>
    public ProductPrecision Precision { get; set; }
}
