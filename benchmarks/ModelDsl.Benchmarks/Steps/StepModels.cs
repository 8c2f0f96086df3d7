namespace ModelDsl.Benchmarks.Steps;

/// <summary>A straight line through points in space.</summary>
[Model]
[Input(2)]
[Dense(1)]
[MeanSquaredError]
public sealed partial class LinearModel;

/// <summary>A classifier of CIFAR-10's pictures.</summary>
[Model]
[Input(32, 32, 3)]
[Conv2D(32, 3), Relu]
[MaxPool2D(2)]
[Conv2D(64, 3), Relu]
[MaxPool2D(2)]
[Conv2D(64, 3), Relu]
[Flatten]
[Dense(64), Relu]
[Dense(10)]
[SoftmaxCrossEntropy]
public sealed partial class CnnModel;

/// <summary>A classifier of MNIST's digits.</summary>
[Model]
[Input(784)]
[Dense(256), Relu]
[Dense(128), Relu]
[Dense(10)]
[SoftmaxCrossEntropy]
public sealed partial class MlpModel;
