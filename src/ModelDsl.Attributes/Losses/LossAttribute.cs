namespace ModelDsl;

/// <summary>
/// The user's own loss, read from C# source and differentiated at build time: <c>F(y, t)</c>, averaged over all elements and samples.
/// Shapes: output <c>[N, …]</c>, target the same. Given as <c>[Loss(nameof(F))]</c> with <c>static float F(float output, float target)</c>.
/// </summary>
/// <param name="function">The name of a static method with two float parameters that returns a float, in the class itself or a class around
/// it.</param>
public sealed class LossAttribute(string function) : TargetLossAttribute
{
    /// <summary>The name of the function.</summary>
    public string Function { get; } = function;
}
