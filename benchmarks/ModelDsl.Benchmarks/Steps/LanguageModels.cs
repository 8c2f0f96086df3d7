namespace ModelDsl.Benchmarks.Steps;

/// <summary>nanoGPT's configuration of shakespeare_char for CPUs, which <c>samples/CharGpt</c> trains: the layers of <see cref="GptModel"/> over 64 characters.</summary>
[Model]
[TokenInput(Context, Vocabulary)]
[Embedding(128), PositionalEmbedding]
[Repeat<GptBlock>(4)]
[LayerNorm]
[Dense(Vocabulary, UseBias = false)]
[SoftmaxCrossEntropy]
public sealed partial class CharGptModel
{
    /// <summary>Positions of a sample.</summary>
    public const int Context = 64;

    /// <summary>Token ids: the 65 characters of the text, padding and the unknown one.</summary>
    public const int Vocabulary = 67;
}
