using ModelDsl;

namespace Embeddings;

/// <summary>
/// Computes a unit vector for a text, so that the cosine of the vectors of two texts says how similar they are: the mean of what MiniLM, the imported network, computes for each token.
/// </summary>
[Model(PredictionOnly = true), Weights("MiniLM.safetensors")]
public sealed partial class SentenceEncoder
{
    /// <summary>The number of tokens of a text, with the padding after it.</summary>
    public const int Length = 128;

    /// <summary>The number of tokens of the vocabulary.</summary>
    public const int Tokens = 30522;

    // The block has the name that it has in the imported model, and so have its weights in the file.
    private readonly MiniLMBlock net = new();

    // A token has the number 1 in the mask, padding 0. Segments tell two sentences of one text apart; here they are all 0.
    private Tensor Forward([TokenInput(Length, Tokens)] Tensor tokens, [Input(Length)] Tensor mask, [TokenInput(Length, 2)] Tensor segments)
    {
        var sum = mask.Reshape(1, Length).MatMul(tokens.Apply(net, mask, segments));
        return sum / sum.Square().Sum().Sqrt();
    }
}
