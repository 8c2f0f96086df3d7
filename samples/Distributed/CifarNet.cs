using ModelDsl;

namespace SeveralRanks;

/// <summary>Small pictures in ten classes: the network of the sample Cifar10, with dropout.</summary>
[Model]
[Input(32, 32, 3)]
[Conv2D(32, 3), Relu]
[MaxPool2D(2)]
[Conv2D(64, 3), Relu]
[MaxPool2D(2)]
[Conv2D(64, 3), Relu]
[Flatten]
[Dense(64), Relu, Dropout(0.2)]
[Dense(10)]
[SoftmaxCrossEntropy]
public sealed partial class CifarNet;
