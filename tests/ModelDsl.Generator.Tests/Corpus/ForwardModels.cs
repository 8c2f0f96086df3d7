namespace ModelDsl.Generator.Tests.Corpus;

/// <summary>Declared models that a list of layers cannot say.</summary>
internal static class ForwardModels
{
    public const string Sources =
        """
        [Block]
        partial class Wide(int width, bool norm = false)
        {
            private Tensor Forward(Tensor x)
            {
                var y = x.Dense(width).Relu();
                return norm ? y.LayerNorm() : y;
            }
        }

        [Block]
        partial class Level(int width, int levels)
        {
            private Tensor Forward(Tensor x)
            {
                var skip = x.Dense(width).Tanh();
                if (levels == 0) return skip;
                return Tensor.Concat(skip, skip.Apply(new Level(width / 2, levels - 1)).Dense(width)).Dense(width);
            }
        }

        [Model, Input(18), Apply<Level>(12, 2), Dense(5), SoftmaxCrossEntropy] public partial class UNet;

        [Model, Input(7), MeanSquaredError] public partial class Branches
        {
            private static Tensor Forward(Tensor x)
            {
                var y = x.Dense(19).Relu();
                var z = y.Apply(new Wide(19, norm: true));
                return ((y + z) * y - 0.5 * z).Dense(3);
            }
        }

        [Model, Input(6), MeanSquaredError] public partial class Shared
        {
            private static Tensor Forward(Tensor x)
            {
                var tower = new Wide(6);
                return x.Apply(tower).Apply(tower).Apply(tower).Dense(4);
            }
        }

        [Model, Input(11), MeanSquaredError] public partial class RowStatistics
        {
            private static Tensor Forward(Tensor x)
            {
                var y = x.Dense(21);
                return ((y - y.Mean()) / (y.Square().Sum() + 1).Sqrt()).Dense(2) + y.Sum();
            }
        }

        [Model, Input(5, 9), MeanSquaredError] public partial class AxisStatistics
        {
            private static Tensor Forward(Tensor x)
            {
                var y = x.Dense(13).Tanh();
                var gate = y.Mean(0).Dense(13).Sigmoid();
                var weight = y.Dense(1).Exp();
                return (y * gate + y * weight / 5).Mean(0).Dense(4);
            }
        }

        [Model, Input(4, 3), MeanSquaredError] public partial class Grid
        {
            private static Tensor Forward(Tensor x) => x - x.Mean(0) - x.Mean(1).Reshape(4, 1) + x.Dense(3) * x.Sum(1).Reshape(4, 1);
        }

        [Model, Input(4, 7), MeanSquaredError] public partial class Fields
        {
            private readonly Wide tower = new(11, norm: true);
            [Frozen] private readonly Wide fixedTower = new(width: 7);

            private Tensor Forward(Tensor x)
            {
                var pair = x[0].Apply(tower) * x[3].Apply(tower);
                return (pair + x.Slice(1, 2).Apply(tower).Mean(0)).Slice(2, 7).Apply(fixedTower).Dense(3);
            }
        }

        [Model, SoftmaxCrossEntropy] public partial class Tokens
        {
            private static Tensor Forward([TokenInput(length: 6, vocabulary: 9)] Tensor tokens)
            {
                var x = tokens.Embedding(10).PositionalEmbedding();
                for (int i = 0; i < 2; i++) x = (x + x.Dense(20).Gelu().Dense(x.Channels).Dropout(0.2)).LayerNorm();
                return Tensor.Concat(x.Mean(0), x.Sum(0)).Dense(3);
            }
        }

        [Model, Input(8), MeanSquaredError] public partial class OnlyInTraining
        {
            private static Tensor Forward(Tensor x, bool training)
            {
                var y = x.Dense(9);
                return (training ? y * y.StopGradient() : y.Square()).Dense(2);
            }
        }

        [Model, SoftmaxCrossEntropy] public partial class TiedEmbedding
        {
            [Weight(37, 19, Init = Init.Normal)] private static partial Tensor Words { get; }

            private static Tensor Forward([TokenInput(length: 6, vocabulary: 37)] Tensor tokens)
            {
                var x = Words.Gather(tokens).PositionalEmbedding().LayerNorm();
                return x.Dense(19).Gelu().MatMul(Words.Transpose());
            }
        }

        [Model, MeanSquaredError] public partial class Neighbours
        {
            private static Tensor Forward([TokenInput(length: 6, vocabulary: 9)] Tensor tokens)
            {
                var pairs = tokens[..^1].Embedding(18) * tokens[1..].Embedding(18);
                return (pairs.Mean(0) + tokens[^1].Embedding(18).Flatten()).Dense(3);
            }
        }

        [Model, Input(5, 7), MeanSquaredError] public partial class Products
        {
            [Weight(7, 21)] private static partial Tensor Wide { get; }
            [Weight(21, Init = Init.Ones)] private static partial Tensor Gain { get; }

            private static Tensor Forward(Tensor x)
            {
                var y = x.MatMul(Wide).Tanh() * Gain;
                return y.MatMul(x.Transpose().MatMul(y).Transpose()).Dense(3);
            }
        }

        [Model] public partial class TwoTasks
        {
            private static (Tensor kind, Tensor place) Forward([Input(9)] Tensor wide, [TokenInput(5, 23)] Tensor words)
            {
                var h = Tensor.Concat(wide.Dense(21), words.Embedding(3).Flatten()).Tanh();
                return (h.Dense(6), h.Dense(2) + wide.Sum());
            }

            [Loss]
            private static Tensor Both(Tensor kind, [Label(6)] Tensor truth, Tensor place, [Target(2)] Tensor where) =>
                kind.SoftmaxCrossEntropy(truth) + 0.25 * place.Huber(where, delta: 0.5);
        }

        [Model] public partial class Triplet
        {
            private readonly Wide tower = new(19, norm: true);

            private Tensor Forward([Input(7)] Tensor anchor, [Input(7)] Tensor same, [Input(7)] Tensor other)
            {
                var a = anchor.Apply(tower);
                return (a - same.Apply(tower)).Square().Mean() - (a - other.Apply(tower)).Square().Mean();
            }

            [Loss]
            private static Tensor Margin(Tensor output) => (output + 0.5).Relu();
        }

        [Model] public partial class Autoencoder
        {
            private static (Tensor image, Tensor mean, Tensor logVar) Forward([Input(30)] Tensor pixels, bool training)
            {
                var h = pixels.Dense(17).Relu();
                var mean = h.Dense(5);
                var logVar = h.Dense(5);
                var z = training ? mean + (Tensor.Normal(like: mean) * (0.5 * logVar).Exp()) : mean;
                return (z.Dense(17).Relu().Dense(30), mean, logVar);
            }

            [Loss]
            private static Tensor Elbo(Tensor pixels, Tensor image, Tensor mean, Tensor logVar) =>
                image.BinaryCrossEntropy(pixels).Sum() - (0.5 * (1 + logVar - mean.Square() - logVar.Exp()).Sum());
        }

        [Model] public partial class Bend
        {
            private static Tensor Forward([Input(1)] Tensor x) => x.Dense(19).Tanh().Dense(18).Tanh().Dense(1);

            [Loss]
            private static Tensor Residual(Tensor x, Tensor output) =>
                (Tensor.Gradient(Tensor.Gradient(output, x), x) + output).Square() + 10 * (Forward(0 * x) - 1).Square();
        }

        [Model] public partial class Adversaries
        {
            private readonly Wide maker = new(9);
            private readonly Level judge = new(8, 1);

            private Tensor Forward([Input(5)] Tensor noise) => noise.Apply(maker);

            [Loss(Trains = nameof(judge))]
            private Tensor JudgeLoss(Tensor noise, [Input(9)] Tensor real) =>
                Verdict(real).BinaryCrossEntropy(1) + Verdict(noise.Apply(maker)).BinaryCrossEntropy(0);

            [Loss(Trains = nameof(maker))]
            private Tensor MakerLoss(Tensor noise) => Verdict(noise.Apply(maker)).BinaryCrossEntropy(1);

            private Tensor Verdict(Tensor x) => x.Apply(judge).Mean();
        }

        [Block]
        partial class Film
        {
            [Weight(17, Init = Init.Ones)] private static partial Tensor Scale { get; }

            private static Tensor Forward(Tensor x, Tensor condition) => (x * Scale * (1 + condition.Dense(17))) + condition.Dense(x.Channels, useBias: false);
        }

        [Model, SoftmaxCrossEntropy] public partial class Modulated
        {
            private readonly Film film = new();

            private Tensor Forward([Input(5, 4, 3)] Tensor image, [Input(6)] Tensor condition)
            {
                var x = image.Conv2D(17, 3, padding: Padding.Same).Apply(film, condition).Relu();
                x = x.Conv2D(17, 2).Apply(new Film(), condition.Tanh()).Relu();
                return x.GlobalAveragePool().Apply(film, condition).Dense(3);
            }
        }

        [Model, Input(4, 9), MeanSquaredError] public partial class Noise
        {
            private static Tensor Forward(Tensor x, bool training)
            {
                var mean = x.Dense(19);
                var logVariance = x.Dense(19);
                var z = training ? mean + Tensor.Normal(like: mean) * (0.5 * logVariance).Exp() : mean + 0 * logVariance;
                return z[1..].Dense(5).Dropout(0.4)[^1].Dense(2);
            }
        }
        """;
}
