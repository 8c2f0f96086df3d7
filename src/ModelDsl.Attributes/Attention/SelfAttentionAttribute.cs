namespace ModelDsl;

/// <summary>
/// Multi-head scaled dot-product attention of a sequence to itself (Vaswani et al., 2017): <c>softmax(Q·Kᵀ / √d)·V</c> per head, between a projection to queries,
/// keys and values and one back. Shapes: <c>[N, T, width]</c> → the same, <c>d = width / heads</c>. Parameters as in PyTorch's <c>MultiheadAttention</c>:
/// <c>in_proj_weight [(heads + 2·keyValueHeads)·d, width]</c>, <c>in_proj_bias</c>, <c>out_proj.weight [width, width]</c>, <c>out_proj.bias</c>. Positions that are
/// padding are not attended to; where there are no others, the result is that of no value. Keras <c>MultiHeadAttention</c>.
/// </summary>
/// <param name="heads">The number of heads; it divides the width.</param>
public sealed class SelfAttentionAttribute(int heads) : AttentionLayerAttribute(heads)
{
    /// <summary>Whether both projections add a bias.</summary>
    public bool UseBias { get; set; } = true;
}
