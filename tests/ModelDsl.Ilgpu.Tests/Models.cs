namespace ModelDsl.Ilgpu.Tests;

// Tiny models that together hold every layer, loss and composition.

[Model, Weights("classifier.safetensors"), FormerlyKnownAs("hidden", Now = "dense1"), Input(5), Dense(7), Relu, Dense(3), SoftmaxCrossEntropy]
public partial class Classifier;

[Model, Input(5), Dense(9), Output("first"), Relu, Dense(7), LayerNorm, Output("code"), Tanh, Dense(3), SoftmaxCrossEntropy]
public partial class Coded;

[Model(PredictionOnly = true), Input(7, 6, 3), Conv2D(5, 2, UseBias = false), BatchNorm, Relu, MaxPool2D(2), Output("maps"), Dropout(0.5), Flatten, Dense(3), Softmax]
public partial class Predicting;

[Model, Input(6), Dense(70), Tanh, Dense(66), Sigmoid, Dense(2), MeanSquaredError]
public partial class WideRegression;

[Model, Input(4), Dense(9), Gelu, LayerNorm, Dense(9), Elu, RmsNorm, Dense(9), Silu, Dense(2), Huber]
public partial class Normalised;

[Model, Input(3, 4), Dense(9, UseBias = false), BatchNorm, Relu, Flatten, Dense(6, UseBias = false), BatchNorm(Momentum = 0.4, UseBias = false), Tanh, Dense(2), MeanSquaredError]
public partial class BatchNormalised;

[Model, Input(2, 3, 4), Dense(6), GroupNorm(3), UpSample2D(2), Pad(1, 0), Relu, Dropout2D(0.3), Dense(4), GlobalAveragePool, Dense(2), MeanSquaredError]
public partial class Maps;

[Model, Input(2, 2, 3), UpSample2D(2, Interpolation = Interpolation.Bilinear), Dense(4), GroupNorm(1), Tanh, Flatten, Dense(2), MeanSquaredError]
public partial class SmoothMaps;

[Model, Input(7, 6, 3), Conv2D(5, 2), Relu, MaxPool2D(2), Conv2D(4, 2, Padding = Padding.Same), AveragePool2D(2), Tanh, Flatten, Dense(3), SoftmaxCrossEntropy]
public partial class PooledMaps;

[Model, Input(11, 3), Conv1D(5, 3, Padding = Padding.Same), Tanh, MaxPool1D(2), Conv1D(4, 2, Stride = 2), Relu, AveragePool1D(2), Flatten, Dense(2), MeanSquaredError]
public partial class Sequences;

// Groups of channels with one filter each, with and without several channels, followed by noise.
[Model, Input(6, 5, 8), Conv2D(8, 3, Groups = 8, Padding = Padding.Same), Dropout(0.3), Conv2D(4, 2, Groups = 4, Stride = 2), Relu]
[Conv2D(4, 2, Groups = 4, UseBias = false), Conv2D(8, 1, Groups = 2), Tanh, Flatten, Dense(2), MeanSquaredError]
public partial class Depthwise;

[Model, Input(3, 2, 4), ConvTranspose2D(5, 3, Stride = 2), Relu, ConvTranspose2D(3, 2, Padding = Padding.Same), Tanh, Flatten, Dense(2), MeanSquaredError]
public partial class Enlarged;

[Model, Input(8), Dense(20), LeakyRelu, Dropout(0.4), Dense(12), Softplus, Dropout(0.3), Dense(1), BinaryCrossEntropy]
public partial class Dropped;

[Model, TokenInput(6, 11), Embedding(8), PositionalEmbedding, LayerNorm, Dense(6), Relu, Flatten, Dense(4), SoftmaxCrossEntropy]
public partial class Tokens;

