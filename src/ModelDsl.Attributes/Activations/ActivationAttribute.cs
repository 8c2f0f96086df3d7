namespace ModelDsl;

/// <summary>
/// An activation function written in C#, which is read from the source and differentiated at build time. Shapes: any → the same. Use it as
/// <c>[Activation(nameof(F))]</c> with <c>static float F(float x)</c>.
/// </summary>
/// <param name="function">The name of a static method with one float parameter that returns a float, in this class or a containing
/// class.</param>
/// <example>
/// <code>
/// [Block, Dense(64), Activation(nameof(Swish))]
/// internal sealed partial class Hidden
/// {
///     private static float Swish(float x) => x / (1f + MathF.Exp(-x));
/// }
/// </code>
/// </example>
public sealed class ActivationAttribute(string function) : LayerAttribute
{
    /// <summary>The name of the function.</summary>
    public string Function { get; } = function;
}
