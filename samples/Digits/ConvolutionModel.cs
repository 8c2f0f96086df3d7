using ModelDsl;

namespace Digits;

/// <summary>The same task with convolutions: they know that a digit stays one when it is moved, and make half as many mistakes.</summary>
[Model]
[Input(28, 28)]
[Reshape(28, 28, 1)]
[Conv2D(32, 3), Relu]
[Conv2D(32, 3), Relu]
[MaxPool2D(2), Dropout(0.25)]
[Conv2D(64, 3), Relu]
[MaxPool2D(2), Dropout(0.25)]
[Flatten]
[Dense(128), Relu, Dropout(0.5)]
[Dense(10)]
[SoftmaxCrossEntropy]
public sealed partial class ConvolutionModel;
