namespace ModelDsl.Generator.Layers;

/// <summary>Causal self-attention, attention to a memory and two dense layers: [N, T, width] and [N, S, memoryWidth] → [N, T, width].</summary>
/// <param name="memory">The memory; null in the table of layers.</param>
internal sealed class TransformerDecoderLayer(LayerValue? memory = null) : TransformerLayer
{
    private static readonly string[] OfCrossAttention = ["heads", "dropout", "weightDecay"];

    public override string Kind => "TransformerDecoder";

    public override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input)
    {
        var sublayers = new Sublayers(call, scope);
        return Lower(
            sublayers,
            input,
            x => sublayers.Add(new SelfAttentionLayer(), "self_attn", x, OfCrossAttention, ("causal", true)),
            x => sublayers.Add(new CrossAttentionLayer(memory), "multihead_attn", x, OfCrossAttention));
    }
}
