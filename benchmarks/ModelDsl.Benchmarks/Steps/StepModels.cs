namespace ModelDsl.Benchmarks.Steps;

/// <summary>A straight line through points in space.</summary>
[Model]
[Input(2)]
[Dense(1)]
[MeanSquaredError]
public sealed partial class LinearModel;

/// <summary>A classifier of MNIST's digits.</summary>
[Model]
[Input(784)]
[Dense(256), Relu]
[Dense(128), Relu]
[Dense(10)]
[SoftmaxCrossEntropy]
public sealed partial class MlpModel;

/// <summary>A classifier of CIFAR-10's pictures.</summary>
[Model]
[Input(32, 32, 3)]
[Conv2D(32, 3), Relu]
[MaxPool2D(2)]
[Conv2D(64, 3), Relu]
[MaxPool2D(2)]
[Conv2D(64, 3), Relu]
[Flatten]
[Dense(64), Relu]
[Dense(10)]
[SoftmaxCrossEntropy]
public sealed partial class CnnModel;

/// <summary>A classifier of two kinds of photos.</summary>
[Model]
[Input(150, 150, 3)]
[Conv2D(32, 3), Relu]
[MaxPool2D(2)]
[Conv2D(64, 3), Relu]
[MaxPool2D(2)]
[Conv2D(128, 3), Relu]
[MaxPool2D(2)]
[Flatten]
[Dense(128), Relu]
[Dense(1)]
[BinaryCrossEntropy]
public sealed partial class CatsDogsModel;

/// <summary>A residual network of 18 layers with weights (He et al., 2015), with the stem for CIFAR-10's pictures: a window of 3 and no pooling.</summary>
[Model]
[Input(32, 32, 3)]
[Conv2D(64, 3, PaddingSize = 1, UseBias = false), BatchNorm, Relu]
[Repeat<BasicBlock>(2, 64)]
[Apply<BasicBlock>(128, 2), Apply<BasicBlock>(128)]
[Apply<BasicBlock>(256, 2), Apply<BasicBlock>(256)]
[Apply<BasicBlock>(512, 2), Apply<BasicBlock>(512)]
[GlobalAveragePool]
[Dense(10)]
[SoftmaxCrossEntropy]
public sealed partial class ResNet18Model;

/// <summary>Two convolutions and a way around them, which is one itself where the shape changes.</summary>
[Block]
internal sealed partial class BasicBlock(int width, int stride = 1)
{
    private Tensor Forward(Tensor x)
    {
        var y = x
            .Conv2D(width, 3, stride, paddingSize: 1, useBias: false).BatchNorm().Relu()
            .Conv2D(width, 3, paddingSize: 1, useBias: false).BatchNorm();
        var shortcut = y.SameShape(x) ? x : x.Conv2D(width, 1, stride, useBias: false).BatchNorm();
        return (y + shortcut).Relu();
    }
}

/// <summary>A GPT of four layers, 128 wide, that reads 128 bytes (Radford et al., 2019).</summary>
[Model, Generates]
[TokenInput(Context, Vocabulary)]
[Embedding(128), PositionalEmbedding]
[Repeat<GptBlock>(4)]
[LayerNorm]
[Dense(Vocabulary, UseBias = false)]
[SoftmaxCrossEntropy]
public sealed partial class GptModel
{
    /// <summary>Positions of a sample.</summary>
    public const int Context = 128;

    /// <summary>Token ids: the values of a byte.</summary>
    public const int Vocabulary = 256;
}

/// <summary>
/// GPT-2 with 124 million weights (Radford et al., 2019): twelve layers, 768 wide, over 1,024 tokens. One table has the vectors of the tokens that are read and the weights of
/// the logits.
/// </summary>
[Model, SoftmaxCrossEntropy]
public sealed partial class Gpt2Model
{
    /// <summary>Positions of a sample.</summary>
    public const int Context = 1024;

    /// <summary>Token ids.</summary>
    public const int Vocabulary = 50_257;

    [Weight(Vocabulary, 768, Init = Init.Normal, InitScale = 0.02)]
    private static partial Tensor Words { get; }

    private static Tensor Forward([TokenInput(Context, Vocabulary)] Tensor tokens)
    {
        var x = Words.Gather(tokens).PositionalEmbedding();
        for (var layer = 0; layer < 12; layer++)
            x = x.TransformerEncoder(12, 3072, activation: TransformerActivation.Gelu, normFirst: true, causal: true);
        return x.LayerNorm().MatMul(Words.Transpose());
    }
}

/// <summary>Causal attention of four heads and two dense layers, each after a normalisation.</summary>
[Block, TransformerEncoder(4, 512, NormFirst = true, Causal = true, Activation = TransformerActivation.Gelu)]
internal sealed partial class GptBlock;
