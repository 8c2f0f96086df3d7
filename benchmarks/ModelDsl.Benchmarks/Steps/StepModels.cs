namespace ModelDsl.Benchmarks.Steps;

/// <summary>A straight line through points in space.</summary>
[Model]
[Input(2)]
[Dense(1)]
[MeanSquaredError]
public sealed partial class LinearModel;

/// <summary>A classifier of MNIST's digits.</summary>
[Model]
[Input(784)]
[Dense(256), Relu]
[Dense(128), Relu]
[Dense(10)]
[SoftmaxCrossEntropy]
public sealed partial class MlpModel;
