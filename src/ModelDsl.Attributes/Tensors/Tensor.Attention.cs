namespace ModelDsl;

/// <content>Attention, and embeddings of positions.</content>
public sealed partial class Tensor
{
    /// <inheritdoc cref="SelfAttentionAttribute"/>
    /// <param name="heads">The number of heads; it divides the width.</param>
    /// <param name="keyValueHeads">The number of heads of keys and values; 0 for the number of heads.</param>
    /// <param name="causal">Whether a position attends only to itself and to earlier positions.</param>
    /// <param name="window">The size of the attention window: a position attends only to positions at a smaller distance; 0 for no limit.</param>
    /// <param name="dropout">The fraction of attention weights that are dropped in training, at least 0 and less than 1.</param>
    /// <param name="useBias">Whether both projections add a bias.</param>
    /// <param name="rope">Whether queries and keys are rotated by their positions.</param>
    /// <param name="ropeBase">The base of the angles of <paramref name="rope"/>; greater than 1.</param>
    /// <param name="alibi">Whether scores decrease linearly with the distance of positions.</param>
    /// <param name="weightDecay">The weight decay of this layer's weights; NaN for the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters are frozen.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor SelfAttention(
        int heads,
        int keyValueHeads = 0,
        bool causal = false,
        int window = 0,
        double dropout = 0,
        bool useBias = true,
        bool rope = false,
        double ropeBase = 10_000,
        bool alibi = false,
        double weightDecay = double.NaN,
        bool frozen = false,
        string name = "") => None<Tensor>();

    /// <summary>
    /// Multi-head attention of this sequence to another sequence: queries are computed from this sequence, keys and values from <paramref name="memory"/>. Shapes:
    /// <c>[N, T, width]</c> and <c>[N, S, memoryWidth]</c> → <c>[N, T, width]</c>. Parameters as in PyTorch's <c>MultiheadAttention</c>: <c>in_proj_weight [3·width, width]</c> if both widths are equal,
    /// otherwise <c>q_proj_weight</c>, <c>k_proj_weight</c> and <c>v_proj_weight</c>; <c>in_proj_bias</c>, <c>out_proj.weight</c>, <c>out_proj.bias</c>. Positions of padding in the memory are not attended to.
    /// </summary>
    /// <param name="memory">The sequence that is attended to, such as an encoder's output.</param>
    /// <param name="heads">The number of heads; it divides the width.</param>
    /// <param name="dropout">The fraction of attention weights that are dropped in training, at least 0 and less than 1.</param>
    /// <param name="useBias">Whether the projections add a bias.</param>
    /// <param name="weightDecay">The weight decay of this layer's weights; NaN for the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters are frozen.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor CrossAttention(
        Tensor memory,
        int heads,
        double dropout = 0,
        bool useBias = true,
        double weightDecay = double.NaN,
        bool frozen = false,
        string name = "") => None<Tensor>();

    /// <inheritdoc cref="TransformerEncoderAttribute"/>
    /// <param name="heads">The number of heads; it divides the width.</param>
    /// <param name="hidden">The number of units of the first dense layer, usually four times the width.</param>
    /// <param name="activation">The activation between the dense layers.</param>
    /// <param name="normFirst">Whether the normalizations are before attention and dense layers, or after the sums.</param>
    /// <param name="epsilon">ε of both normalizations; positive.</param>
    /// <param name="keyValueHeads">The number of heads of keys and values; 0 for the number of heads.</param>
    /// <param name="causal">Whether a position attends only to itself and to earlier positions.</param>
    /// <param name="window">The size of the attention window: a position attends only to positions at a smaller distance; 0 for no limit.</param>
    /// <param name="dropout">The fraction of attention weights, and of values before each sum, that are dropped in training; at least 0 and less than 1.</param>
    /// <param name="rope">Whether queries and keys are rotated by their positions.</param>
    /// <param name="ropeBase">The base of the angles of <paramref name="rope"/>; greater than 1.</param>
    /// <param name="alibi">Whether scores decrease linearly with the distance of positions.</param>
    /// <param name="weightDecay">The weight decay of this layer's weights; NaN for the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters are frozen.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor TransformerEncoder(
        int heads,
        int hidden,
        TransformerActivation activation = TransformerActivation.Relu,
        bool normFirst = false,
        double epsilon = 1e-5,
        int keyValueHeads = 0,
        bool causal = false,
        int window = 0,
        double dropout = 0,
        bool rope = false,
        double ropeBase = 10_000,
        bool alibi = false,
        double weightDecay = double.NaN,
        bool frozen = false,
        string name = "") => None<Tensor>();

    /// <summary>
    /// A layer of a Transformer's decoder: causal self-attention, attention to <paramref name="memory"/> and two dense layers, each with dropout, a residual connection
    /// and a layer normalization. Shapes: <c>[N, T, width]</c> and <c>[N, S, memoryWidth]</c> → <c>[N, T, width]</c>. Parameters as in PyTorch's <c>TransformerDecoderLayer</c>:
    /// <c>self_attn.*</c>, <c>multihead_attn.*</c>, <c>linear1.*</c>, <c>linear2.*</c>, <c>norm1.*</c> to <c>norm3.*</c>.
    /// </summary>
    /// <param name="memory">The encoder's output.</param>
    /// <param name="heads">The number of heads; it divides the width.</param>
    /// <param name="hidden">The number of units of the first dense layer, usually four times the width.</param>
    /// <param name="activation">The activation between the dense layers.</param>
    /// <param name="normFirst">Whether the normalizations are before attention and dense layers, or after the sums.</param>
    /// <param name="epsilon">ε of the normalizations; positive.</param>
    /// <param name="dropout">The fraction of attention weights, and of values before each sum, that are dropped in training; at least 0 and less than 1.</param>
    /// <param name="weightDecay">The weight decay of this layer's weights; NaN for the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters are frozen.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor TransformerDecoder(
        Tensor memory,
        int heads,
        int hidden,
        TransformerActivation activation = TransformerActivation.Relu,
        bool normFirst = false,
        double epsilon = 1e-5,
        double dropout = 0,
        double weightDecay = double.NaN,
        bool frozen = false,
        string name = "") => None<Tensor>();

    /// <summary>
    /// Scaled dot-product attention without weights: <c>softmax(q·kᵀ / √d)·v</c> per head (Vaswani et al., 2017). Shapes: queries <c>[N, T, heads, d]</c>, keys
    /// <c>[N, S, keyValueHeads, d]</c>, values <c>[N, S, keyValueHeads, e]</c> → <c>[N, T, heads, e]</c>; without the axis of heads there is one head. The number of heads of keys and values divides that of the queries.
    /// </summary>
    /// <param name="queries">The queries.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="values">The values.</param>
    /// <param name="causal">Whether a position attends only to itself and to earlier positions; both sequences then have the same length.</param>
    /// <param name="window">The size of the attention window: a position attends only to positions at a smaller distance; 0 for no limit.</param>
    public static Tensor Attention(Tensor queries, Tensor keys, Tensor values, bool causal = false, int window = 0) => Never<Tensor>();

    /// <summary>
    /// Scaled dot-product attention with numbers that are added to the scores before the softmax: <c>softmax(q·kᵀ / √d + bias)·v</c> per head. Large negative numbers, such as −10³⁰, exclude keys; small
    /// ones can depend on distances.
    /// </summary>
    /// <param name="queries">The queries, <c>[N, T, heads, d]</c>, or <c>[N, T, d]</c> for one head.</param>
    /// <param name="keys">The keys, <c>[N, S, keyValueHeads, d]</c>.</param>
    /// <param name="values">The values, <c>[N, S, keyValueHeads, e]</c>.</param>
    /// <param name="bias">The numbers for scores <c>[N, heads, T, S]</c>. Leading axes may be missing, and axes may have one element: <c>[N, 1, 1, S]</c>, or <c>[S]</c> for each sample, is a mask of keys.</param>
    /// <param name="causal">Whether a position attends only to itself and to earlier positions; both sequences then have the same length.</param>
    /// <param name="window">The size of the attention window: a position attends only to positions at a smaller distance; 0 for no limit.</param>
    public static Tensor Attention(Tensor queries, Tensor keys, Tensor values, Tensor bias, bool causal = false, int window = 0) => Never<Tensor>();

    /// <inheritdoc cref="RotaryEmbeddingAttribute"/>
    /// <param name="base">The base of the angles; greater than 1.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor RotaryEmbedding(double @base = 10_000, string name = "") => None<Tensor>();

    /// <inheritdoc cref="SinusoidalEmbeddingAttribute"/>
    /// <param name="name">The layer's name.</param>
    public Tensor SinusoidalEmbedding(string name = "") => None<Tensor>();
}
