using ModelDsl.Generator.Tests.Generated;

namespace ModelDsl.Generator.Tests.Decoding;

/// <summary>Models that generate, each with its own way to tell positions apart or to leave out later ones, compiled once.</summary>
public sealed class DecodedModels() : LibraryFixture(Sources)
{
    /// <summary>The number of tokens that all of them know.</summary>
    public const int Vocabulary = 11;

    private const string Blocks = """
        [Block, TransformerEncoder(4, 40, NormFirst = true, Causal = true, Activation = TransformerActivation.Gelu)] internal sealed partial class Layer;
        [Block, TransformerEncoder(4, 40, Causal = true, Rope = true, KeyValueHeads = 2, Activation = TransformerActivation.Silu)] internal sealed partial class Rotated;
        [Block, TransformerEncoder(2, 20, Causal = true, Alibi = true, Window = 7)] internal sealed partial class Near;
        [Block] internal sealed partial class OfPrimitives(bool isConstant)
        {
            private Tensor Forward(Tensor x)
            {
                var mask = isConstant ? Tensor.Constant((q, k) => k <= q && q - k != 3 ? 1 : 0, x.Length, x.Length) : Tensor.CausalMask(x.Length);
                var scores = x.Dense(8).MatMul(x.Dense(8).Transpose()) / Math.Sqrt(8);
                return x + scores.Softmax(mask).MatMul(x.Dense(x.Channels));
            }
        }
        """;

    private static readonly Dictionary<string, string> Models = new()
    {
        ["Gpt"] = "TokenInput(40, 11), Embedding(24), PositionalEmbedding, Repeat<Layer>(2), LayerNorm, Dense(11), SoftmaxCrossEntropy] public partial class Gpt;",
        ["Rope"] = "TokenInput(37, 11), Embedding(16), Repeat<Rotated>(2), RmsNorm, Dense(11, UseBias = false), SoftmaxCrossEntropy] public partial class Rope;",
        ["Window"] = "TokenInput(33, 11), Embedding(12), SinusoidalEmbedding, Apply<Near>, Dense(11), SoftmaxCrossEntropy] public partial class Window;",
        ["Padded"] = "TokenInput(20, 11, Padding = 0), Embedding(24), SinusoidalEmbedding, Apply<Layer>, Dense(11), SoftmaxCrossEntropy] public partial class Padded;",
        ["Masked"] = "TokenInput(34, 11), Embedding(8), PositionalEmbedding, Apply<OfPrimitives>(false), Tanh, Dense(11), SoftmaxCrossEntropy] public partial class Masked;",
        ["Table"] = "TokenInput(34, 11), Embedding(8), PositionalEmbedding, Apply<OfPrimitives>(true), LayerNorm, Dense(11), SoftmaxCrossEntropy] public partial class Table;",
        ["Tied"] = """
            SoftmaxCrossEntropy] public partial class Tied
            {
                [Weight(11, 16, Init = Init.Normal)] private static partial Tensor Words { get; }

                private static Tensor Forward([TokenInput(35, 11)] Tensor tokens)
                {
                    var x = Words.Gather(tokens).PositionalEmbedding().LayerNorm();
                    var (q, k, v) = (x.Dense(16).RotaryEmbedding(), x.Dense(16), x.Dense(16));
                    return (x + Tensor.Attention(q, k, v, causal: true)).Gelu().MatMul(Words.Transpose());
                }
            }
            """,
        ["Short"] = "TokenInput(3, 11), Embedding(24), PositionalEmbedding, Apply<Layer>, Dense(11), SoftmaxCrossEntropy] public partial class Short;",
        ["One"] = "TokenInput(1, 11), Embedding(24), PositionalEmbedding, Apply<Layer>, Dense(11), SoftmaxCrossEntropy] public partial class One;",
        ["Bigram"] = "TokenInput(33, 11), Embedding(8), Relu, Dense(11), SoftmaxCrossEntropy] public partial class Bigram;",
        ["Wide"] = "TokenInput(36, 11), Embedding(64), PositionalEmbedding, Repeat<Layer>(3), LayerNorm, Dense(11), SoftmaxCrossEntropy] public partial class Wide;",
    };

    public static TheoryData<string> Names => [.. Models.Keys];

    private static string[] Sources => [Blocks, .. Models.Values.Select(model => "[Model, Generates, " + model)];
}
