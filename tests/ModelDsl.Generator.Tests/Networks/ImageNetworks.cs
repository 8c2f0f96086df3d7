namespace ModelDsl.Generator.Tests.Networks;

/// <summary>Well-known networks for pictures as a user writes them: whole, and narrow ones of the same blocks.</summary>
internal static class ImageNetworks
{
    /// <summary>The blocks of all networks.</summary>
    public const string Blocks =
        """
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

        // Huang et al., 2017: every layer sees what all before it have made.
        [Block]
        internal sealed partial class DenseLayer(int growth)
        {
            private Tensor Forward(Tensor x)
            {
                var y = x.BatchNorm().Relu().Conv2D(4 * growth, 1, useBias: false)
                    .BatchNorm().Relu().Conv2D(growth, 3, paddingSize: 1, useBias: false);
                return Tensor.Concat(x, y);
            }
        }

        [Block]
        internal sealed partial class Transition
        {
            private static Tensor Forward(Tensor x) => x.BatchNorm().Relu().Conv2D(x.Channels / 2, 1, useBias: false).AveragePool2D(2);
        }

        // Szegedy et al., 2015, with batch normalisation.
        [Block]
        internal sealed partial class Unit(int filters, int kernel, int stride = 1)
        {
            private Tensor Forward(Tensor x) => x.Conv2D(filters, kernel, stride, paddingSize: kernel / 2, useBias: false).BatchNorm().Relu();
        }

        [Block]
        internal sealed partial class Inception(int ones, int reduce3, int threes, int reduce5, int fives, int pooled)
        {
            // The last kernel was of size 5 in the paper and is of size 3 in torchvision, whose numbers are known.
            private Tensor Forward(Tensor x) => Tensor.Concat(
                x.Apply(new Unit(ones, 1)),
                x.Apply(new Unit(reduce3, 1)).Apply(new Unit(threes, 3)),
                x.Apply(new Unit(reduce5, 1)).Apply(new Unit(fives, 3)),
                x.MaxPool2D(3, stride: 1, paddingSize: 1).Apply(new Unit(pooled, 1)));
        }

        [Block, Apply<Unit>(4, 1)] internal sealed partial class Ones;
        [Block, Apply<Unit>(3, 1), Apply<Unit>(6, 3)] internal sealed partial class Threes;
        [Block, Apply<Unit>(2, 1), Apply<Unit>(5, 5)] internal sealed partial class Fives;
        [Block, MaxPool2D(3, Stride = 1, PaddingSize = 1), Apply<Unit>(3, 1)] internal sealed partial class Pooled;
        """;

    /// <summary>The networks of the papers, for pictures of 224 × 224 and 1,000 classes.</summary>
    public const string Whole =
        """
        [Model, Input(224, 224, 3)]
        [Conv2D(64, 7, Stride = 2, PaddingSize = 3, UseBias = false), BatchNorm, Relu, MaxPool2D(3, Stride = 2, PaddingSize = 1)]
        [Repeat<BasicBlock>(2, 64)]
        [Apply<BasicBlock>(128, 2), Apply<BasicBlock>(128)]
        [Apply<BasicBlock>(256, 2), Apply<BasicBlock>(256)]
        [Apply<BasicBlock>(512, 2), Apply<BasicBlock>(512)]
        [GlobalAveragePool, Dense(1000), SoftmaxCrossEntropy]
        public sealed partial class ResNet18;

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

        [Model, Input(224, 224, 3)]
        [Conv2D(64, 7, Stride = 2, PaddingSize = 3, UseBias = false), BatchNorm, Relu, MaxPool2D(3, Stride = 2, PaddingSize = 1)]
        [Repeat<DenseLayer>(6, 32), Apply<Transition>]
        [Repeat<DenseLayer>(12, 32), Apply<Transition>]
        [Repeat<DenseLayer>(24, 32), Apply<Transition>]
        [Repeat<DenseLayer>(16, 32), BatchNorm, Relu]
        [GlobalAveragePool, Dense(1000), SoftmaxCrossEntropy]
        public sealed partial class DenseNet121;

        [Model, Input(224, 224, 3)]
        [Apply<Unit>(64, 7, 2), MaxPool2D(3, Stride = 2, Padding = Padding.Same)]
        [Apply<Unit>(64, 1), Apply<Unit>(192, 3), MaxPool2D(3, Stride = 2, Padding = Padding.Same)]
        [Apply<Inception>(64, 96, 128, 16, 32, 32), Apply<Inception>(128, 128, 192, 32, 96, 64), MaxPool2D(3, Stride = 2, Padding = Padding.Same)]
        [Apply<Inception>(192, 96, 208, 16, 48, 64), Apply<Inception>(160, 112, 224, 24, 64, 64), Apply<Inception>(128, 128, 256, 24, 64, 64)]
        [Apply<Inception>(112, 144, 288, 32, 64, 64), Apply<Inception>(256, 160, 320, 32, 128, 128), MaxPool2D(2)]
        [Apply<Inception>(256, 160, 320, 32, 128, 128), Apply<Inception>(384, 192, 384, 48, 128, 128)]
        [GlobalAveragePool, Dropout(0.2), Dense(1000), SoftmaxCrossEntropy]
        public sealed partial class GoogLeNet;
        """;

    /// <summary>The same, small enough for an interpreter; the odd sizes are on purpose.</summary>
    public const string Narrow =
        """
        [Model, Input(40, 40, 3)]
        [Conv2D(4, 7, Stride = 2, PaddingSize = 3, UseBias = false), BatchNorm, Relu, MaxPool2D(3, Stride = 2, PaddingSize = 1)]
        [Repeat<BasicBlock>(2, 4)]
        [Apply<BasicBlock>(8, 2), Apply<BasicBlock>(8)]
        [Apply<BasicBlock>(12, 2), Apply<BasicBlock>(12)]
        [Apply<BasicBlock>(16, 2), Apply<BasicBlock>(16)]
        [GlobalAveragePool, Dense(5), SoftmaxCrossEntropy]
        public sealed partial class NarrowResNet;

        [Model, Input(20, 20, 3)]
        [Apply<Clipped>(6, 3, 2)]
        [Apply<InvertedResidual>(1, 4)]
        [Apply<InvertedResidual>(6, 5, 2), Apply<InvertedResidual>(6, 5)]
        [Apply<InvertedResidual>(3, 7, 2), Apply<InvertedResidual>(3, 7)]
        [Apply<InvertedResidual>(2, 9)]
        [Apply<Clipped>(20, 1)]
        [GlobalAveragePool, Dense(5), SoftmaxCrossEntropy]
        public sealed partial class NarrowMobileNet;

        [Model, Input(32, 32, 3)]
        [Conv2D(6, 7, Stride = 2, PaddingSize = 3, UseBias = false), BatchNorm, Relu, MaxPool2D(3, Stride = 2, PaddingSize = 1)]
        [Repeat<DenseLayer>(2, 3), Apply<Transition>]
        [Repeat<DenseLayer>(3, 3), Apply<Transition>]
        [Repeat<DenseLayer>(2, 3), BatchNorm, Relu]
        [GlobalAveragePool, Dense(5), SoftmaxCrossEntropy]
        public sealed partial class NarrowDenseNet;

        [Model, Input(9, 9, 3)]
        [Apply<Unit>(5, 3)]
        [Parallel<Ones, Threes, Fives, Pooled>(Merge.Concat), MaxPool2D(2)]
        [Parallel<Ones, Threes, Fives, Pooled>(Merge.Concat)]
        [GlobalAveragePool, Dense(5), SoftmaxCrossEntropy]
        public sealed partial class NarrowInception;
        """;
}
