namespace ModelDsl;

/// <summary>Applies a block: <c>y = T(x)</c>. The shapes depend on the block.</summary>
/// <typeparam name="T">A class with <see cref="BlockAttribute"/>.</typeparam>
/// <param name="arguments">Constants for the parameters of the block's primary constructor, in order; a block that is a list of layers
/// takes none.</param>
public sealed class ApplyAttribute<T>(params object[] arguments) : BlockLayerAttribute
    where T : class
{
    /// <summary>Constants for the parameters of the block's primary constructor.</summary>
    public object[] Arguments { get; } = arguments;
}
