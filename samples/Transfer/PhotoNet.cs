using ModelDsl;

namespace Transfer;

/// <summary>
/// Tells two kinds of photos apart. The imported networks keep their weights; only the last layer is trained. <c>PredictFeatures</c> returns what that layer reads, so that it
/// can be trained without computing the rest again.
/// </summary>
[Model, SoftmaxCrossEntropy]
public sealed partial class PhotoNet
{
    /// <summary>The number of rows and columns of a photo.</summary>
    public const int Size = 224;

    [Frozen] private readonly ResNetPreprocessBlock preprocess = new();
    [Frozen] private readonly ResNet18Block trunk = new();

    // The file for preprocessing expects the channels first.
    private Tensor Forward([Input(Size, Size, 3)] Tensor photo) =>
        photo.Transpose(2, 0, 1).Apply(preprocess).Apply(trunk).Flatten().Output("features").Dense(2, name: "head");
}
