using ModelDsl.Generator.Tests.Generated;

namespace ModelDsl.Generator.Tests.Decoding;

/// <summary>Models that generate, each with another way to distinguish positions or to exclude later ones, compiled once for all classes of tests.</summary>
public sealed class DecodedModels
{
    // xunit makes a fixture for each class.
    private static readonly Lazy<ModelLibrary> Compiled = new(() => ModelLibrary.Of(Sources));

    internal ModelLibrary Library { get; } = Compiled.Value;

    /// <summary>The number of tokens that all of them know.</summary>
    public const int Vocabulary = 11;

    private const string Blocks = """
        [Block, TransformerEncoder(4, 40, NormFirst = true, Causal = true, Activation = TransformerActivation.Gelu)] internal sealed partial class Layer;
        [Block, TransformerEncoder(4, 40, Causal = true, Rope = true, KeyValueHeads = 2, Activation = TransformerActivation.Silu)] internal sealed partial class Rotated;
        [Block, TransformerEncoder(2, 20, Causal = true, Alibi = true, Window = 7)] internal sealed partial class Near;
        [Block, TransformerEncoder(2, 20, Causal = true, Rope = true, Window = 40)] internal sealed partial class Distant;
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
        ["Long"] = "TokenInput(131, 11), Embedding(24), PositionalEmbedding, Apply<Layer>, Apply<Distant>, Dense(11), SoftmaxCrossEntropy] public partial class Long;",
        ["Short"] = "TokenInput(3, 11), Embedding(24), PositionalEmbedding, Apply<Layer>, Dense(11), SoftmaxCrossEntropy] public partial class Short;",
        ["One"] = "TokenInput(1, 11), Embedding(24), PositionalEmbedding, Apply<Layer>, Dense(11), SoftmaxCrossEntropy] public partial class One;",
        ["Bigram"] = "TokenInput(33, 11), Embedding(8), Relu, Dense(11), SoftmaxCrossEntropy] public partial class Bigram;",
        ["Wide"] = "TokenInput(36, 11), Embedding(64), PositionalEmbedding, Repeat<Layer>(3), LayerNorm, Dense(11), SoftmaxCrossEntropy] public partial class Wide;",
    };

    /// <summary>Models that carry a state from position to position.</summary>
    private static readonly Dictionary<string, string> Recurrent = new()
    {
        ["LstmOnly"] = "TokenInput(40, 11), Embedding(12), Lstm(24, ReturnSequences = true), Dense(11), SoftmaxCrossEntropy] public partial class LstmOnly;",
        ["GruStack"] = "TokenInput(37, 11), Embedding(9), Gru(17, Layers = 2, ReturnSequences = true), Dense(11), SoftmaxCrossEntropy] public partial class GruStack;",
        ["RnnPadded"] = "TokenInput(30, 11, Padding = 0), Embedding(8), SimpleRnn(33, ReturnSequences = true, UseBias = false), LayerNorm, Dense(11), SoftmaxCrossEntropy] public partial class RnnPadded;",
        ["Mixed"] = """
            TokenInput(36, 11, Padding = 0), Embedding(24), PositionalEmbedding, Lstm(24, ReturnSequences = true), Apply<Layer>, Gru(16, ReturnSequences = true), Dense(11), SoftmaxCrossEntropy]
            public partial class Mixed;
            """,
        ["Scanned"] = """
            SoftmaxCrossEntropy] public partial class Scanned
            {
                [Weight(10, Init = Init.Normal)] private static partial Tensor Start { get; }

                private static Tensor Forward([TokenInput(34, 11)] Tensor tokens) =>
                    tokens.Embedding(6).Scan((Start, Tensor.Zeros(5)), (state, x) =>
                    {
                        var (h, c) = state;
                        var next = Tensor.Concat(h, c, x).Dense(10).LayerNorm().Tanh();
                        var sum = 0.9 * c + x.Dense(5).Sigmoid();
                        return ((next, sum), Tensor.Concat(next * 2, sum).Dense(7).Gelu());
                    }).Dense(11);
            }
            """,
        ["Decaying"] = """
            SoftmaxCrossEntropy] public partial class Decaying
            {
                private static Tensor Forward([TokenInput(33, 11)] Tensor tokens)
                {
                    var x = tokens.Embedding(16).Reshape(33, 2, 8);
                    var sums = x.Scan(Tensor.Zeros(2, 8) + 1, (sum, x) => { var next = sum * 0.5 + x; return (next, sum); });
                    return (x + sums).Reshape(33, 16).Dense(11);
                }
            }
            """,
        ["AttendingToStates"] = """
            SoftmaxCrossEntropy] public partial class AttendingToStates
            {
                private static Tensor Forward([TokenInput(35, 11)] Tensor tokens)
                {
                    var x = tokens.Embedding(16);
                    var states = x.Gru(16, returnSequences: true);
                    var before = x.Scan(Tensor.Zeros(16), (h, x) => ((h + x).Tanh(), h));
                    var near = states.MatMul(states.Transpose()).Softmax(Tensor.CausalMask(35)).MatMul(before);
                    return (near + before.MatMul(before.Transpose()).Softmax(Tensor.CausalMask(35)).MatMul(states)).Dense(11);
                }
            }
            """,
        ["RnnOfOne"] = "TokenInput(1, 11), Embedding(5), SimpleRnn(6, ReturnSequences = true), Dense(11), SoftmaxCrossEntropy] public partial class RnnOfOne;",
    };

    /// <summary>Models with another input in addition to the tokens, which a session receives when it begins.</summary>
    private static readonly Dictionary<string, string> EncoderDecoders = new()
    {
        ["Translation"] = """
            SoftmaxCrossEntropy] public partial class Translation
            {
                private static Tensor Forward([TokenInput(20, 13, Padding = 0)] Tensor source, [TokenInput(34, 11, Padding = 0)] Tensor target)
                {
                    var memory = source.Embedding(16).SinusoidalEmbedding().TransformerEncoder(4, 24);
                    return target.Embedding(16).SinusoidalEmbedding().TransformerDecoder(memory, 4, 24).TransformerDecoder(memory, 4, 24, normFirst: true).Dense(11);
                }
            }
            """,
        ["Captioned"] = """
            SoftmaxCrossEntropy] public partial class Captioned
            {
                private static Tensor Forward([Input(3, 6)] Tensor image, [Input(5)] Tensor style, [TokenInput(33, 11)] Tensor text)
                {
                    var x = text.Embedding(16).PositionalEmbedding().SelfAttention(2, causal: true) + style.Dense(16).Reshape(1, 16);
                    return (x + x.CrossAttention(image.Dense(12), 2)).LayerNorm().Dense(11);
                }
            }
            """,
        ["SequenceToSequence"] = """
            SoftmaxCrossEntropy] public partial class SequenceToSequence
            {
                private static Tensor Forward([TokenInput(18, 13, Padding = 0)] Tensor source, [TokenInput(35, 11)] Tensor target)
                {
                    var (states, end) = source.Embedding(10).Lstm((Tensor.Zeros(16), Tensor.Zeros(16)), 16, returnSequences: true);
                    var (all, _) = target.Embedding(10).Lstm(end, 16, returnSequences: true);
                    return (all + all.CrossAttention(states, 2)).Dense(11);
                }
            }
            """,
        ["Prefixed"] = """
            SoftmaxCrossEntropy] public partial class Prefixed
            {
                private static Tensor Forward([TokenInput(18, 13)] Tensor source, [TokenInput(30, 11)] Tensor target)
                {
                    var start = source.Embedding(9).Gru(12);
                    return target.Embedding(12).Scan(start, (h, x) => { var next = (h.Dense(12) + x + start).Tanh(); return (next, next); }).Dense(11);
                }
            }
            """,
    };

    public static TheoryData<string> Names => [.. Models.Keys, .. Recurrent.Keys];

    public static TheoryData<string> EncoderDecoderNames => [.. EncoderDecoders.Keys];

    public static TheoryData<string> AllNames => [.. Keys];

    internal static IReadOnlyList<string> Keys => [.. Models.Keys, .. Recurrent.Keys, .. EncoderDecoders.Keys];

    private static string[] Sources => [Blocks, .. Models.Values.Concat(Recurrent.Values).Concat(EncoderDecoders.Values).Select(model => "[Model, Generates, " + model)];
}
