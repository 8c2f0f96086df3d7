using ModelDsl;

namespace ModelApp._1;

/// <summary>Says which of two spirals a point belongs to.</summary>
[Model]
[Input(2)]
[Dense(32), Relu]
[Dense(32), Relu]
[Dense(2)]
[SoftmaxCrossEntropy]
public sealed partial class SpiralClassifier;
