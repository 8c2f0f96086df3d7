using ModelDsl;

namespace MaskedLanguage;

/// <summary>The part that pre-training and classifier share: a Transformer encoder, which turns each character into numbers that depend on the characters around it.</summary>
[Block]
internal sealed partial class Trunk
{
    private const int Width = 64, Heads = 4, Hidden = 128, Layers = 2;

    private static Tensor Forward(Tensor tokens)
    {
        var x = tokens.Embedding(Width).Dropout(0.1);
        for (var i = 0; i < Layers; i++)
            x = x.TransformerEncoder(Heads, Hidden, TransformerActivation.Gelu, normFirst: true, dropout: 0.1, rope: true);
        return x.LayerNorm();
    }
}
