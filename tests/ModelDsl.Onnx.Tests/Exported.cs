using ModelDsl.Compiled;

namespace ModelDsl.Onnx.Tests;

// Models for what files contain; the models of the layers are in another file.

[Block, Conv2D(6, 3, Padding = Padding.Same, UseBias = false), BatchNorm, Relu, Conv2D(6, 3, Padding = Padding.Same, UseBias = false), BatchNorm]
internal sealed partial class Inner;

[Model, Input(8, 8, 3), Conv2D(6, 3, Padding = Padding.Same), BatchNorm, Relu, Residual<Inner>, Relu, MaxPool2D(2), GlobalAveragePool, Dense(4), SoftmaxCrossEntropy]
public partial class Pictures;

[Model, Input(6, 5), Lstm(4, ReturnSequences = true, Bidirectional = true), Gru(3, Layers = 2, ReturnSequences = true), SimpleRnn(4), Dense(2), BinaryCrossEntropy]
public partial class Sequence;

[Model, Input(5, 8), SelfAttention(2, Causal = true), LayerNorm, SelfAttention(4, KeyValueHeads = 2), RmsNorm, Gelu, Dense(3), MeanSquaredError]
public partial class Attending;

// Positions of a whole value, and of queries and keys together.
[Model, Input(5, 8), RotaryEmbedding, SelfAttention(4, KeyValueHeads = 2, Causal = true, Rope = true), Dense(3), MeanSquaredError]
public partial class Rotated;

// Numbers that are added to the scores: of each key, of each pair of positions and head, and with a causal mask.
[Model, MeanSquaredError]
public partial class Biased
{
    [Weight(2, 5, 5)]
    private static partial Tensor Distances { get; }

    private static Tensor Forward([Input(5, 8)] Tensor x, [Input(5)] Tensor mask)
    {
        var heads = x.Dense(8).Reshape(5, 2, 4);
        var first = Tensor.Attention(heads, heads.Tanh(), heads, bias: mask * 3);
        return Tensor.Attention(first, heads, first, Distances, causal: true).Reshape(5, 8).Dense(2);
    }
}

// The first pool makes ONNX Runtime see pad and pool side by side, which it merges in some versions.
[Model, Input(3, 3, 2), MaxPool2D(1), Pad(1, 0), MaxPool2D(2), Flatten, Dense(2), MeanSquaredError]
public partial class Framed;

[Model, MeanSquaredError(Target = Target.Input)]
public partial class Copied
{
    private static Tensor Forward([Input(4)] Tensor output) => output.Dense(2).Tanh().Dense(4);
}

[Block, BatchNorm, Dense(1)]
internal sealed partial class Judge;

// A batch normalization whose result only the loss reads.
[Model]
public partial class Judged
{
    private readonly Judge judge = new();

    private static Tensor Forward([Input(6)] Tensor x) => x.Dense(6);

    [Loss]
    private Tensor Own(Tensor output) => output.Apply(judge).BinaryCrossEntropy(1);
}

[Model]
public partial class Dropping
{
    private static (Tensor values, Tensor channels) Forward([Input(100, 20)] Tensor x) => (x.Dropout(0.25), x.Dropout2D(0.5));

    [Loss]
    private static Tensor Own(Tensor values, Tensor channels) => values * channels;
}

[Model]
public partial class DroppedTwice
{
    private static (Tensor a, Tensor b) Forward([Input(200)] Tensor x) => (x.Dropout(0.5), x.Dropout(0.5));

    [Loss]
    private static Tensor Own(Tensor a, Tensor b) => a * b;
}

/// <summary>A model with another graph: null as in a project that does not reference the package.</summary>
internal sealed class Bare(Func<GraphDescription>? graph) : Model(new Pictures().Description with { Graph = graph }, 1, null);
