using ModelDsl;

namespace BuildTime;

/// <summary>A network of inverted residuals (Sandler et al., 2018).</summary>
[Model, Input(224, 224, 3)]
[Apply<Clipped>(32, 3, 2)]
[Apply<InvertedResidual>(1, 16)]
[Apply<InvertedResidual>(6, 24, 2), Apply<InvertedResidual>(6, 24)]
[Apply<InvertedResidual>(6, 32, 2), Repeat<InvertedResidual>(2, 6, 32)]
[Apply<InvertedResidual>(6, 64, 2), Repeat<InvertedResidual>(3, 6, 64)]
[Repeat<InvertedResidual>(3, 6, 96)]
[Apply<InvertedResidual>(6, 160, 2), Repeat<InvertedResidual>(2, 6, 160)]
[Apply<InvertedResidual>(6, 320)]
[Apply<Clipped>(1280, 1)]
[GlobalAveragePool, Dropout(0.2), Dense(1000), SoftmaxCrossEntropy]
public sealed partial class MobileNetV2;

// Sandler et al., 2018: wide inside, narrow and linear at both ends, each channel convolved separately.
[Block]
internal sealed partial class Clipped(int filters, int kernel, int stride = 1, int groups = 1)
{
    private Tensor Forward(Tensor x) => x
        .Conv2D(filters, kernel, stride, paddingSize: kernel / 2, groups: groups, useBias: false).BatchNorm().Activation(nameof(Relu6));

    private static float Relu6(float x) => MathF.Min(MathF.Max(x, 0), 6);
}

[Block]
internal sealed partial class InvertedResidual(int expansion, int width, int stride = 1)
{
    private Tensor Forward(Tensor x)
    {
        var hidden = expansion * x.Channels;
        var y = expansion == 1 ? x : x.Apply(new Clipped(hidden, 1));
        y = y.Apply(new Clipped(hidden, 3, stride, groups: hidden)).Conv2D(width, 1, useBias: false).BatchNorm();
        return y.SameShape(x) ? x + y : y;
    }
}
