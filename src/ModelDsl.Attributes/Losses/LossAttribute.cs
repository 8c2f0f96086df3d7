namespace ModelDsl;

/// <summary>
/// <para>
/// On a model, <c>[Loss(nameof(F))]</c>: the user's own loss <c>static float F(float output, float target)</c>, read from C# source and
/// differentiated at build time, averaged over all elements and samples. Shapes: output <c>[N, …]</c>, target the same.
/// </para>
/// <para>
/// On a method, <c>[Loss]</c>: a loss of several tensors. Its parameters are the outputs and inputs of <c>Forward</c> by their names, or what
/// <see cref="TargetAttribute"/>, <see cref="LabelAttribute"/>, <see cref="InputAttribute"/> or <see cref="TokenInputAttribute"/> declare.
/// What it returns is averaged over all elements and samples.
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
    /// <summary>Declares a method to be a loss.</summary>
    public LossAttribute() => Function = "";

    /// <summary>Names a function of single numbers.</summary>
    /// <param name="function">The name of a static method with two float parameters that returns a float, in the class itself or a class
    /// around it.</param>
    public LossAttribute(string function) => Function = function;

    /// <summary>The name of the function; empty on a method.</summary>
    public string Function { get; }

    /// <summary>
    /// With a function: what <c>Predict</c> makes of the values that the function is given. Left out, <c>Predict</c> gives them as they are: a loss that applies
    /// a sigmoid itself says <c>OutputActivation = OutputActivation.Sigmoid</c>, so that <c>Predict</c> gives probabilities and accuracy is measured.
    /// </summary>
    public OutputActivation OutputActivation { get; set; }

    /// <summary>
    /// On a method: the field whose block this loss trains, <c>nameof(field)</c>; all else stays as it is. Left out, it trains every weight.
    /// A model may have several losses when each says what it trains.
    /// </summary>
    public string Trains { get; set; } = "";
}
