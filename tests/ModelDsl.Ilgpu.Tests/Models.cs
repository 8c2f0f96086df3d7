namespace ModelDsl.Ilgpu.Tests;

// Tiny models that together hold every layer, loss and composition.

[Model, Input(5), Dense(7), Relu, Dense(3), SoftmaxCrossEntropy]
public partial class Classifier;

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

[Model, Input(8), Dense(20), LeakyRelu, Dropout(0.4), Dense(12), Softplus, Dropout(0.3), Dense(1), BinaryCrossEntropy]
public partial class Dropped;

[Model, TokenInput(6, 11), Embedding(8), PositionalEmbedding, LayerNorm, Dense(6), Relu, Flatten, Dense(4), SoftmaxCrossEntropy]
public partial class Tokens;

[Block, Dense(6), Tanh]
internal sealed partial class Inner;

[Block, Dense(6), Relu, Dense(6)]
internal sealed partial class Outer;

[Model, Input(6), Residual<Outer>, Repeat<Inner>(2), Parallel<Inner, Outer>(Merge.Concat), Parallel<Inner, Outer>(Merge.Add), Dense(3), MeanAbsoluteError]
public partial class Composed;

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

// Products on tensor cores, where there are any: of all sizes, in pieces, with windows.
[Model(Precision = ProductPrecision.Tf32), Input(8, 8, 4), Conv2D(40, 3), Relu, Flatten, Dense(70), Tanh, Dense(2), MeanSquaredError]
public partial class Rounded;

[Model(Precision = ProductPrecision.Tf32), Input(2048), Dense(1024), Relu, Dense(2048), MeanSquaredError]
public partial class LargeRounded;

[Model, Input(2, 3), Dense(5), Softmax, Reshape(5, 2), Dense(4), Activation(nameof(Wave)), Flatten, Dense(3), Loss(nameof(Off))]
public partial class Custom
{
    private static float Wave(float x) => (MathF.Sin(x) * MathF.Cos(2f * x)) + MathF.Pow(MathF.Abs(x) + 0.5f, 1.5f) + MathF.Log((x * x) + 1f);

    private static float Off(float prediction, float target) => MathF.Sqrt(((prediction - target) * (prediction - target)) + 0.1f);
}
