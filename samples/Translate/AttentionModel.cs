using ModelDsl;

namespace Translate;

/// <summary>
/// Writes the second text of a pair from the first, character by character. The encoder reads the source; the decoder reads what is written so far, and then the encoder's
/// output.
/// </summary>
[Model, Generates, SoftmaxCrossEntropy]
public sealed partial class AttentionModel
{
    private const int Width = 64, Heads = 4, Hidden = 128;

    private static Tensor Forward(
        [TokenInput(Pairs.SourceLength, Pairs.Vocabulary, Padding = CharacterTokenizer.Padding)] Tensor source,
        [TokenInput(Pairs.TargetLength, Pairs.Vocabulary, Padding = CharacterTokenizer.Padding)] Tensor target)
    {
        var memory = source.Embedding(Width).PositionalEmbedding()
            .TransformerEncoder(Heads, Hidden, normFirst: true)
            .LayerNorm();
        return target.Embedding(Width).PositionalEmbedding()
            .TransformerDecoder(memory, Heads, Hidden, normFirst: true)
            .LayerNorm()
            .Dense(Pairs.Vocabulary);
    }
}
