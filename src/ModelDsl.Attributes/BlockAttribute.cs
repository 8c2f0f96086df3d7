namespace ModelDsl;

/// <summary>
/// Marks a partial class as a block: a named list of layers, or a method <c>Tensor Forward(Tensor x)</c>, for use in models and other blocks by <see
/// cref="ApplyAttribute{T}"/>, <see cref="ResidualAttribute{T}"/>, <see cref="RepeatAttribute{T}"/> and the <c>Parallel</c> attributes. Each use has its own
/// weights and shapes. A block has no input and no loss; an empty block is the identity. A block with a <c>Forward</c> method may have a primary constructor, whose
/// arguments are given at each use.
/// </summary>
/// <example>
/// <code>
/// [Block, LayerNorm, Dense(512), Gelu, Dense(128)]
/// internal sealed partial class FeedForward;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class BlockAttribute : Attribute;
