namespace ModelDsl;

/// <summary>
/// A layer of a Transformer's encoder, or of a decoder without a memory such as GPT's (<see cref="AttentionLayerAttribute.Causal"/>): self-attention and two dense
/// layers, each with dropout, a sum with its input and a layer normalisation. Shapes: <c>[N, T, width]</c> → the same. Parameters as in PyTorch's
/// <c>TransformerEncoderLayer</c>: <c>self_attn.*</c>, <c>linear1.*</c>, <c>linear2.*</c>, <c>norm1.*</c>, <c>norm2.*</c>. Use <c>Repeat</c> on a block, or several of them, for a stack.
/// </summary>
/// <param name="heads">The number of heads; it divides the width.</param>
/// <param name="hidden">The units of the first dense layer; usually four times the width.</param>
public sealed class TransformerEncoderAttribute(int heads, int hidden) : AttentionLayerAttribute(heads)
{
    /// <summary>The units of the first dense layer.</summary>
    public int Hidden { get; } = hidden;

    /// <summary>The activation between the dense layers.</summary>
    public TransformerActivation Activation { get; set; }

    /// <summary>
    /// Whether the normalisations stand before attention and dense layers (pre-norm, as in GPT-2; a <c>LayerNorm</c> then follows the last layer), or behind the
    /// sums (as in the original Transformer and BERT).
    /// </summary>
    public bool NormFirst { get; set; }

    /// <summary>ε of both normalisations; positive.</summary>
    public double Epsilon { get; set; } = 1e-5;
}
