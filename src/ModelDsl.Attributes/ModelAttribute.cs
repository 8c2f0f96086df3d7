namespace ModelDsl;

/// <summary>
/// Marks a partial class as a model: a neural network that is declared by the layer attributes of the class, from top to bottom, or
/// by a method <c>Tensor Forward(Tensor x)</c> between input and loss (see <see cref="Tensor"/>). The first attribute is an
/// <see cref="InputAttribute"/> or a <see cref="TokenInputAttribute"/>, and the last is a loss, unless the model is for prediction only. The rest of the class is generated.
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
    /// <summary>The precision of products on a GPU.</summary>
    public ProductPrecision Precision { get; set; }

    /// <summary>
    /// Whether training steps keep outputs over 8,192 or more classes, so that <c>LastOutputs</c> and metrics of the training data are available. By default they do not, because such
    /// logits and their gradient need more memory than the rest of a step: they are computed for some rows at a time. Predictions and validation always have all outputs.
    /// </summary>
    public bool KeepOutputs { get; set; }

    /// <summary>
    /// Whether the model is for prediction only: it has no loss, and no code and no memory for training. <c>Predict</c> returns the values of the last layer, or of <c>Forward</c>, as they are.
    /// Its weights come from a file, such as one of a model with the same layers that is trained, or one of another library.
    /// </summary>
    public bool PredictionOnly { get; set; }
}
