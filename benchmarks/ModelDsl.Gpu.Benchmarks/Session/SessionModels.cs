namespace ModelDsl.Benchmarks.Gpu.Session;

/// <summary>A classifier of texts of 50 tokens: an embedding, a convolution, an LSTM over eight positions.</summary>
[Model]
[TokenInput(50, 1_000)]
[Embedding(32)]
[Conv1D(32, 7), Relu]
[MaxPool1D(5)]
[Lstm(50)]
[Dense(2)]
[SoftmaxCrossEntropy]
public sealed partial class ShortTextModel;

/// <summary>Recurrent layers in both directions, over texts with padding.</summary>
[Model]
[TokenInput(6, 20, Padding = 0)]
[Embedding(16)]
[Gru(24, ReturnSequences = true, Bidirectional = true)]
[SimpleRnn(16, ReturnSequences = true)]
[Last]
[Dense(4)]
[SoftmaxCrossEntropy]
public sealed partial class RecurrentModel;

/// <summary>Attention in its forms: a causal mask, heads that share keys, rotary positions, a window, linear biases, and another sequence.</summary>
[Model, SoftmaxCrossEntropy]
public sealed partial class AttentionModel
{
    private const int Source = 20, Length = 24, Vocabulary = 32, Width = 32;

    private static Tensor Forward([TokenInput(Source, Vocabulary, Padding = 0)] Tensor source, [TokenInput(Length, Vocabulary, Padding = 0)] Tensor target)
    {
        var memory = source.Embedding(Width).PositionalEmbedding().TransformerEncoder(4, 48, normFirst: true).LayerNorm();
        var x = target.Embedding(Width).SelfAttention(4, keyValueHeads: 2, causal: true, rope: true);
        x += x.SelfAttention(2, window: 5, alibi: true, causal: true);
        return x.TransformerDecoder(memory, 4, 48, normFirst: true).LayerNorm().Dense(Vocabulary);
    }
}

/// <summary>Convolutions of other kinds: groups of channels, a larger result than the input, normalization of groups.</summary>
[Model]
[Input(16, 16, 4)]
[Conv2D(24, 3, Padding = Padding.Same, UseBias = false), BatchNorm, Silu]
[Conv2D(24, 3, Groups = 24, Stride = 2), GroupNorm(4), Gelu]
[ConvTranspose2D(12, 3, Stride = 2), Tanh]
[AveragePool2D(2), Pad(1, 1), Conv2D(16, 1), Elu]
[GlobalAveragePool, Dense(5)]
[SoftmaxCrossEntropy]
public sealed partial class SeparableModel;

/// <summary>Products whose factors are rounded on tensor cores, where there are any.</summary>
[Model(Precision = ProductPrecision.Tf32)]
[Input(16, 16, 4)]
[Conv2D(40, 3), Relu]
[Flatten]
[Dense(70), Tanh]
[Dense(10)]
[SoftmaxCrossEntropy]
public sealed partial class RoundedModel;

/// <summary>A product with a matrix of 4,096 × 4,096: with as many samples, the size that libraries are compared at.</summary>
[Model]
[Input(Size)]
[Dense(Size, UseBias = false)]
[MeanSquaredError]
public sealed partial class ProductModel
{
    /// <summary>The rows and columns of the matrix.</summary>
    public const int Size = 4096;
}
