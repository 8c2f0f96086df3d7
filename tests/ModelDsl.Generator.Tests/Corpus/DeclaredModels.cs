using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ModelDsl.Generator.Tests.Corpus;

/// <summary>Models that between them use everything the language has, with widths that are no multiple of anything.</summary>
internal static class DeclaredModels
{
    public static IReadOnlyDictionary<string, string> Groups { get; } = new Dictionary<string, string>
    {
        ["forwards"] = ForwardModels.Sources,
        ["dense"] = """
        [Model, Input(1), Dense(1), MeanSquaredError] public partial class Line;
        [Model, Input(2), Dense(1), MeanSquaredError] public partial class Plane;
        [Model, Input(5), Dense(3, UseBias = false), MeanAbsoluteError] public partial class NoBias;
        [Model, Input(37), Dense(67), Relu, Dense(33), Relu, Dense(10), SoftmaxCrossEntropy] public partial class Mlp;
        [Model, Input(130), Dense(100), Tanh, Dense(65), Gelu, Dense(70), Sigmoid, Dense(17), Huber] public partial class Wide;
        [Model, Input(9), Dense(1100), Silu, Dense(7), MeanSquaredError] public partial class VeryWide;
        [Model, Input(6), Dense(1030), LayerNorm, Dense(3), MeanSquaredError] public partial class WideNorm;
        [Model, Input(5), Dense(16), Tanh, Dense(48), Relu, Dense(16), MeanSquaredError] public partial class HalfPanels;
        [Model, Input(12), Dense(5), Relu, Dense(12), MeanSquaredError(Target = Target.Input)] public partial class Autoencoder;
        [Model, Input(8), Dense(6), LeakyRelu(Slope = 0.2), Dense(5), Elu, Dense(4), Softplus, Dense(1), BinaryCrossEntropy] public partial class Binary;
        [Model, Input(8), Dense(6), BinaryCrossEntropy(LabelSmoothing = 0.1)] public partial class ManyBinary;
        [Model, Input(7), Dense(9), SoftmaxCrossEntropy(LabelSmoothing = 0.1)] public partial class Smoothed;
        [Model, Input(7), Dense(9), SoftmaxCrossEntropy(SoftTargets = true)] public partial class Soft;
        [Model, Input(7), Dense(9), SoftmaxCrossEntropy(SoftTargets = true, LabelSmoothing = 0.2)] public partial class SoftSmoothed;
        [Model, Input(7), Dense(70), SoftmaxCrossEntropy] public partial class ManyClasses;
        [Model, Input(7), Dense(1003), SoftmaxCrossEntropy(LabelSmoothing = 0.05)] public partial class VeryManyClasses;
        [Model, Input(5), Dense(11), Softmax, Dense(6), Softmax, MeanSquaredError] public partial class HiddenSoftmax;
        [Model, Input(5), Dense(150), Softmax, Dense(3), MeanSquaredError] public partial class WideSoftmax;
        [Model, Input(6), Dense(10), LayerNorm, Relu, Dense(20), RmsNorm, Gelu(Approximate = true), Dense(4), SoftmaxCrossEntropy] public partial class Norms;
        [Model, Input(6), Dense(90), LayerNorm(UseBias = false), Dense(80), RmsNorm(UseScale = false), Dense(4), Huber(Delta = 0.3)] public partial class WideNorms;
        [Model, Input(6), Dense(10, Frozen = true), Relu, Dense(4, Frozen = true), LayerNorm(Frozen = true), Dense(3), MeanSquaredError] public partial class Frozen;
        [Model, Input(6), Dense(10), Relu, Dense(4, Frozen = true), MeanSquaredError] public partial class FrozenHead;
        [Model, Input(6), LayerNorm, Dense(4), MeanSquaredError] public partial class NormFirst;
        [Model, Input(6), Relu, Dense(4), MeanSquaredError] public partial class ReluFirst;
        """,
        ["recurrent"] = """
        [Model, Input(6, 5), Lstm(7), Dense(3), SoftmaxCrossEntropy] public partial class LstmLast;
        [Model, Input(5, 20), Lstm(33, ReturnSequences = true), Lstm(17), Dense(2), SoftmaxCrossEntropy] public partial class LstmStack;
        [Model, Input(4, 6), Lstm(9, Layers = 2, Bidirectional = true, Dropout = 0.3, ReturnSequences = true), Dense(3), MeanSquaredError] public partial class LstmBoth;
        [Model, TokenInput(6, 9, Padding = 0), Embedding(5), Gru(8, Bidirectional = true), Dense(2), SoftmaxCrossEntropy] public partial class GruPadded;
        [Model, TokenInput(5, 9, Padding = 0), Embedding(5), Gru(40, Layers = 2, UseBias = false, ReturnSequences = true), Last, Dense(2), SoftmaxCrossEntropy] public partial class GruLast;
        [Model, Input(7, 3), SimpleRnn(16, Frozen = true), Dense(2), MeanSquaredError] public partial class RnnFrozen;
        [Model, Input(13, 4), Conv1D(6, 3), Relu, MaxPool1D(2), SimpleRnn(5, ReturnSequences = true), Flatten, Dense(2), MeanSquaredError] public partial class RnnFlat;
        [Model, MeanSquaredError] public partial class Handed
        {
            private static Tensor Forward([Input(4, 6)] Tensor x, [Input(5, 6)] Tensor y)
            {
                var (_, state) = x.Lstm((Tensor.Zeros(8), Tensor.Zeros(8)), 8);
                var (states, end) = y.Lstm(state, 8, returnSequences: true);
                var (h, c) = end;
                return Tensor.Concat(states.Mean(0), h, c).Dense(3);
            }
        }
        """,
        ["attention"] = """
        [Model, Input(5, 8), SelfAttention(2), Dense(3), MeanSquaredError] public partial class Attention;
        [Model, Input(7, 12), SelfAttention(3, Causal = true), Dense(3), MeanSquaredError] public partial class CausalAttention;
        [Model, Input(33, 40), Dense(64), SelfAttention(4, Causal = true, UseBias = false), Dense(3), MeanSquaredError] public partial class WideAttention;
        [Model, Input(6, 24), SelfAttention(6, KeyValueHeads = 2, Rope = true), Dense(3), MeanSquaredError] public partial class GroupedAttention;
        [Model, Input(6, 8), SelfAttention(4, KeyValueHeads = 1, Causal = true, Alibi = true), Dense(3), MeanSquaredError] public partial class SlopedAttention;
        [Model, Input(9, 8), SelfAttention(2, Window = 3), SelfAttention(2, Window = 2, Causal = true, Dropout = 0.2), Dense(3), MeanSquaredError] public partial class WindowAttention;
        [Model, TokenInput(6, 9, Padding = 0), Embedding(8), SinusoidalEmbedding, SelfAttention(2), SelfAttention(2, Causal = true, Rope = true), Dense(4), SoftmaxCrossEntropy] public partial class PaddedAttention;
        [Model, TokenInput(5, 9), Embedding(6), PositionalEmbedding, TransformerEncoder(3, 20), TransformerEncoder(2, 17, NormFirst = true, Activation = TransformerActivation.GeluTanh, Causal = true, Dropout = 0.1), Dense(9), SoftmaxCrossEntropy]
        public partial class Encoder;
        [Model, Input(4, 6), RotaryEmbedding, Dense(8), Reshape(4, 2, 4), RotaryEmbedding(Base = 50), Dense(3), MeanSquaredError] public partial class Rotary;
        [Model, MeanSquaredError] public partial class Crossed
        {
            private static Tensor Forward([Input(5, 8)] Tensor x, [TokenInput(7, 6, Padding = 0)] Tensor memory)
            {
                var m = memory.Embedding(12);
                return x.CrossAttention(m, 2).CrossAttention(memory.Embedding(8), 4, dropout: 0.1).Dense(3);
            }
        }
        [Model, Input(6, 24), MeanSquaredError] public partial class AttentionFunction
        {
            private static Tensor Forward(Tensor x)
            {
                var q = x.Dense(16).Reshape(6, 4, 4);
                var k = x.Dense(8).Reshape(6, 2, 4);
                var v = x.Dense(6).Reshape(6, 2, 3);
                var one = Tensor.Attention(x.Dense(5), x.Dense(5), x.Dense(12), window: 3);
                return Tensor.Attention(q, k, v, causal: true).Reshape(6, 12) + one;
            }
        }
        """,
        ["named outputs"] = """
        [Model, Input(7), Dense(9), Output("first"), Relu, Dense(5, Name = "code"), Tanh, Output, Dense(3), Output("last"), SoftmaxCrossEntropy] public partial class Coded;
        [Model, Input(5), Dense(8), Gelu, LayerNorm, Output("normed"), Dense(5), MeanSquaredError(Target = Target.Input)] public partial class CodedNorm;
        [Model, Input(6), Dropout(0.4), Output("kept"), Dense(3), MeanSquaredError] public partial class CodedInput;
        [Model, Input(7, 6, 3), Conv2D(5, 3), Output("maps"), Relu, MaxPool2D(2), Flatten, Output("flat"), Dense(4), SoftmaxCrossEntropy] public partial class CodedMaps;
        [Model, Input(8, 7, 2), Conv2D(6, 3), Relu, MaxPool2D(2), Output("pooled"), Conv2D(4, 2), BatchNorm, Relu, GlobalAveragePool, Output("features"), Dense(3), SoftmaxCrossEntropy] public partial class CodedPools;
        [Model, TokenInput(6, 9, Padding = 0), Embedding(5), PositionalEmbedding, Output("words"), LayerNorm, GlobalAveragePool, Output("sentence"), Dense(2), SoftmaxCrossEntropy] public partial class CodedTokens;
        [Model, MeanSquaredError] public partial class CodedTowers
        {
            private static Tensor Forward([Input(6)] Tensor left, [Input(4)] Tensor right)
            {
                var a = left.Dense(5).Tanh().Output("leftTower");
                var b = right.Dense(5).Tanh().Output("rightTower");
                return (a * b).Dense(2);
            }
        }
        [Model] public partial class CodedLosses
        {
            private static (Tensor kind, Tensor size) Forward([Input(6)] Tensor x)
            {
                var h = x.Dense(7).Relu().Output("shared");
                return (h.Dense(4), h.Dense(2).Output("sizes"));
            }

            [Loss]
            private static Tensor Both(Tensor kind, [Label(4)] Tensor which, Tensor size, [Target(2)] Tensor measured) =>
                kind.SoftmaxCrossEntropy(which) + size.MeanSquaredError(measured);
        }
        """,
        ["batch normalisation"] = """
        [Model, Input(7), Dense(9), BatchNorm, Relu, Dense(3), SoftmaxCrossEntropy] public partial class Normed;
        [Model, Input(7), BatchNorm, Dense(3), MeanSquaredError] public partial class NormedFirst;
        [Model, Input(7), Dense(5), BatchNorm, MeanSquaredError] public partial class NormedLast;
        [Model, Input(7), Dense(130), BatchNorm(Momentum = 0.3, Epsilon = 0.01), Gelu, Dense(70), BatchNorm(UseBias = false), Relu, Dense(3), MeanSquaredError]
        public partial class NormedWide;
        [Model, Input(4, 3, 5), Dense(6, UseBias = false), BatchNorm, Relu, Dense(33), BatchNorm(UseScale = false, UseBias = false), Flatten, Dense(2), MeanSquaredError]
        public partial class NormedMaps;
        [Model, Input(40, 40, 3), Dense(17), BatchNorm, Relu, Dense(2), MeanSquaredError] public partial class NormedLargeMaps;
        [Model, Input(6, 5), Dense(8), BatchNorm(Momentum = 1), Dropout(0.3), Dense(8), BatchNorm(Momentum = 0), Dense(2), MeanSquaredError]
        public partial class NormedRows;
        [Model, Input(7), Dense(9), BatchNorm(Frozen = true), Relu, Dense(3), BatchNorm(Momentum = 0.5), SoftmaxCrossEntropy] public partial class NormedFrozen;
        [Block, Dense(6), BatchNorm, Relu, Dense(6), BatchNorm] internal partial class Basic;
        [Model, Input(3, 6), Residual<Basic>, Relu, Residual<Basic>, Flatten, Dense(3), SoftmaxCrossEntropy] public partial class NormedDeep;
        [Block, Dense(6), BatchNorm, Tanh] internal partial class Tower;
        [Model, Input(2, 6), MeanSquaredError]
        public partial class NormedTwice
        {
            private readonly Tower tower = new();
            private Tensor Forward(Tensor pair) => (pair[0].Apply(tower) - pair[1].Apply(tower)).Square().Dense(1);
        }
        """,
        ["maps"] = """
        [Model, Input(4, 3, 5), Dense(12), GroupNorm(3), Relu, GlobalAveragePool, Dense(3), SoftmaxCrossEntropy] public partial class Grouped;
        [Model, Input(4, 3, 5), Dense(12), GroupNorm(1), Gelu, Dense(6), GroupNorm(6, UseBias = false), Flatten, Dense(3), MeanSquaredError] public partial class GroupedEnds;
        [Model, Input(7), Dense(36), GroupNorm(4), Tanh, Dense(6), GroupNorm(3, UseScale = false), Dense(3), MeanSquaredError] public partial class GroupedFlat;
        [Model, Input(9, 40), GroupNorm(2), Dense(70), GroupNorm(7, Epsilon = 0.01), Relu, GlobalAveragePool, Dense(2), MeanSquaredError] public partial class GroupedRows;
        [Model, Input(6, 5, 3), GlobalAveragePool, Dense(2), MeanSquaredError] public partial class PooledFirst;
        [Model, Input(3, 4, 5), Dense(6), Tanh, Dense(7), GlobalAveragePool, Dense(2), MeanSquaredError] public partial class PooledProducts;
        [Model, Input(3, 4, 5), Dense(19), Dropout2D(0.4), Relu, Dense(3), Dropout2D(0.2), Flatten, Dense(2), MeanSquaredError] public partial class DroppedMaps;
        [Model, Input(5, 4), Dense(18), Dropout2D(0.5), GlobalAveragePool, Dense(2), MeanSquaredError] public partial class DroppedChannels;
        [Model, Input(3, 2, 5), Dense(6), UpSample2D(2), Relu, Dense(2), MeanSquaredError] public partial class Enlarged;
        [Model, Input(3, 2, 5), Dense(17), UpSample2D(3, Interpolation = Interpolation.Bilinear), Tanh, Dense(2), MeanSquaredError] public partial class EnlargedSmoothly;
        [Model, Input(2, 2, 3), UpSample2D(2, Interpolation = Interpolation.Bilinear), UpSample2D(2), Dense(2), MeanSquaredError] public partial class EnlargedTwice;
        [Model, Input(3, 2, 5), Dense(6), Pad(1), Relu, Dense(3), Pad(2, 0), Flatten, Dense(2), MeanSquaredError] public partial class Padded;
        [Model, Input(4, 5), Dense(6), Pad(3, 0), Dense(2), Pad(1), MeanSquaredError] public partial class PaddedRows;
        [Block, BatchNorm, Relu, Dense(6), GroupNorm(2)] internal partial class Mixed;
        [Model, Input(3, 4, 6), Residual<Mixed>, UpSample2D(2), Residual<Mixed>, GlobalAveragePool, Dense(3), SoftmaxCrossEntropy] public partial class Deeper;
        """,
        ["dropout"] = """
        [Model, Input(10), Dense(40), Dropout(0.5), Relu, Dense(5), SoftmaxCrossEntropy] public partial class Dropped;
        [Model, Input(10), Dropout(0.2), Dense(70), Relu, Dropout(0.3), Dense(5), Dropout(0.1), MeanSquaredError] public partial class DroppedTwice;
        [Model, Input(3, 5), Dense(18), Dropout(0.4), LayerNorm, Dropout(0.25), Dense(2), MeanSquaredError] public partial class DroppedRows;
        [Model, Input(3, 5), Dense(100), Dropout(0.4), LayerNorm, Dropout(0.25), Dense(2), MeanSquaredError] public partial class DroppedWideRows;
        [Model, TokenInput(6, 11), Embedding(13), Dropout(0.2), Flatten, Dense(11), SoftmaxCrossEntropy] public partial class DroppedTokens;
        [Model, Input(3, 8, 2), Dense(5), Dropout(0.3), Tanh, AveragePool2D(3, Stride = 2), Flatten, Dense(2), MeanSquaredError] public partial class DroppedAndNotRead;
        """,
        ["tokens"] = """
        [Model, TokenInput(5, 19), Embedding(7), Flatten, Dense(23), Gelu, Dense(19), SoftmaxCrossEntropy] public partial class Window;
        [Model, TokenInput(4, 6), Embedding(3), PositionalEmbedding, LayerNorm, Dense(6), SoftmaxCrossEntropy] public partial class PerToken;
        [Model, TokenInput(4, 300), Embedding(70), PositionalEmbedding, RmsNorm, Dense(300), SoftmaxCrossEntropy(LabelSmoothing = 0.1)] public partial class Vocabulary;
        [Model, TokenInput(1, 5), Embedding(9), Dense(4), MeanSquaredError] public partial class OneToken;
        [Model, TokenInput(9, 5), Embedding(1), Flatten, Dense(2), SoftmaxCrossEntropy] public partial class NarrowEmbedding;
        [Model, TokenInput(3, 5), Embedding(4, Frozen = true), Flatten, Dense(2), SoftmaxCrossEntropy] public partial class FrozenEmbedding;
        [Model, TokenInput(3, 5), Embedding(8), Reshape(6, 4), Dense(5), Relu, Flatten, Dense(2), SoftmaxCrossEntropy] public partial class ReshapedTokens;
        """,
        ["left out"] = """
        [Model, Input(7), Dense(9), SoftmaxCrossEntropy(Ignore = -100)] public partial class IgnoredSamples;
        [Model, Input(5, 6), Dense(70), SoftmaxCrossEntropy(Ignore = 3, LabelSmoothing = 0.1)] public partial class IgnoredClass;
        [Model, TokenInput(7, 5, Padding = 0), Embedding(6), LayerNorm, Dense(5), SoftmaxCrossEntropy] public partial class PaddedTokens;
        [Model, TokenInput(33, 4, Padding = 3), Embedding(18), Dense(9), Tanh, Dense(70), SoftmaxCrossEntropy(Ignore = -1)] public partial class PaddedAndIgnored;
        [Model, TokenInput(7, 3, Padding = 0), Embedding(6), GlobalAveragePool, Dense(3), MeanSquaredError] public partial class PaddedPool;
        [Model, TokenInput(6, 3, Padding = 2), Embedding(6), Dense(3), Huber] public partial class PaddedNumbers;
        [Model] public partial class Masked
        {
            [Weight(9, 6, Init = Init.Normal)] private static partial Tensor Table { get; }

            private static (Tensor words, Tensor next) Forward([TokenInput(8, 9, Padding = 0)] Tensor tokens, [TokenInput(8, 3, Padding = 2)] Tensor segments)
            {
                var x = (Table.Gather(tokens) + segments.Embedding(6)).LayerNorm();
                var pooled = Tensor.Concat(x.Mean(0), x[2..].Sum(0), x.Mean());
                return (x.Dense(6).MatMul(Table.Transpose()), pooled.Dense(2));
            }

            [Loss] private static Tensor Both(Tensor words, [Label(9, Length = 8, Ignore = -100)] Tensor masked, Tensor next, [Label(2, Ignore = 255)] Tensor isNext) =>
                words.SoftmaxCrossEntropy(masked) + 0.5 * next.SoftmaxCrossEntropy(isNext);
        }
        """,
        ["recurrences"] = """
        [Model, MeanSquaredError] public partial class Recurrent
        {
            private static Tensor Forward([Input(6, 5)] Tensor x) => x.Scan(Tensor.Zeros(9), (h, x) =>
            {
                var next = Tensor.Concat(h, x).Dense(9).Tanh();
                return (next, next);
            }).Dense(2);
        }

        [Model, SoftmaxCrossEntropy] public partial class Gated
        {
            private static Tensor Forward([TokenInput(4, 7, Padding = 0)] Tensor tokens) =>
                tokens.Embedding(18).Scan((Tensor.Zeros(17), Tensor.Zeros(17)), (state, x) =>
                {
                    var (h, c) = state;
                    var gates = x.Dense(68) + h.Dense(68, useBias: false);
                    c = gates.Slice(17, 17, 0).Sigmoid() * c + gates.Slice(0, 17, 0).Sigmoid() * gates.Slice(34, 17, 0).Tanh();
                    h = gates.Slice(51, 17, 0).Sigmoid() * c.Tanh();
                    return ((h, c), h);
                })[^1].Dense(3);
        }
        """,
        ["several losses"] = """
        [Block, Dense(19), LeakyRelu, Dense(9), Tanh] internal partial class Maker;
        [Block, Dense(17), LeakyRelu, Dense(3)] internal partial class Judge;
        [Model] public partial class Rivals
        {
            private readonly Maker maker = new();
            private readonly Judge judge = new();

            private (Tensor picture, Tensor verdict) Forward([Input(5)] Tensor noise) => (noise.Apply(maker), noise.Apply(maker).Apply(judge));

            [Loss(Trains = nameof(judge))]
            private Tensor JudgeLoss(Tensor verdict, [Label(3, Ignore = -1)] Tensor kind, [Input(9)] Tensor real) =>
                real.Apply(judge).Square().Mean() + verdict.SoftmaxCrossEntropy(kind);

            [Loss(Trains = nameof(maker))]
            private Tensor MakerLoss(Tensor picture, [Input(9)] Tensor real) => picture.Huber(real);
        }
        """,
        ["rows"] = """
        [Model, Input(4, 6), Dense(9), Relu, Dense(3), MeanSquaredError] public partial class Rows;
        [Model, Input(2, 3, 5), Dense(7), Tanh, LayerNorm, Dense(4), MeanSquaredError] public partial class Images;
        [Model, Input(2, 3, 5), Flatten, Dense(12), Reshape(3, 4), Dense(5), Softmax, Flatten, Dense(3), SoftmaxCrossEntropy] public partial class Shapes;
        [Model, Input(64), LayerNorm, Gelu, RmsNorm, Softmax, LayerNorm, Tanh, LayerNorm, Silu, RmsNorm, SoftmaxCrossEntropy(SoftTargets = true)]
        public partial class ManyRowStages;
        [Model, Input(67), LayerNorm, Gelu, RmsNorm, Softmax, LayerNorm, Tanh, LayerNorm, Silu, RmsNorm, SoftmaxCrossEntropy] public partial class ManyWideRowStages;
        [Model, Input(4, 6), Dense(9), Reshape(4, 9), SoftmaxCrossEntropy] public partial class RowClasses;
        [Model, Input(4, 6), Dense(9), SoftmaxCrossEntropy(SoftTargets = true)] public partial class RowSoft;
        [Model, Input(4, 6), Dense(1), BinaryCrossEntropy] public partial class RowBinary;
        [Model, Input(4, 6), Dense(6), MeanAbsoluteError(Target = Target.Input)] public partial class RowAutoencoder;
        """,
        ["composition"] = """
        [Block, LayerNorm, Dense(24), Gelu, Dense(6)] internal partial class FeedForward;
        [Block] internal partial class Nothing;
        [Block, Dense(11), Relu] internal partial class Branch;
        [Block, Dense(6), Tanh, Dropout(0.3)] internal partial class Narrow;
        [Block, Residual<FeedForward>, Residual<Narrow>] internal partial class Layer;
        [Model, Input(6), Residual<FeedForward>, Dense(3), SoftmaxCrossEntropy] public partial class OneResidual;
        [Model, Input(6), Repeat<Layer>(3), LayerNorm, Dense(3), SoftmaxCrossEntropy] public partial class Deep;
        [Model, TokenInput(5, 12), Embedding(6), PositionalEmbedding, Repeat<Layer>(2), RmsNorm, Dense(12), SoftmaxCrossEntropy] public partial class DeepTokens;
        [Model, Input(6), Parallel<Branch, Nothing, Narrow>(Merge.Concat), Dense(3), MeanSquaredError] public partial class Concatenated;
        [Model, Input(4, 6), Parallel<Branch, Branch, Nothing>(Merge.Concat), Dense(3), MeanSquaredError] public partial class ConcatenatedRows;
        [Model, Input(6), Parallel<FeedForward, Nothing, Narrow>(Merge.Add), Apply<Branch>, Dense(3), MeanSquaredError] public partial class Added;
        [Model, Input(6), Parallel<Branch, Nothing>(Merge.Concat), MeanSquaredError] public partial class ConcatenatedLast;
        [Block, Dense(8)] internal partial class Projection;
        [Block, Dense(8, UseBias = false)] internal partial class Projection2;
        [Model, Input(5, 6), Parallel<Projection, Projection2>(Merge.Add), Relu, Dense(2), Huber] public partial class EqualGradients;
        [Model, Input(6), Residual<Nothing>, Dense(3), MeanSquaredError] public partial class Doubled;
        [Model, Input(6), Repeat<Nothing>(3), Dense(6), Residual<Layer>, MeanSquaredError(Target = Target.Input)] public partial class ResidualLast;
        [Model, TokenInput(5, 12), Embedding(6), Parallel<Branch, Layer>(Merge.Concat), Flatten, Dense(4), Softmax, MeanSquaredError] public partial class TokenBranches;
        """,
        ["convolutions"] = """
        [Model, Input(6, 6, 1), Conv2D(3, 3), Flatten, Dense(2), MeanSquaredError] public partial class OneConvolution;
        [Model, Input(5, 7, 2), Conv2D(4, 3), Relu, Conv2D(3, 2), Flatten, Dense(3), SoftmaxCrossEntropy] public partial class TwoConvolutions;
        [Model, Input(5, 6, 3), Conv2D(5, 3, Padding = Padding.Same), Relu, Conv2D(4, 3, Padding = Padding.Same), Flatten, Dense(3), MeanSquaredError] public partial class SameConvolutions;
        [Model, Input(9, 8, 2), Conv2D(5, 3, Stride = 2, PaddingSize = 1), Tanh, Conv2D(3, 3, Stride = 3, Padding = Padding.Same), Flatten, Dense(3), MeanSquaredError] public partial class Strides;
        [Model, Input(9, 9, 2), Conv2D(33, 2, Dilation = 2), Relu, Conv2D(3, 3, Dilation = 2, Stride = 2, PaddingSize = 3), Flatten, Dense(2), MeanSquaredError] public partial class Dilations;
        [Model, Input(4, 5, 6), Conv2D(6, 3, Groups = 2), Relu, Conv2D(8, 1, Groups = 2), Flatten, Dense(2), MeanSquaredError] public partial class GroupsOfChannels;
        [Model, Input(6, 5, 5), Conv2D(5, 3, Groups = 5, Padding = Padding.Same), Relu, Conv2D(5, 2, Groups = 5), Conv2D(10, 1, Groups = 5), Flatten, Dense(2), MeanSquaredError] public partial class Depthwise;
        [Model, Input(3, 4, 7), Conv2D(37, 1), Relu, Conv2D(4, 1, Stride = 2), Flatten, Dense(2), MeanSquaredError] public partial class Pointwise;
        [Model, Input(2, 1, 96), Conv2D(96, 1, Groups = 2), Relu, Flatten, Dense(2), MeanSquaredError] public partial class OddGroups;
        [Model, Input(8, 3), Conv1D(5, 3), Gelu, Conv1D(4, 2, Stride = 2, Padding = Padding.Same), Flatten, Dense(3), MeanSquaredError] public partial class Sequences;
        [Model, Input(3, 4, 3), Dense(4), ConvTranspose2D(5, 2, Stride = 2), Relu, ConvTranspose2D(2, 3, PaddingSize = 1), Flatten, Dense(2), MeanSquaredError] public partial class Transposed;
        [Model, Input(3, 2, 3), Dense(4), ConvTranspose2D(3, 4, Stride = 2, Padding = Padding.Same), Tanh, ConvTranspose2D(3, 3, Stride = 3, Dilation = 2, OutputPadding = 1), Flatten, Dense(2), MeanSquaredError] public partial class TransposedFar;
        [Model, Input(5, 5, 2), Conv2D(3, 3, KernelWidth = 1, UseBias = false), Dropout(0.3), Conv2D(2, 1, KernelWidth = 3), Flatten, Dense(2), MeanSquaredError] public partial class Rectangles;
        [Model, Input(4, 4, 2), Conv2D(3, 3, Frozen = true), Relu, Conv2D(2, 2), Flatten, Dense(2), MeanSquaredError] public partial class FrozenConvolution;
        """,
        ["shared convolutions"] = """
        [Block, Conv2D(5, 4, Stride = 2, Padding = Padding.Same), Tanh, Conv2D(3, 3, PaddingSize = 1), Relu, Conv2D(2, 2)] internal partial class Critic;
        [Model, MeanSquaredError] public partial class Twins
        {
            private readonly Critic critic = new();
            private Tensor Forward([Input(8, 6, 2)] Tensor a, [Input(8, 6, 2)] Tensor b) =>
                Tensor.Concat(a.Dense(2).Apply(critic).Flatten(), b.Apply(critic).Flatten()).Dense(2);
        }
        """,
        ["pools"] = """
        [Model, Input(6, 6, 1), Conv2D(3, 3), Relu, MaxPool2D(2), Flatten, Dense(2), MeanSquaredError] public partial class Pooled;
        [Model, Input(8, 7, 2), Conv2D(17, 2), Relu, MaxPool2D(3, Stride = 2), Flatten, Dense(3), SoftmaxCrossEntropy] public partial class Overlapping;
        [Model, Input(7, 7, 3), Dense(4), MaxPool2D(3, Stride = 2, PaddingSize = 1), Dense(3), MaxPool2D(2, Padding = Padding.Same), Flatten, Dense(2), MeanSquaredError] public partial class PaddedPools;
        [Model, Input(7, 6, 3), Dense(4), AveragePool2D(2), Dense(3), AveragePool2D(3, Stride = 1, PaddingSize = 1), Flatten, Dense(2), MeanSquaredError] public partial class Averages;
        [Model, Input(9, 3), Dense(5), MaxPool1D(2), Dense(4), AveragePool1D(2, Padding = Padding.Same), Flatten, Dense(2), MeanSquaredError] public partial class PooledSequences;
        [Model, Input(9, 9, 2), Dense(3), MaxPool2D(2, Stride = 3), Flatten, Dense(2), MeanSquaredError] public partial class Gaps;
        [Model, Input(8, 8, 2), Conv2D(40, 3), MaxPool2D(2), Tanh, Flatten, Dense(2), MeanSquaredError] public partial class WidePool;
        [Model, Input(8, 7, 3), Conv2D(5, 2), LeakyRelu, MaxPool2D(2), Relu, Flatten, Dense(3), SoftmaxCrossEntropy] public partial class DroppedEdges;
        [Model, Input(7, 9, 3), Conv2D(18, 2), Relu, AveragePool2D(2), Tanh, Flatten, Dense(2), MeanSquaredError] public partial class AveragedProducts;
        [Model, Input(6, 6, 20), Conv2D(20, 3, Groups = 20), Relu, MaxPool2D(2), Flatten, Dense(2), MeanSquaredError] public partial class PooledChannels;
        [Model, Input(6, 7, 6), Conv2D(34, 2, Stride = 1, KernelWidth = 4, Groups = 2), MaxPool2D(2, Stride = 2), Flatten, Dense(2), MeanSquaredError] public partial class PooledGroups;
        [Model, Input(21, 3), Conv1D(33, 2), Relu, MaxPool1D(4), Conv1D(4, 2), Sigmoid, MaxPool1D(2), Flatten, Dense(2), MeanSquaredError] public partial class PooledSums;
        [Model, Input(9, 10, 2), Conv2D(3, 3, Stride = 2), Relu, MaxPool2D(2), Flatten, Dense(2), MeanSquaredError] public partial class PooledSteps;
        [Model, Input(34, 32, 2), Conv2D(16, 3), Relu, MaxPool2D(2), Flatten, Dense(2), MeanSquaredError] public partial class SumsInBlocks;
        [Model, Input(3, 8, 2), MeanSquaredError] public partial class ReadWholeAndInPart
        {
            private static Tensor Forward(Tensor x)
            {
                var y = x.Dense(5);
                return Tensor.Concat(y.Tanh().AveragePool2D(3, stride: 2).Flatten(), y.Square().Mean()).Dense(2);
            }
        }

        [Model]
        [Input(14, 14, 3)]
        [Conv2D(32, 3), Relu]
        [MaxPool2D(2)]
        [Conv2D(64, 3), Relu]
        [MaxPool2D(2)]
        [Flatten]
        [Dense(16), Relu]
        [Dense(10)]
        [SoftmaxCrossEntropy]
        public partial class SmallCifarNet;
        """,
        ["functions"] = """
        [Model, Input(6), Dense(9), Activation(nameof(Swish)), Dense(7), Activation(nameof(Bent)), Dense(2), Loss(nameof(Focal))]
        public partial class Own
        {
            private static float Swish(float x) => x / (1f + MathF.Exp(-x));
            private static float Bent(float x) => x switch { < -0.5f => MathF.Sin(x), > 0.7f => MathF.Log(1f + x * x), _ => x * MathF.Cos(x) };
            private static float Focal(float p, float t)
            {
                var q = 1f / (1f + MathF.Exp(-p));
                return -t * (1f - q) * (1f - q) * MathF.Log(q) - (1f - t) * q * q * MathF.Log(1f - q);
            }
        }

        [Model, Input(3, 4), Dense(70), Activation(nameof(Mix)), Dense(140), Activation(nameof(Polynomial)), Dense(2), Loss(nameof(Quartic))]
        public partial class OwnRows
        {
            private static float Mix(float x) => MathF.Min(MathF.Max(MathF.Pow(MathF.Abs(x) + 0.5f, 1.3f), 0.6f), MathF.Sqrt(x * x + 1f)) + MathF.Tanh(x);
            private static float Polynomial(float x)
            {
                var a = 0.1f * x * x - x * x * x * 0.2f;
                var b = MathF.Sin(a) * x + MathF.Cos(x) * a - 0.3f * a * a;
                var c = a * b * x + 0.2f * b * b - 0.1f * a + x * 0.4f;
                var d = MathF.Tanh(c) * a + MathF.Tanh(b) * c - MathF.Tanh(a) * b;
                var e = MathF.Sin(d * x) * a - MathF.Cos(d + c) * b + d * d * 0.1f;
                return MathF.Tanh(d + e) + MathF.Tanh(a * b + c) + 0.1f * x;
            }

            private static float Quartic(float p, float t) => (p - t) * (p - t) * (p - t) * (p - t);
        }
        """,
        ["forward"] = """
        [Model, Input(4, 5, 6), MeanSquaredError] public partial class EveryAxis
        {
            private static Tensor Forward(Tensor x)
            {
                var y = x.Dense(7).Tanh();
                var a = y.Sum(0).Dense(7);
                var b = y.Mean(1).Reshape(4, 1, 7);
                var c = y.Sum(2).Reshape(4, 5, 1);
                return (y * a + b * c - y.Mean()).Sum(1).Dense(3);
            }
        }

        [Model, Input(9), MeanSquaredError] public partial class Outer
        {
            private static Tensor Forward(Tensor x)
            {
                var (a, b) = (x.Dense(5).Reshape(5, 1), x.Dense(33).Reshape(1, 33));
                return (a * b + a.Exp() - b.Sin()).Dense(2);
            }
        }

        [Model, Input(9), MeanSquaredError] public partial class OuterSummed
        {
            private static Tensor Forward(Tensor x)
            {
                var (a, b) = (x.Dense(5).Reshape(5, 1), x.Dense(70).Reshape(1, 70));
                var product = (a * b).Softplus();
                return Tensor.Concat(product.Sum(0), product.Sum(1), product.Mean().Square());
            }
        }

        [Model, Input(3), MeanAbsoluteError] public partial class Features
        {
            private static Tensor Forward(Tensor x) => Tensor.Concat(x, x.Square(), x.Sin() * x.Cos(), x.Abs().Sqrt().StopGradient(), x.Sum()).Dense(1);
        }

        [Model, Input(1200), Huber] public partial class LongSums
        {
            private static Tensor Forward(Tensor x)
            {
                var y = x.LayerNorm();
                return Tensor.Concat(y.Square().Mean(), (y * x).Sum() / 100, x.Dense(1)).Dense(2);
            }
        }

        [Model, Input(130, 3), MeanSquaredError] public partial class LongAxis
        {
            private static Tensor Forward(Tensor x)
            {
                var y = x.Dense(5);
                var scale = y.Square().Sum(0) + 1;
                return (y / scale.Sqrt()).Dense(2) + y.Mean(0).Dense(2);
            }
        }

        [Model, Input(6), MeanSquaredError] public partial class FrozenParts
        {
            [Weight(6, 64, Frozen = true)] private static partial Tensor Halves { get; }

            [Weight(6, 48, Frozen = true)] private static partial Tensor First { get; }

            private static Tensor Forward(Tensor x) =>
                (x.MatMul(Halves.Slice(0, 32, axis: 1)) * x.MatMul(Halves.Slice(32, 32, axis: 1)) + x.MatMul(First.Slice(0, 32, axis: 1))).Dense(2);
        }

        [Model, Input(6, 3), MeanSquaredError] public partial class Transposed
        {
            private static Tensor Forward(Tensor x)
            {
                var y = x.Dense(35).Transpose().Dense(37).Relu().Dense(6).Transpose();
                return (y + x.Conv1D(35, 3, padding: Padding.Same)).Transpose().Dense(2);
            }
        }

        [Model, Input(4, 3), MeanSquaredError] public partial class NarrowParts
        {
            private static Tensor Forward(Tensor x) =>
                Tensor.Concat(x.Slice(0, 1, axis: 0).Reshape(3, 1), x.Transpose(), x.Mean(0).Tanh().Reshape(3, 1)).Dense(2).Flatten();
        }

        [Model, Input(3, 4, 5), MeanSquaredError] public partial class Permuted
        {
            private static Tensor Forward(Tensor x)
            {
                var y = x.Dense(6).Tanh().Transpose(2, 0, 1).Dense(3);
                return (y.Transpose(1, 2, 0).Dense(2) + x.Transpose(0, 2, 1).Dense(3).Slice(0, 3, axis: 1).Dense(6).Transpose(0, 2, 1).Slice(0, 3, axis: 1).Dense(2)).Flatten().Dense(2);
            }
        }

        [Model, Input(6, 1), SoftmaxCrossEntropy] public partial class Columns
        {
            private static Tensor Forward(Tensor x)
            {
                var y = x * x.Sum(0) + x.Reshape(1, 6);
                return y.Mean(0).Dense(3);
            }
        }

        [Model, Input(7), MeanSquaredError] public partial class Repeated
        {
            private static Tensor Forward(Tensor x)
            {
                var y = x.Dense(8).Relu();
                y = y + y;
                y = y * y;
                var z = y - y;
                return (y + z).Dense(2) - y.Dense(2) / (y.Sum().Square() + 1);
            }
        }

        [Model, TokenInput(70, 5), Embedding(3), MeanSquaredError] public partial class Bag
        {
        }

        [Model, Input(7, 5, 6), MeanSquaredError] public partial class Slices
        {
            private static Tensor Forward(Tensor x)
            {
                var y = x.Dense(19).Tanh();
                var inner = y.Slice(1, 5, 0).Slice(1, 3, 1).Slice(2, 17, 2);
                var first = y[0][4].Dense(4);
                return Tensor.Concat(inner.Sum(0).Mean(0), first, y[6].Slice(0, 2, 0).Flatten()).Dense(3);
            }
        }

        [Model, Input(9), MeanSquaredError] public partial class SlicesIntoProducts
        {
            private static Tensor Forward(Tensor x)
            {
                var y = x.Dense(40).Tanh();
                var z = y.Reshape(8, 5);
                var windows = z.Slice(2, 1, axis: -1).Conv1D(3, 2).Flatten();
                return y.Slice(3, 33).Dense(2) + Tensor.Concat(windows, y).Dense(2) + z[2..5].Dense(4).Flatten().Dense(2);
            }
        }

        [Model, Input(40), SoftmaxCrossEntropy] public partial class Gates
        {
            private static Tensor Forward(Tensor x)
            {
                var y = x.Dense(99);
                return (y.Slice(0, 33, 0).Tanh() * y.Slice(33, 33, 0).Sigmoid() + y.Slice(66, 33, 0)).Dense(3);
            }
        }

        [Model, MeanSquaredError] public partial class Attention
        {
            private static Tensor Forward([TokenInput(length: 7, vocabulary: 11)] Tensor tokens)
            {
                var x = tokens.Embedding(12).PositionalEmbedding();
                var weights = x.Dense(1).Flatten().Softmax().Reshape(7, 1);
                return (x * weights).Sum(0).LayerNorm().Dense(2);
            }
        }
        """,
    };

    /// <summary>The models one by one, each with its blocks and classes.</summary>
    public static IEnumerable<(string Name, string Source)> Programs => Groups.Values.SelectMany(Split);

    private static IEnumerable<(string Name, string Source)> Split(string group)
    {
        var types = CSharpSyntaxTree.ParseText(group).GetCompilationUnitRoot().Members.OfType<TypeDeclarationSyntax>().ToList();
        foreach (var model in types.Where(IsModel))
        {
            var used = new List<TypeDeclarationSyntax> { model };
            for (var i = 0; i < used.Count; i++)
            {
                var words = used[i].DescendantTokens().Select(token => token.Text).ToHashSet();
                used.AddRange(types.Where(type => !IsModel(type) && !used.Contains(type) && words.Contains(type.Identifier.Text)));
            }

            yield return (model.Identifier.Text, string.Join("\n", used.Select(type => type.ToString())));
        }
    }

    private static bool IsModel(TypeDeclarationSyntax type) =>
        type.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() == "Model");
}
