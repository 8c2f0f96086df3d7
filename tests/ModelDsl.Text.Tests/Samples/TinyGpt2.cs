using CharGpt.Pretrained;

namespace ModelDsl.Text.Tests.Samples;

/// <summary>The GPT-2 of tests/vectors/gpt2, declared as the sample CharGpt declares the published one.</summary>
[Model, Generates, SoftmaxCrossEntropy]
internal sealed partial class TinyGpt2
{
    public const int Layers = 2, Heads = 2, Width = 16, Context = 32, Vocabulary = 269;

    public static Gpt2Shape Shape { get; } = new(nameof(TinyGpt2), "TinyGpt2.cs", Layers, Heads, Width, Context, Vocabulary, TransformerActivation.GeluTanh, 1e-5)
    {
        Create = static device => new TinyGpt2(seed: 1, device),
        CreateSession = static model => ((TinyGpt2)model).CreateSession(),
    };

    [Weight(Vocabulary, Width, Name = "wte", Frozen = true)]
    private static partial Tensor Words { get; }

    private static Tensor Forward([TokenInput(Context, Vocabulary)] Tensor tokens)
    {
        var x = Words.Gather(tokens).PositionalEmbedding(frozen: true);
        for (var i = 0; i < Layers; i++)
            x = x.TransformerEncoder(Heads, 4 * Width, TransformerActivation.GeluTanh, normFirst: true, causal: true, frozen: true);
        return x.LayerNorm(frozen: true).MatMul(Words.Transpose());
    }
}
