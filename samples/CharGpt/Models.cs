using ModelDsl;

namespace CharGpt;

/// <summary>nanoGPT's configuration of shakespeare_char for CPUs: four layers of four heads, 128 wide, 64 characters.</summary>
[Model, Generates]
[TokenInput(Context, Vocabulary)]
[Embedding(128), PositionalEmbedding]
[Repeat<SmallLayer>(4)]
[LayerNorm]
[Dense(Vocabulary, UseBias = false)]
[SoftmaxCrossEntropy]
public sealed partial class SmallGpt
{
    /// <summary>How many characters the model sees.</summary>
    public const int Context = 64;

    /// <summary>The 65 characters of the text, padding and the unknown one.</summary>
    public const int Vocabulary = 67;
}

/// <summary>Its configuration for GPUs: six layers of six heads, 384 wide, 256 characters, with dropout.</summary>
[Model, Generates]
[TokenInput(Context, SmallGpt.Vocabulary)]
[Embedding(384), PositionalEmbedding, Dropout(0.2)]
[Repeat<LargeLayer>(6)]
[LayerNorm]
[Dense(SmallGpt.Vocabulary, UseBias = false)]
[SoftmaxCrossEntropy]
public sealed partial class LargeGpt
{
    /// <summary>How many characters the model sees.</summary>
    public const int Context = 256;
}

/// <summary>A layer of the small model.</summary>
[Block, TransformerEncoder(heads: 4, hidden: 512, NormFirst = true, Causal = true, Activation = TransformerActivation.Gelu)]
internal sealed partial class SmallLayer;

/// <summary>A layer of the large model.</summary>
[Block, TransformerEncoder(heads: 6, hidden: 1536, NormFirst = true, Causal = true, Activation = TransformerActivation.Gelu, Dropout = 0.2)]
internal sealed partial class LargeLayer;
