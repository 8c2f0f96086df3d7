using ModelDsl;

namespace Transfer;

/// <summary>The same network with a trunk that is trained further, together with the last layer.</summary>
[Model, SoftmaxCrossEntropy]
public sealed partial class FineTunedNet
{
    [Frozen] private readonly ResNetPreprocessBlock preprocess = new();
    private readonly ResNet18Block trunk = new();

    private Tensor Forward([Input(PhotoNet.Size, PhotoNet.Size, 3)] Tensor photo) =>
        photo.Transpose(2, 0, 1).Apply(preprocess).Apply(trunk).Flatten().Dense(2, name: "head");
}
