namespace ModelDsl.Runtime.Tests.Sessions;

/// <summary>A small model with an encoder and a decoder.</summary>
[Model, Generates, SoftmaxCrossEntropy]
public sealed partial class TranslatorModel
{
    private static Tensor Forward([TokenInput(6, 9, Padding = 0)] Tensor source, [TokenInput(10, 7)] Tensor target)
    {
        var memory = source.Embedding(8).SinusoidalEmbedding().TransformerEncoder(2, 12);
        return target.Embedding(8).SinusoidalEmbedding().TransformerDecoder(memory, 2, 12).Dense(7);
    }
}