// The gradient of a bias of keys is zero but for rounding where positions do not turn them, and Adam makes steps of rounding: those are left out or stay as they are.
[Model, TokenInput(6, 11, Padding = 0), Embedding(8), SinusoidalEmbedding, RotaryEmbedding]
[SelfAttention(4, KeyValueHeads = 2, Causal = true, Rope = true, Dropout = 0.2), TransformerEncoder(2, 12, Rope = true), Dense(4), SoftmaxCrossEntropy]
public partial class Attentive;

[Model, MeanSquaredError]
public partial class Translated
{
    private static Tensor Forward([Input(5, 8)] Tensor x, [Input(4, 6)] Tensor memory) =>
        x.RotaryEmbedding().TransformerDecoder(memory, 2, 12, frozen: true).SelfAttention(2, window: 3, alibi: true, useBias: false).Dense(3);
}

// Recurrent layers: two directions, two layers with noise between them, and padding that keeps a state as it is.
[Model, TokenInput(4, 7, Padding = 0), Embedding(3), Lstm(3, ReturnSequences = true, Bidirectional = true)]
[Gru(3, ReturnSequences = true, Layers = 2, Dropout = 0.2), SimpleRnn(4, ReturnSequences = true), Last, Dense(3), SoftmaxCrossEntropy]
public partial class Remembering;

// A model that generates trains on GPUs; its sessions run on CPUs only.
[Model, Generates, TokenInput(5, 9), Embedding(8), SelfAttention(2, Causal = true, Rope = true), LayerNorm, Dense(9), SoftmaxCrossEntropy]
public partial class Generating;

[Block, Dense(6), Tanh]
internal sealed partial class Inner;

[Block, Recompute, Dense(6), Relu, Dense(6)]
internal sealed partial class Outer;

[Model, Input(6), Residual<Outer>, Repeat<Inner>(2), Parallel<Inner, Outer>(Merge.Concat), Parallel<Inner, Outer>(Merge.Add), Dense(3), MeanAbsoluteError]
public partial class Composed;

[Block]
internal sealed partial class Scaled(int width)
{
    private Tensor Forward(Tensor x) => x.Dense(width).Tanh() * 0.5;
}

[Model, Input(5), Apply<Scaled>(7), Apply<Scaled>(4), Dense(2), MeanSquaredError]
public partial class Nested;

// One set of weights in every step, noise that stays in training, and sums along two axes.
[Model]
public partial class Recurrent
{
    [Weight(5, 4)]
    private partial Tensor Mixing { get; }

    private Tensor Forward([Input(4, 3)] Tensor x, [TokenInput(4, 6)] Tensor tokens, bool training)
    {
        var read = Tensor.Concat(x, tokens.Embedding(2));
        var states = read.Scan(Tensor.Zeros(5), (state, at) =>
        {
            var next = Tensor.Concat(state, at).Dense(5).Tanh();
            return (next, next);
        });
        var mixed = states.MatMul(Mixing) - states.Mean(0).Square().MatMul(Mixing);
        var noisy = training ? mixed + 0.1 * Tensor.Normal(like: mixed) : mixed;
        return noisy.Transpose().MatMul(noisy).Flatten().Dense(3);
    }

    [Loss]
    private static Tensor Both(Tensor output, Tensor x, [Label(3)] Tensor kind) =>
        output.SoftmaxCrossEntropy(kind).Mean() + 0.1 * Tensor.Gradient(output.Square(), x).Square().Sum();
}

// A long sum with few results, split in every sample, followed by noise.
[Model, Input(2100), Dense(5), Tanh, Dropout(0.3), Dense(2), MeanSquaredError]
public partial class Skinny;

// More weight decays than a launch of an optimizer knows.
[Model, Input(3)]
[Dense(2, WeightDecay = 0.5), Dense(2, WeightDecay = 1), Dense(2, WeightDecay = 1.5), Dense(2, WeightDecay = 2), Dense(2, WeightDecay = 2.5), Tanh]
[Dense(2, WeightDecay = 3), Dense(2, WeightDecay = 3.5), Dense(2, WeightDecay = 4), Dense(2, WeightDecay = 4.5), Dense(2), MeanSquaredError]
public partial class Decayed;

