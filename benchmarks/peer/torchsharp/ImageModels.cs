using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharpPeer;

/// <summary>The models of numbers and pictures.</summary>
internal static class ImageModels
{
    public static Module<Tensor, Tensor> Mlp() => Sequential(Linear(784, 256), ReLU(), Linear(256, 128), ReLU(), Linear(128, 10));

    public static Module<Tensor, Tensor> Cnn() => Sequential(
        Conv2d(3, 32, 3), ReLU(), MaxPool2d(2), Conv2d(32, 64, 3), ReLU(), MaxPool2d(2), Conv2d(64, 64, 3), ReLU(),
        Flatten(), Linear(1024, 64), ReLU(), Linear(64, 10));

    public static Module<Tensor, Tensor> CatsDogs() => Sequential(
        Conv2d(3, 32, 3), ReLU(), MaxPool2d(2), Conv2d(32, 64, 3), ReLU(), MaxPool2d(2), Conv2d(64, 128, 3), ReLU(), MaxPool2d(2),
        Flatten(), Linear(128 * 17 * 17, 128), ReLU(), Linear(128, 1));
}

/// <summary>Two convolutions and a way around them, which is one itself where the shape changes.</summary>
internal sealed class BasicBlock : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> convolutions;
    private readonly Module<Tensor, Tensor> around;

    public BasicBlock(long channels, long width, long stride)
        : base(nameof(BasicBlock))
    {
        convolutions = Sequential(
            Conv2d(channels, width, 3, stride: stride, padding: 1, bias: false), BatchNorm2d(width), ReLU(),
            Conv2d(width, width, 3, padding: 1, bias: false), BatchNorm2d(width));
        around = channels == width && stride == 1 ? Identity() : Sequential(Conv2d(channels, width, 1, stride: stride, bias: false), BatchNorm2d(width));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => functional.relu(convolutions.call(input) + around.call(input));
}

/// <summary>ResNet-18 with the stem for pictures of 32 × 32.</summary>
internal sealed class ResNet18 : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> layers;

    public ResNet18()
        : base(nameof(ResNet18))
    {
        long[] widths = [64, 64, 128, 256, 512];
        var blocks = Enumerable.Range(0, 4).SelectMany(stage => new Module<Tensor, Tensor>[]
        {
            new BasicBlock(widths[stage], widths[stage + 1], stage == 0 ? 1 : 2), new BasicBlock(widths[stage + 1], widths[stage + 1], 1),
        });
        layers = Sequential([Conv2d(3, 64, 3, padding: 1, bias: false), BatchNorm2d(64), ReLU(), .. blocks, AdaptiveAvgPool2d(1), Flatten(), Linear(512, 10)]);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => layers.call(input);
}
