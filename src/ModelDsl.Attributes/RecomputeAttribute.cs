namespace ModelDsl;

/// <summary>
/// On a block, or on a field that holds one: the activations inside the block are not kept for the backward pass. The backward pass computes them again from the inputs of the
/// block, just before it computes the block's gradients. Training needs less memory and one more forward pass of the block; all results have the same bits. Inference does not
/// change. For a use of a block in a list of layers there is <see cref="BlockLayerAttribute.Recompute"/>.
/// </summary>
/// <remarks>Chen et al., "Training Deep Nets with Sublinear Memory Cost", 2016; PyTorch's <c>torch.utils.checkpoint</c>.</remarks>
/// <example>
/// <code>
/// [Block, Recompute]
/// [SelfAttention(8), Dense(128)]
/// internal sealed partial class Encoder;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Field, Inherited = false)]
public sealed class RecomputeAttribute : Attribute;
