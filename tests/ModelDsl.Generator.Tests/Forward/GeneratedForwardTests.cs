using ModelDsl.Generator.Tests.Generated;

namespace ModelDsl.Generator.Tests.Forward;

/// <summary>Networks that a list cannot say: generated, compiled, run at every width, and compared with float64.</summary>
public class GeneratedForwardTests
{
    private const string Sources =
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
        """;

    [Fact]
    public void Models_agree_with_the_graph_interpreter()
    {
        using var library = ModelLibrary.Of(Sources);
        Assert.Equal(9, library.Names.Count);
        Failures.Collect(library.Names, name => ModelCheck.Run(library[name], 5));
    }
}
