namespace ModelDsl;

/// <summary>
/// Marks a partial class as a block: a list of layers, or a method <c>Tensor Forward(Tensor x)</c>, under a name, used by models and other blocks through <see
/// cref="ApplyAttribute{T}"/>,
/// <see cref="ResidualAttribute{T}"/>, <see cref="RepeatAttribute{T}"/> and the <c>Parallel</c> attributes. Each use has weights and shapes
/// of
/// its own. A block has no input and no loss; an empty block is the identity. One with a <c>Forward</c> may have a primary constructor, whose
/// arguments each use gives.
/// </summary>
/// <example>
/// <code>
/// [Block, LayerNorm, Dense(512), Gelu, Dense(128)]
/// internal sealed partial class FeedForward;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class BlockAttribute : Attribute;
