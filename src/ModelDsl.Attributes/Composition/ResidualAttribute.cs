namespace ModelDsl;

/// <summary>
/// Applies a block with a residual connection: <c>y = x + T(x)</c>. The block must not change the shape. Shapes: any → the same (He et al., 2015).
/// </summary>
/// <typeparam name="T">A class with <see cref="BlockAttribute"/>.</typeparam>
/// <param name="arguments">Constants for the parameters of the block's primary constructor, in order; a block that is a list of layers
/// takes none.</param>
public sealed class ResidualAttribute<T>(params object[] arguments) : BlockLayerAttribute
    where T : class
{
    /// <summary>Constants for the parameters of the block's primary constructor.</summary>
    public object[] Arguments { get; } = arguments;
}
