namespace ModelDsl.Generator.Tests.Forward;

/// <summary>The networks of tests/vectors/architectures.py, as Forward methods.</summary>
internal static class ArchitectureModels
{
    public const string Sources =
        """
        [Block]
        internal sealed partial class Level(int width, int levels)
        {
            private Tensor Forward(Tensor x)
            {
                var skip = x.Dense(width).Relu();
                if (levels == 0) return skip;
                var below = skip.Apply(new Level(width / 2, levels - 1));
                return Tensor.Concat(skip, below.Dense(width).Relu()).Dense(width).Relu();
            }
        }

        [Model, Input(6), Apply<Level>(8, 2), Dense(3), MeanSquaredError]
        public sealed partial class Pyramid;

        [Block]
        internal sealed partial class DenseBlock(int growth, int layers)
        {
            private Tensor Forward(Tensor x)
            {
                for (int i = 0; i < layers; i++) x = Tensor.Concat(x, x.Conv2D(growth, 3, padding: Padding.Same).Relu());
                return x;
            }
        }

        [Block]
        internal sealed partial class Stage(int growth, int levels)
        {
            private Tensor Forward(Tensor x)
            {
                var skip = x.Apply(new DenseBlock(growth, layers: 2));
                if (levels == 0) return skip;
                var below = skip.MaxPool2D(2).Apply(new Stage(growth, levels - 1));
                return Tensor.Concat(skip, below.ConvTranspose2D(growth, 2, stride: 2)).Apply(new DenseBlock(growth, layers: 1));
            }
        }

        [Model, BinaryCrossEntropy]
        public sealed partial class Segmentation
        {
            private static Tensor Forward([Input(8, 4, 2)] Tensor picture) => picture.Apply(new Stage(3, 2)).Conv2D(1, 1);
        }

        [Model, BinaryCrossEntropy]
        public sealed partial class WideAndDeep
        {
            private static Tensor Forward([Input(6)] Tensor wide, [TokenInput(length: 3, vocabulary: 11)] Tensor words, [Input(4)] Tensor numbers)
            {
                var deep = Tensor.Concat(words.Embedding(4).Flatten(), numbers).Dense(8).Relu().Dense(5).Relu();
                return wide.Dense(1) + deep.Dense(1);
            }
        }

        [Block, Dense(6), Relu, Dense(4)]
        internal sealed partial class Tower;

        [Model]
        public sealed partial class Siamese
        {
            private readonly Tower tower = new();

            private Tensor Forward([Input(5)] Tensor left, [Input(5)] Tensor right) => (left.Apply(tower) - right.Apply(tower)).Square().Sum();

            [Loss]
            private static Tensor Contrastive(Tensor output, [Target(1)] Tensor same) =>
                same * output + (1 - same) * (3 - (output + 0.001).Sqrt()).Relu().Square();
        }

        [Model]
        public sealed partial class Triplet
        {
            private readonly Tower tower = new();

            private (Tensor a, Tensor p, Tensor n) Forward([Input(5)] Tensor anchor, [Input(5)] Tensor positive, [Input(5)] Tensor negative) =>
                (anchor.Apply(tower), positive.Apply(tower), negative.Apply(tower));

            [Loss]
            private static Tensor Margin(Tensor a, Tensor p, Tensor n) => (Distance(a, p) - Distance(a, n) + 1).Relu();

            private static Tensor Distance(Tensor x, Tensor y) => (x - y).Square().Sum();
        }

        [Model]
        public sealed partial class TwoTasks
        {
            private static (Tensor kind, Tensor place) Forward([Input(7)] Tensor x)
            {
                var h = x.Dense(8).Tanh();
                return (h.Dense(4), h.Dense(2));
            }

            [Loss]
            private static Tensor Both(Tensor kind, [Label(4)] Tensor truth, Tensor place, [Target(2)] Tensor where) =>
                0.7 * kind.SoftmaxCrossEntropy(truth) + 0.3 * place.Huber(where, delta: 0.5);
        }

        [Model, SoftmaxCrossEntropy]
        public sealed partial class Tied
        {
            [Weight(9, 4, Init = Init.Normal)] private static partial Tensor Words { get; }

            private static Tensor Forward([TokenInput(length: 5, vocabulary: 9)] Tensor tokens)
            {
                var x = Words.Gather(tokens).PositionalEmbedding().LayerNorm();
                return x.Dense(4).Gelu().MatMul(Words.Transpose());
            }
        }

        [Block]
        internal sealed partial class Film
        {
            private static Tensor Forward(Tensor x, Tensor condition) =>
                (x * (1 + condition.Dense(x.Channels))) + condition.Dense(x.Channels, useBias: false);
        }

        [Model, SoftmaxCrossEntropy]
        public sealed partial class Conditioned
        {
            private static Tensor Forward([Input(4, 3, 2)] Tensor image, [Input(3)] Tensor condition)
            {
                var x = image;
                foreach (var filters in new[] { 5, 4 }) x = x.Conv2D(filters, 3, padding: Padding.Same).Apply(new Film(), condition).Relu();
                return x.GlobalAveragePool().Dense(3);
            }
        }

        [Model]
        public sealed partial class Oscillation
        {
            private static Tensor Forward([Input(1)] Tensor x) => x.Dense(6).Tanh().Dense(5).Tanh().Dense(1);

            [Loss]
            private static Tensor Residual(Tensor x, Tensor output)
            {
                var zero = 0 * x;
                var start = Forward(zero);
                return (Tensor.Gradient(Tensor.Gradient(output, x), x) + output).Square()
                    + 10 * start.Square() + 10 * (Tensor.Gradient(start, zero) - 1).Square();
            }
        }

        [Block, Dense(6, UseBias = false), BatchNorm, Relu, Dense(5)]
        internal sealed partial class Maker;

        [Block, Dense(7), BatchNorm(Momentum = 0.3), LeakyRelu(Slope = 0.2), Dense(1)]
        internal sealed partial class Judge;

        [Model]
        public sealed partial class Adversaries
        {
            private readonly Maker maker = new();
            private readonly Judge judge = new();

            private Tensor Forward([Input(3)] Tensor noise) => noise.Apply(maker);

            [Loss(Trains = nameof(judge))]
            private Tensor JudgeLoss(Tensor output, [Input(5)] Tensor real) =>
                real.Apply(judge).BinaryCrossEntropy(1) + output.Apply(judge).BinaryCrossEntropy(0);

            [Loss(Trains = nameof(maker))]
            private Tensor MakerLoss(Tensor noise) => noise.Apply(maker).Apply(judge).BinaryCrossEntropy(1);
        }

        [Block]
        internal sealed partial class CausalAttention(int heads)
        {
            private Tensor Forward(Tensor x)
            {
                var (q, k, v) = (x.Dense(x.Channels), x.Dense(x.Channels), x.Dense(x.Channels));
                var size = x.Channels / heads;
                var mask = Tensor.CausalMask(x.Length);
                var results = new Tensor[heads];
                for (int h = 0; h < heads; h++)
                {
                    var (start, keys) = (h * size, k.Slice(h * size, size, axis: -1));
                    var scores = q.Slice(start, size, axis: -1).MatMul(keys.Transpose()) / Math.Sqrt(size);
                    results[h] = scores.Softmax(mask).MatMul(v.Slice(start, size, axis: -1));
                }

                return Tensor.Concat(results).Dense(x.Channels);
            }
        }

        [Block]
        internal sealed partial class GptLayer(int heads, int hidden)
        {
            private Tensor Forward(Tensor x)
            {
                x += x.LayerNorm().Apply(new CausalAttention(heads));
                return x + x.LayerNorm().Dense(hidden).Gelu().Dense(x.Channels);
            }
        }

        [Model, TokenInput(5, 9), Embedding(6), PositionalEmbedding, Repeat<GptLayer>(2, 2, 12), LayerNorm, Dense(9), SoftmaxCrossEntropy]
        public sealed partial class Gpt;

        [Model, MeanSquaredError]
        public sealed partial class Rotary
        {
            private static Tensor Rotated(Tensor x)
            {
                int half = x.Channels / 2;
                var cosines = Tensor.Constant((t, i) => Math.Cos(t / Math.Pow(10_000, (double)i / half)), x.Length, half);
                var sines = new double[x.Length * half];
                for (int t = 0; t < x.Length; t++)
                {
                    for (int i = 0; i < half; i++) sines[(t * half) + i] += Math.Sin(t / Math.Pow(10_000, (double)i / half));
                }

                var (a, b, s) = (x.Slice(0, half, axis: -1), x.Slice(half, half, axis: -1), Tensor.Constant(sines, x.Length, half));
                return Tensor.Concat(a * cosines - b * s, b * cosines + a * s);
            }

            private static Tensor Forward([Input(5, 4)] Tensor x, [Input(5, 5)] Tensor allowed)
            {
                var scores = Rotated(x.Dense(4)).MatMul(Rotated(x.Dense(4)).Transpose());
                return scores.Softmax(allowed).MatMul(x.Dense(4)).MatMul(Tensor.Constant([0.5, 0.25, 2, 1, 3, -1, 0.125, 4, -2, 5, 0.5, 1], 4, 3));
            }
        }

        [Model, MeanSquaredError]
        public sealed partial class Translator
        {
            private static Tensor Forward([TokenInput(6, 7)] Tensor source, [Input(5, 8)] Tensor x)
            {
                var memory = source.Embedding(8).TransformerEncoder(2, 10);
                x = x.TransformerDecoder(memory, 2, 9).TransformerDecoder(memory, 4, 9, normFirst: true);
                return x.CrossAttention(memory.Dense(6), 2).Dense(3);
            }
        }

        [Model, MeanSquaredError]
        public sealed partial class AttentionHeads
        {
            private static Tensor Forward([Input(5, 4)] Tensor x)
            {
                var (queries, keys, values) = (x.Dense(16).Reshape(5, 4, 4), x.Dense(8).Reshape(5, 2, 4), x.Dense(6).Reshape(5, 2, 3));
                return Tensor.Attention(queries, keys, values, causal: true).Reshape(5, 12);
            }
        }
        """;
}
