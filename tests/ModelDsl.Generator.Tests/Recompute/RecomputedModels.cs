namespace ModelDsl.Generator.Tests.Recompute;

/// <summary>Models with a recomputed block of every kind. Without the attribute they are the same models.</summary>
internal static class RecomputedModels
{
    private const string Attribute = ", Recompute]";

    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["Encoder"] = """
            [Block, LayerNorm, SelfAttention(2, Causal = true, Dropout = 0.2), Dropout(0.1)] partial class Attending;
            [Block, LayerNorm, Dense(11), Gelu, Dense(6)] partial class Feeding;
            [Block, Recompute] [Residual<Attending>, Residual<Feeding>] partial class Layer;
            [Model, Input(5, 6), Dense(6), Repeat<Layer>(3), LayerNorm, Dense(2), MeanSquaredError] public partial class Encoder;
            """,
        ["LongEncoder"] = """
            [Block, Recompute] [TransformerEncoder(2, 9, Dropout = 0.1)] partial class LongLayer;
            [Model, TokenInput(70, 9, Padding = 0), Embedding(4), Repeat<LongLayer>(2), Dense(9), SoftmaxCrossEntropy(Ignore = 0)] public partial class LongEncoder;
            """,
        ["Images"] = """
            [Block, Recompute] [Conv2D(5, 3, Padding = Padding.Same), BatchNorm, Relu, Conv2D(4, 3, Padding = Padding.Same), BatchNorm, Relu] partial class Convolving;
            [Block, Recompute] [Conv2D(6, 3), Relu, MaxPool2D(2), Dropout(0.3)] partial class Pooling;
            [Model, Input(9, 8, 4), Residual<Convolving>, Residual<Convolving>, Apply<Pooling>, GlobalAveragePool, Dense(3), SoftmaxCrossEntropy] public partial class Images;
            """,
        ["Recurrent"] = """
            [Block, Recompute] [Lstm(7, ReturnSequences = true), Dense(5), Tanh] partial class Recurring;
            [Model, Input(6, 5), Repeat<Recurring>(2), Gru(4), Dense(3), MeanSquaredError] public partial class Recurrent;
            """,
        ["Activations"] = """
            [Block, Recompute] [Dense(9), Silu, Dense(7), Relu] partial class Activating;
            [Model, Input(7), Repeat<Activating>(3), Gelu, Dense(2), BinaryCrossEntropy] public partial class Activations;
            """,
        ["Branches"] = """
            [Block, Recompute] [Dense(9), Tanh, Dense(6)] partial class Left;
            [Block, Recompute] [LayerNorm, Dense(6), Sigmoid] partial class Right;
            [Model, Input(6), Parallel<Left, Right>(Merge.Add), Parallel<Right, Left>(Merge.Concat), Dense(2), Huber] public partial class Branches;
            """,
        ["Tokens"] = """
            [Block, Recompute] [Embedding(5), PositionalEmbedding, Dense(6), Relu, Flatten] partial class Reading;
            [Model, TokenInput(4, 7), Apply<Reading>, Dense(3), SoftmaxCrossEntropy] public partial class Tokens;
            """,
        ["Vocabulary"] = """
            [Block, Recompute] [LayerNorm, Dense(8, UseBias = false), Gelu, Dense(8200)] partial class Head;
            [Model, Input(2, 4), Dense(5), Apply<Head>, SoftmaxCrossEntropy] public partial class Vocabulary;
            """,
        ["Shapes"] = """
            [Block, Recompute] [Reshape(3, 4), Dense(4), Tanh, Flatten] partial class Reshaping;
            [Model, Input(12), Dense(12), Repeat<Reshaping>(2), Reshape(4, 3), Apply<Turning>, MeanSquaredError] public partial class Shapes;
            [Block, Recompute] partial class Turning { private static Tensor Forward(Tensor x) => x.Dense(5).Softmax().Slice(1, 2, axis: 0).MatMul(x.Dense(5).Transpose()); }
            """,
        ["Methods"] = """
            [Block, Recompute] partial class Mixing(int width) { private Tensor Forward(Tensor x, Tensor y) => (x.Dense(width).Tanh() * y.Dense(width)).Dense(6) + x; }
            [Model, MeanSquaredError] public partial class Methods
            {
                private readonly Mixing shared = new(7);
                private static Tensor Smooth(Tensor x, bool training) => training ? x.Dropout(0.1) : x;
                private Tensor Forward([Input(6)] Tensor x, [Input(4)] Tensor y, bool training)
                {
                    var z = x.Apply(shared, y).Silu();
                    z = z.Apply(shared, y) + z.Apply(new Mixing(3), y.Dense(6));
                    return Smooth(z, training).Dense(2);
                }
            }
            """,
        ["Losses"] = """
            [Block, Recompute] [Dense(9), Tanh, Dense(5), Relu] partial class Sharing;
            [Model] public partial class Losses
            {
                private readonly Sharing trunk = new();
                private (Tensor left, Tensor right) Forward([Input(5)] Tensor x)
                {
                    var h = x.Apply(trunk);
                    return (h.Dense(2), h.Dense(3));
                }
                [Loss] private static Tensor Both(Tensor left, Tensor right, [Target(2)] Tensor a, [Label(3)] Tensor b) => left.MeanSquaredError(a).Mean() + right.SoftmaxCrossEntropy(b).Mean();
            }
            """,
        ["Nested"] = """
            [Block, Recompute] [Dense(8), Gelu, Dense(5)] partial class Inner;
            [Block, Recompute] [LayerNorm, Residual<Inner>, Dense(5), Tanh] partial class Outer;
            [Model, Input(5), Repeat<Outer>(2), Dense(2), MeanSquaredError] public partial class Nested;
            """,
        ["Steps"] = """
            [Block, Recompute] [Dense(6), Tanh, Dense(4)] partial class Stepping;
            [Model, Input(5, 4), MeanSquaredError] public partial class Steps
            {
                private readonly Stepping step = new();
                private Tensor Forward(Tensor x) => x.Apply(step).Scan(Tensor.Zeros(4), (h, x) => ((h + x).Apply(step), h)).Dense(2);
            }
            """,
    };

    /// <summary>The model without recomputation.</summary>
    public static string WithoutRecomputation(string source) => source.Replace(Attribute, "]", StringComparison.Ordinal);
}
