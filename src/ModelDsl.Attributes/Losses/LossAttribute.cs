namespace ModelDsl;

/// <summary>
/// <para>
/// On a model, <c>[Loss(nameof(F))]</c>: a custom loss <c>static float F(float output, float target)</c>, which is read from C# source,
/// differentiated at build time, and averaged over all elements and samples. Shapes: output <c>[N, …]</c>, target the same.
/// </para>
/// <para>
/// On a method, <c>[Loss]</c>: a loss of several tensors. The parameters of the method are outputs and inputs of <c>Forward</c> with the same names, or are declared by
/// <see cref="TargetAttribute"/>, <see cref="LabelAttribute"/>, <see cref="InputAttribute"/> or <see cref="TokenInputAttribute"/>.
/// The returned tensor is averaged over all elements and samples.
/// </para>
/// </summary>
/// <example>
/// <code>
/// [Loss]
/// private static Tensor Both(Tensor digit, [Label(10)] Tensor which, Tensor angle, [Target(1)] Tensor truth) =>
///     digit.SoftmaxCrossEntropy(which) + 0.5 * angle.MeanSquaredError(truth);
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true, Inherited = false)]
public sealed class LossAttribute : TargetLossAttribute
{
    /// <summary>Declares that a method is a loss.</summary>
    public LossAttribute() => Function = "";

    /// <summary>Declares a loss by a function of two numbers.</summary>
    /// <param name="function">The name of a static method with two float parameters that returns a float, in this class or a containing
    /// class.</param>
    public LossAttribute(string function) => Function = function;

    /// <summary>The name of the function; empty if the attribute is on a method.</summary>
    public string Function { get; }

    /// <summary>
    /// With a function: the activation that <c>Predict</c> applies to the outputs that the function receives. By default <c>Predict</c> returns these unchanged. For a loss that applies
    /// a sigmoid itself, set it to <c>OutputActivation.Sigmoid</c>, so that <c>Predict</c> returns probabilities and the default metric is the accuracy.
    /// </summary>
    public OutputActivation OutputActivation { get; set; }

    /// <summary>
    /// On a method: the field whose block this loss trains, <c>nameof(field)</c>; other parameters do not change. By default the loss trains all weights.
    /// A model can have several losses if each of them sets this property.
    /// </summary>
    public string Trains { get; set; } = "";
}
