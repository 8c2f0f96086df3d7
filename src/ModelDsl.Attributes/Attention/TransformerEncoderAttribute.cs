namespace ModelDsl;

/// <summary>
/// A layer of a Transformer's encoder, or of a decoder-only Transformer such as GPT (<see cref="AttentionLayerAttribute.Causal"/>): self-attention and two dense
/// layers, each with dropout, a residual connection and a layer normalization. Shapes: <c>[N, T, width]</c> → the same. Parameters as in PyTorch's
/// <c>TransformerEncoderLayer</c>: <c>self_attn.*</c>, <c>linear1.*</c>, <c>linear2.*</c>, <c>norm1.*</c>, <c>norm2.*</c>. For a stack of layers, use several attributes, or <c>Repeat</c> with a block.
/// </summary>
/// <param name="heads">The number of heads; it divides the width.</param>
/// <param name="hidden">The number of units of the first dense layer, usually four times the width.</param>
public sealed class TransformerEncoderAttribute(int heads, int hidden) : AttentionLayerAttribute(heads)
{
    /// <summary>The number of units of the first dense layer.</summary>
    public int Hidden { get; } = hidden;

    /// <summary>The activation between the dense layers.</summary>
    public TransformerActivation Activation { get; set; }

    /// <summary>
    /// Whether the normalizations are before attention and dense layers (pre-norm, as in GPT-2; a <c>LayerNorm</c> then follows the last layer), or after the
    /// residual connections (as in the original Transformer and BERT).
    /// </summary>
    public bool NormFirst { get; set; }

    /// <summary>ε of both normalizations; positive.</summary>
    public double Epsilon { get; set; } = 1e-5;
}
