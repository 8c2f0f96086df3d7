using ModelDsl;

namespace BuildTime;

/// <summary>A residual network of 18 layers with weights (He et al., 2015).</summary>
[Model, Input(224, 224, 3)]
[Conv2D(64, 7, Stride = 2, PaddingSize = 3, UseBias = false), BatchNorm, Relu, MaxPool2D(3, Stride = 2, PaddingSize = 1)]
[Repeat<BasicBlock>(2, 64)]
[Apply<BasicBlock>(128, 2), Apply<BasicBlock>(128)]
[Apply<BasicBlock>(256, 2), Apply<BasicBlock>(256)]
[Apply<BasicBlock>(512, 2), Apply<BasicBlock>(512)]
[GlobalAveragePool, Dense(1000), SoftmaxCrossEntropy]
public sealed partial class ResNet18;

// He et al., 2015.
[Block]
internal sealed partial class BasicBlock(int width, int stride = 1)
{
    private Tensor Forward(Tensor x)
    {
        var y = x.Conv2D(width, 3, stride, paddingSize: 1, useBias: false).BatchNorm().Relu()
            .Conv2D(width, 3, paddingSize: 1, useBias: false).BatchNorm();
        var shortcut = y.SameShape(x) ? x : x.Conv2D(width, 1, stride, useBias: false).BatchNorm();
        return (y + shortcut).Relu();
    }
}
