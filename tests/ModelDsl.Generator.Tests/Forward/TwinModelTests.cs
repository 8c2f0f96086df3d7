using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Forward;

/// <summary>A list of layers and the same network as a Forward are the same model.</summary>
public class TwinModelTests
{
    /// <summary>Pairs whose names are equal too: every generated file is the same. Between them they have every kind of layer and loss.</summary>
    public static TheoryData<string, string, string> Twins => new()
    {
        { "Input(4)", "Dense(8), Relu, Dense(3), MeanSquaredError", "=> x.Dense(8).Relu().Dense(3);" },
        {
            "Input(4)",
            "Dense(8, UseBias = false, KernelInitializer = Init.HeNormal, Name = \"hidden\"), LayerNorm(Epsilon = 1e-3), Dropout(0.5), Gelu(Approximate = true), Dense(3), Huber(Delta = 0.5)",
            "{ x = x.Dense(8, useBias: false, name: \"hidden\", kernelInitializer: Init.HeNormal).LayerNorm(1e-3); return x.Dropout(0.5).Gelu(true).Dense(3); }"
        },
        {
            "Input(4)", "Reshape(2, 2), Flatten, Activation(nameof(Swish)), Dense(3), Loss(nameof(Quartic))",
            "=> x.Reshape(2, 2).Flatten().Activation(nameof(Swish)).Dense(3);"
        },
        {
            "Input(4)", "Dense(4), Apply<Hidden>, Repeat<Hidden>(2), Dense(3), MeanAbsoluteError",
            "{ x = x.Dense(4).Apply(new Hidden()); for (int i = 0; i < 2; i++) x = x.Apply(new Hidden()); return x.Dense(3); }"
        },
        {
            "Input(9)", "Dense(8), LeakyRelu(Slope = 0.2), RmsNorm(UseScale = false), Elu(Alpha = 0.5), Dense(6), Silu, Softplus, Dense(6), Sigmoid, Dense(5), Softmax, Dense(1), BinaryCrossEntropy",
            "=> x.Dense(8).LeakyRelu(0.2).RmsNorm(useScale: false).Elu(alpha: 0.5).Dense(6).Silu().Softplus().Dense(6).Sigmoid().Dense(5).Softmax().Dense(1);"
        },
        {
            "TokenInput(6, 19)", "Embedding(5, Initializer = Init.Normal, SparseUpdates = true), PositionalEmbedding, BatchNorm(Momentum = 0.2), Conv1D(7, 3, Padding = Padding.Same), Tanh, MaxPool1D(2), "
                + "Conv1D(4, 2, Stride = 2, Frozen = true), AveragePool1D(1), Flatten, Dense(6), SoftmaxCrossEntropy(LabelSmoothing = 0.1)",
            "=> x.Embedding(5, initializer: Init.Normal, sparseUpdates: true).PositionalEmbedding().BatchNorm(momentum: 0.2).Conv1D(7, 3, padding: Padding.Same).Tanh().MaxPool1D(2)"
                + ".Conv1D(4, 2, stride: 2, frozen: true).AveragePool1D(1).Flatten().Dense(6);"
        },
        {
            "TokenInput(6, 19)", "Embedding(8), SinusoidalEmbedding, SelfAttention(4, KeyValueHeads = 2, Causal = true, Dropout = 0.1, Rope = true), RotaryEmbedding(Base = 50), "
                + "TransformerEncoder(2, 12, Activation = TransformerActivation.Gelu, NormFirst = true, Window = 3, Alibi = true), Dense(19), SoftmaxCrossEntropy",
            "=> x.Embedding(8).SinusoidalEmbedding().SelfAttention(4, keyValueHeads: 2, causal: true, rope: true, dropout: 0.1).RotaryEmbedding(50)"
                + ".TransformerEncoder(2, 12, normFirst: true, activation: TransformerActivation.Gelu, window: 3, alibi: true).Dense(19);"
        },
        {
            "Input(11, 10, 3)", "Conv2D(6, 3, PaddingSize = 1, UseBias = false), BatchNorm, Relu, MaxPool2D(3, Stride = 2), Conv2D(6, 3, Padding = Padding.Same, Groups = 3), GroupNorm(2), Gelu, "
                + "AveragePool2D(2), GlobalAveragePool, Dense(4), SoftmaxCrossEntropy",
            "=> x.Conv2D(6, 3, paddingSize: 1, useBias: false).BatchNorm().Relu().MaxPool2D(3, stride: 2).Conv2D(6, 3, padding: Padding.Same, groups: 3).GroupNorm(2).Gelu()"
                + ".AveragePool2D(2).GlobalAveragePool().Dense(4);"
        },
        {
            "Input(5, 4, 2)", "Conv2D(5, 2, Dilation = 2, KernelWidth = 1), Dropout2D(0.3), ConvTranspose2D(4, 3, Stride = 2, OutputPadding = 1), Relu, UpSample2D(2, Interpolation = Interpolation.Bilinear), "
                + "Pad(1, 0, 2, 1), MaxPool2D(2, Padding = Padding.Same), Flatten, Dense(2), MeanSquaredError",
            "=> x.Conv2D(5, 2, dilation: 2, kernelWidth: 1).Dropout2D(0.3).ConvTranspose2D(4, 3, stride: 2, outputPadding: 1).Relu().UpSample2D(2, Interpolation.Bilinear)"
                + ".Pad(1, 0, 2, 1).MaxPool2D(2, padding: Padding.Same).Flatten().Dense(2);"
        },
        { "Input(4)", "Dense(8), Output(\"code\"), Relu, Dense(5, Name = \"late\"), Output, Dense(3), MeanSquaredError", "=> x.Dense(8).Output(\"code\").Relu().Dense(5, name: \"late\").Output().Dense(3);" },
        { "Input(6, 6, 2)", "Conv2D(4, 3), Apply<Wide>(8, true), GlobalAveragePool, Dense(3), SoftmaxCrossEntropy(SoftTargets = true)", "=> x.Conv2D(4, 3).Apply(new Wide(8, true)).GlobalAveragePool().Dense(3);" },
    };

