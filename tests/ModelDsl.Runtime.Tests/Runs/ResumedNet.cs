namespace ModelDsl.Runtime.Tests.Runs;

/// <summary>A network with everything that changes from step to step: weights, running statistics, and masks of dropout.</summary>
[Model, Input(6, 6, 1), Conv2D(4, 3), BatchNorm, Relu, Flatten, Dropout(0.25), Dense(Classes), SoftmaxCrossEntropy]
public sealed partial class ResumedNet
{
    /// <summary>The number of classes.</summary>
    public const int Classes = 3;
}

/// <summary>The same with another number of filters.</summary>
[Model, Input(6, 6, 1), Conv2D(5, 3), BatchNorm, Relu, Flatten, Dropout(0.25), Dense(ResumedNet.Classes), SoftmaxCrossEntropy]
public sealed partial class WiderNet;

/// <summary>Two parts with a loss each.</summary>
[Model]
public sealed partial class TwoLosses
{
    private readonly Half first = new();
    private readonly Half second = new();

    private Tensor Forward([Input(4)] Tensor x) => x.Apply(first);

    [Loss(Trains = nameof(first))]
    private Tensor FirstLoss(Tensor output, [Input(3)] Tensor target) => output.MeanSquaredError(target);

    [Loss(Trains = nameof(second))]
    private Tensor SecondLoss(Tensor output) => output.Apply(second).BinaryCrossEntropy(1);
}

/// <summary>A part.</summary>
[Block, Dense(5), Tanh, Dropout(0.2), Dense(3)]
internal sealed partial class Half;
