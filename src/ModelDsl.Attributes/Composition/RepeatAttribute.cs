namespace ModelDsl;

/// <summary>Applies several copies of a block in sequence, each with its own weights: <c>y = T(T(…T(x)))</c>.</summary>
/// <typeparam name="T">A class with <see cref="BlockAttribute"/>.</typeparam>
/// <param name="count">The number of copies; positive.</param>
/// <param name="arguments">Constants for the parameters of the block's primary constructor, in order; a block that is a list of layers
/// takes none.</param>
public sealed class RepeatAttribute<T>(int count, params object[] arguments) : BlockLayerAttribute
    where T : class
{
    /// <summary>The number of copies.</summary>
    public int Count { get; } = count;

    /// <summary>Constants for the parameters of the block's primary constructor.</summary>
    public object[] Arguments { get; } = arguments;
}
