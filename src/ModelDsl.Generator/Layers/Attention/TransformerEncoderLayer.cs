namespace ModelDsl.Generator.Layers;

/// <summary>Self-attention and two dense layers: [N, T, width] → the same.</summary>
internal sealed class TransformerEncoderLayer : TransformerLayer
{
    public override string Kind => "TransformerEncoder";

    public override Value? Lower(LayerCall call, LayerScope scope, Value input)
    {
        var parts = new Parts(call, scope);
        return Lower(parts, input, x => parts.Add(new SelfAttentionLayer(), "self_attn", x, OfAttention));
    }
}
