namespace ModelDsl.Runtime.Tests.Sessions;

/// <summary>A small model that generates.</summary>
[Model, Generates, TokenInput(Context, Vocabulary), Embedding(16), PositionalEmbedding, TransformerEncoder(2, 24, Causal = true), Dense(Vocabulary), SoftmaxCrossEntropy]
public sealed partial class WriterModel
{
    /// <summary>Positions.</summary>
    public const int Context = 12;

    /// <summary>Token ids.</summary>
    public const int Vocabulary = 7;
}
