namespace ModelDsl;

/// <summary>
/// Multi-head scaled dot-product self-attention (Vaswani et al., 2017): <c>softmax(Q·Kᵀ / √d)·V</c> for each head, after a projection to queries,
/// keys and values, and before an output projection. Shapes: <c>[N, T, width]</c> → the same, <c>d = width / heads</c>. Parameters as in PyTorch's <c>MultiheadAttention</c>:
/// <c>in_proj_weight [(heads + 2·keyValueHeads)·d, width]</c>, <c>in_proj_bias</c>, <c>out_proj.weight [width, width]</c>, <c>out_proj.bias</c>. Positions of
/// padding are not attended to; if there are no other positions, the attention is zero. Keras <c>MultiHeadAttention</c>.
/// </summary>
/// <param name="heads">The number of heads; it divides the width.</param>
public sealed class SelfAttentionAttribute(int heads) : AttentionLayerAttribute(heads)
{
    /// <summary>Whether both projections add a bias.</summary>
    public bool UseBias { get; set; } = true;
}
