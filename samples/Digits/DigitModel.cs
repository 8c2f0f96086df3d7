using ModelDsl;

namespace Digits;

/// <summary>Says which digit an image of 28 × 28 grey pixels shows.</summary>
[Model]
[Input(28, 28)]
[Flatten]
[Dropout(0.2)]
[Dense(512), Relu, Dropout(0.5)]
[Dense(256), Relu, Dropout(0.3)]
[Dense(10)]
[SoftmaxCrossEntropy]
public sealed partial class DigitModel;
