namespace ModelDsl.Generator.Tests.Networks;

/// <summary>The classifiers of the benchmarks, as classes <c>Net</c>.</summary>
internal static class ClassifierNetworks
{
    /// <summary>784-256-128-10.</summary>
    public const string Mlp = "[Model, Input(784), Dense(256), Relu, Dense(128), Relu, Dense(10), SoftmaxCrossEntropy] public partial class Net;";

    /// <summary>Three convolutions and two dense layers over 32 × 32 × 3.</summary>
    public const string Cnn =
        "[Model, Input(32, 32, 3), Conv2D(32, 3), Relu, MaxPool2D(2), Conv2D(64, 3), Relu, MaxPool2D(2), Conv2D(64, 3), Relu, Flatten, Dense(64), Relu, Dense(10), SoftmaxCrossEntropy] public partial class Net;";
}
