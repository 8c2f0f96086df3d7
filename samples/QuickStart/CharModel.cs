using ModelDsl;

namespace QuickStart;

/// <summary>A small GPT: reads characters and says at each of them how likely each character is to come next.</summary>
[Model, Generates]
[TokenInput(Context, Vocabulary)]
[Embedding(96), PositionalEmbedding]
[TransformerEncoder(heads: 3, hidden: 384, NormFirst = true, Causal = true, Name = "layer1")]
[TransformerEncoder(heads: 3, hidden: 384, NormFirst = true, Causal = true, Name = "layer2")]
[TransformerEncoder(heads: 3, hidden: 384, NormFirst = true, Causal = true, Name = "layer3")]
[LayerNorm, Dense(Vocabulary)]
[SoftmaxCrossEntropy]
public sealed partial class CharModel
{
    /// <summary>How many characters the model sees.</summary>
    public const int Context = 96;

    /// <summary>How many token ids it knows: padding, one for all rare characters, and 94 characters.</summary>
    public const int Vocabulary = 96;
}
