using ModelDsl;

namespace Transfer;

/// <summary>The last layer of <see cref="PhotoNet"/> as a model of its own, which is trained on features in less than a second.</summary>
[Model, Input(Features.Width), Dense(2, Name = "head"), SoftmaxCrossEntropy]
public sealed partial class HeadNet;
