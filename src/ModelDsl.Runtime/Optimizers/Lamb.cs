using ModelDsl.Devices;

namespace ModelDsl;

/// <summary>
/// LAMB, which is Adam with a learning rate for each parameter tensor: that of the optimizer, multiplied by the ratio of the norms of the tensor and of its update (You et al.: Large Batch Optimization for Deep
/// Learning: Training BERT in 76 minutes, 2020, algorithm 2). It is for large batches.
/// </summary>
/// <remarks>
/// r = m̂ / (√v̂ + ε) + λp, and p −= learningRate · ‖p‖ / ‖r‖ · r, with the running means of <see cref="Adam"/>. If one of the norms is 0, the ratio is 1. An embedding with sparse updates is an error.
/// </remarks>
public sealed class Lamb : Optimizer
{
    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">The learning rate: about the relative change of each tensor in an update.</param>
    /// <param name="beta1">The decay rate of the mean gradient, at least 0 and less than 1.</param>
    /// <param name="beta2">The decay rate of the mean squared gradient, at least 0 and less than 1.</param>
    /// <param name="epsilon">The number that is added to the square root of the mean square.</param>
    /// <param name="weightDecay">The multiple of the parameters that is added to the direction of the update, λ.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public Lamb(double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-6, double weightDecay = 1e-2)
        : base(learningRate, weightDecay)
    {
        Beta1 = ArgumentCheck.Below(beta1, 1, nameof(beta1));
        Beta2 = ArgumentCheck.Below(beta2, 1, nameof(beta2));
        Epsilon = CheckEpsilon(epsilon, nameof(epsilon));
    }

    /// <summary>The decay rate of the mean gradient.</summary>
    public double Beta1 { get; }

    /// <summary>The decay rate of the mean squared gradient.</summary>
    public double Beta2 { get; }

    /// <summary>The number that is added to the square root of the mean square.</summary>
    public double Epsilon { get; }

    private protected override IEnumerable<(string Name, object Value)> OwnSettings => [(nameof(Beta1), Beta1), (nameof(Beta2), Beta2), (nameof(Epsilon), Epsilon)];

    private protected override bool IsPerTensor => true;

    /// <inheritdoc/>
    protected override UpdatePass CreatePass(DeviceModel device, UpdateSegment[] segments)
    {
        ArgumentNullException.ThrowIfNull(device);
        return device.CreateLambPass(segments);
    }

    /// <inheritdoc/>
    protected override void Run(UpdatePass pass, GradientClip clip)
    {
        ArgumentNullException.ThrowIfNull(pass);
        var correction2 = Math.Sqrt(1 - Math.Pow(Beta2, pass.Updates));
        var scalars = new LambScalars(
            LearningRate,
            (float)Beta1,
            (float)Beta2,
            (float)(1 - Beta1),
            (float)(1 - Beta2),
            Scale: (float)(correction2 / (1 - Math.Pow(Beta1, pass.Updates))),
            Epsilon: (float)(Epsilon * correction2));
        ((LambPass)pass).Run(in scalars, clip);
    }
}