    /// <summary>Merges are expressions in a Forward, and called otherwise.</summary>
    public static TheoryData<string, string, string> Merges => new()
    {
        {
            "TokenInput(6, 19)", "Embedding(8), Lstm(5, Layers = 2, Bidirectional = true, Dropout = 0.2, ReturnSequences = true), Gru(4, UseBias = false, ReturnSequences = true), Dense(3), Last, Dense(2), MeanSquaredError",
            "=> x.Embedding(8).Lstm(5, layers: 2, bidirectional: true, dropout: 0.2, returnSequences: true).Gru(4, useBias: false, returnSequences: true).Dense(3).Last().Dense(2);"
        },
        { "Input(5, 3)", "SimpleRnn(4, Frozen = true), Dense(2), MeanSquaredError", "=> x.SimpleRnn(4, frozen: true).Dense(2);" },
        { "Input(4)", "Residual<Hidden>, Dense(3), MeanSquaredError", "=> (x + x.Apply(new Hidden())).Dense(3);" },
        { "Input(4)", "Parallel<Hidden, Hidden>(Merge.Concat), Dense(3), MeanSquaredError", "=> Tensor.Concat(x.Apply(new Hidden()), x.Apply(new Hidden())).Dense(3);" },
        {
            "Input(7, 6, 3)", "Conv2D(4, 3), Residual<Mixed>, Relu, MaxPool2D(2), Parallel<Mixed, Hidden>(Merge.Concat), Conv2D(3, 1), GlobalAveragePool, Dense(2), SoftmaxCrossEntropy",
            """
            {
                x = x.Conv2D(4, 3);
                x = (x + x.Apply(new Mixed())).Relu().MaxPool2D(2);
                return Tensor.Concat(x.Apply(new Mixed()), x.Apply(new Hidden())).Conv2D(3, 1).GlobalAveragePool().Dense(2);
            }
            """
        },
    };

    [Theory]
    [MemberData(nameof(Twins))]
    public void Files_are_equal(string input, string list, string forward) => Assert.Equal(Files(List(input, list)), Files(Forward(input, list, forward)));

    [Theory]
    [MemberData(nameof(Merges))]
    public void Kernels_are_equal_but_for_names(string input, string list, string forward)
    {
        var (a, b) = (KernelText.Of(List(input, list)), KernelText.Of(Forward(input, list, forward)));
        Assert.NotEmpty(a);
        foreach (var file in a.Keys) Assert.Equal(a[file], b[file]);
    }

    [Fact]
    public void Every_layer_and_every_loss_has_been_compared()
    {
        string[] onlyInMethods = ["Target", "Label", "CrossAttention", "TransformerDecoder"];
        var compared = Twins.Concat(Merges).Select(row => Read.Spec(List((string)row[0], (string)row[1])))
            .SelectMany(spec => spec.Layers.Concat(spec.Blocks.SelectMany(block => block.Layers))).Select(layer => layer.Kind).ToHashSet();
        Assert.Equal([], LayerTable.All.Select(layer => layer.Kind).Except(onlyInMethods).Except(compared));
    }

    private const string Members =
        "static float Swish(float x) => x / (1 + MathF.Exp(-x)); static float Quartic(float p, float t) => (p - t) * (p - t) * (p - t) * (p - t); ";

    private const string Blocks =
        """
        [Block, Dense(4), Relu] partial class Hidden;
        [Block, Conv2D(4, 3, Padding = Padding.Same), BatchNorm, Relu, Conv2D(4, 1)] partial class Mixed;
        [Block] partial class Wide(int width, bool norm = false)
        {
            private Tensor Forward(Tensor x)
            {
                x = x.Conv2D(width, 2);
                return norm ? x.GroupNorm(2) : x;
            }
        }

        """;

    private static string List(string input, string layers) => $"{Blocks}[Model, {input}, {layers}] public partial class Net {{ {Members} }}";

    private static string Forward(string input, string layers, string body) =>
        $"{Blocks}[Model, {input}, {layers[(layers.LastIndexOf(", ", StringComparison.Ordinal) + 2)..]}] public partial class Net {{ {Members} private static Tensor Forward(Tensor x) {body} }}";

    private static SortedDictionary<string, string> Files(string source) => new(Generation.Of(source).Files.ToDictionary(file => file.Key, file => file.Value));
}