// Two losses, each with a step of its own, and the parts they train.
[Model]
public partial class Rivals
{
    private readonly Outer painter = new();
    private readonly Critic critic = new();

    private Tensor Forward([Input(6)] Tensor noise) => noise.Apply(painter);

    [Loss(Trains = nameof(critic))]
    private Tensor CriticLoss(Tensor output, [Input(6)] Tensor real) =>
        real.Apply(critic).BinaryCrossEntropy(0.9) + output.Apply(critic).BinaryCrossEntropy(0);

    [Loss(Trains = nameof(painter))]
    private Tensor PainterLoss(Tensor output) => output.Apply(critic).BinaryCrossEntropy(1);
}

[Block, Dense(8), LeakyRelu(Slope = 0.2), Dropout(0.3), Dense(1)]
internal sealed partial class Critic;

[Block, Dense(4), Silu]
internal sealed partial class Gate;

[Block, Parallel<Gate, Gate, Gate, Gate, Gate, Gate, Gate, Gate>(Merge.Add), Dropout(0.1)]
internal sealed partial class Gates;

// A kernel with more views than a launch takes arguments.
[Model, Input(4), Residual<Gates>, Dense(1), MeanSquaredError]
public partial class ManyViews;

// Products with edges on all sides, whose wide blocks begin with a batch of 64.
[Model, Input(16, 16, 4), Conv2D(40, 3), Relu, Conv2D(72, 1), Sigmoid, GlobalAveragePool, Dense(2), MeanSquaredError]
public partial class Broad;

// Products without edges, large enough for wide blocks in every batch (the gradients of the weights) or in large ones. Too large to run here.
[Model, Input(2048), Dense(1024), Relu, Dense(2048), MeanSquaredError]
public partial class Large;

// The gradient of its weight shares no launch with another kernel.
[Model, Input(2048), Dense(1024, UseBias = false), MeanSquaredError]
public partial class LargeWeight;

// Products on tensor cores, where there are any: of all sizes, split, with windows.
[Model(Precision = ProductPrecision.Tf32), Input(8, 8, 4), Conv2D(40, 3), Relu, Flatten, Dense(70), Tanh, Dense(2), MeanSquaredError]
public partial class Rounded;

[Model(Precision = ProductPrecision.Tf32), Input(2048), Dense(1024), Relu, Dense(2048), MeanSquaredError]
public partial class LargeRounded;

// Attention under a causal mask and a constant one, whose first row lets nothing count; constants that products and maps read.
[Model, MeanSquaredError]
public partial class Causal
{
    private static Tensor Forward([Input(5, 3)] Tensor x)
    {
        var q = x.Dense(4) * Tensor.Constant((t, i) => Math.Cos(t / Math.Pow(100, i / 4.0)), 5, 4);

        // A bias of the keys would be the same for all scores of a row, and its gradient nothing but rounding.
        var scores = q.MatMul(x.Dense(4, useBias: false).Transpose()) / 2;
        var rest = Tensor.Constant([0, 0, 0, 0, 0, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 1, 0, 1], 5, 5);
        return (scores.Softmax(Tensor.CausalMask(5)) + scores.Softmax(rest)).MatMul(x.Dense(4)).MatMul(Tensor.Constant([1, -2, 0.5, 3, 1, 1, 2, 2], 4, 2));
    }
}

[Model, Input(2, 3), Dense(5), Softmax, Reshape(5, 2), Dense(4), Activation(nameof(Wave)), Flatten, Dense(3), Loss(nameof(Off))]
public partial class Custom
{
    private static float Wave(float x) => (MathF.Sin(x) * MathF.Cos(2f * x)) + MathF.Pow(MathF.Abs(x) + 0.5f, 1.5f) + MathF.Log((x * x) + 1f);

    private static float Off(float prediction, float target) => MathF.Sqrt(((prediction - target) * (prediction - target)) + 0.1f);
}
