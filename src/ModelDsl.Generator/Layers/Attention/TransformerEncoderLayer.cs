namespace ModelDsl.Generator.Layers;

/// <summary>Self-attention and two dense layers: [N, T, width] → the same.</summary>
internal sealed class TransformerEncoderLayer : TransformerLayer
{
    public override string Kind => "TransformerEncoder";

    public override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input)
    {
        var sublayers = new Sublayers(call, scope);
        return Lower(sublayers, input, x => sublayers.Add(new SelfAttentionLayer(), "self_attn", x, OfAttention));
    }
}
