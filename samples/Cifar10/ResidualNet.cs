using ModelDsl;

namespace Cifar10;

/// <summary>Residual blocks with batch normalisation, on three scales (He et al., 2015): slower and clearly better than <see cref="CifarNet"/>.</summary>
[Model]
[Input(32, 32, 3)]
[Conv2D(32, 3, Padding = Padding.Same, UseBias = false), BatchNorm, Relu]
[Residual<TwoConvolutions>(32), Relu]
[Conv2D(64, 3, Stride = 2, Padding = Padding.Same, UseBias = false), BatchNorm, Relu]
[Residual<TwoConvolutions>(64), Relu]
[Conv2D(128, 3, Stride = 2, Padding = Padding.Same, UseBias = false), BatchNorm, Relu]
[Residual<TwoConvolutions>(128), Relu]
[AveragePool2D(8)]
[Flatten]
[Dense(10)]
[SoftmaxCrossEntropy]
public sealed partial class ResidualNet;

/// <summary>What a residual connection goes around.</summary>
[Block]
internal sealed partial class TwoConvolutions(int width)
{
    private Tensor Forward(Tensor x) => x
        .Conv2D(width, 3, padding: Padding.Same, useBias: false).BatchNorm().Relu()
        .Conv2D(width, 3, padding: Padding.Same, useBias: false).BatchNorm();
}
