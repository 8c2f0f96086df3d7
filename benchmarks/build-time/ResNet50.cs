using ModelDsl;

namespace BuildTime;

/// <summary>A residual network of 50 layers with weights (He et al., 2015), with the stride in the window of 3 as torchvision has it.</summary>
[Model, Input(224, 224, 3)]
[Conv2D(64, 7, Stride = 2, PaddingSize = 3, UseBias = false), BatchNorm, Relu, MaxPool2D(3, Stride = 2, PaddingSize = 1)]
[Repeat<Bottleneck>(3, 64)]
[Apply<Bottleneck>(128, 2), Repeat<Bottleneck>(3, 128)]
[Apply<Bottleneck>(256, 2), Repeat<Bottleneck>(5, 256)]
[Apply<Bottleneck>(512, 2), Repeat<Bottleneck>(2, 512)]
[GlobalAveragePool, Dense(1000), SoftmaxCrossEntropy]
public sealed partial class ResNet50;

[Block]
internal sealed partial class Bottleneck(int width, int stride = 1)
{
    private Tensor Forward(Tensor x)
    {
        var y = x.Conv2D(width, 1, useBias: false).BatchNorm().Relu()
            .Conv2D(width, 3, stride, paddingSize: 1, useBias: false).BatchNorm().Relu()
            .Conv2D(4 * width, 1, useBias: false).BatchNorm();
        var shortcut = y.SameShape(x) ? x : x.Conv2D(4 * width, 1, stride, useBias: false).BatchNorm();
        return (y + shortcut).Relu();
    }
}
