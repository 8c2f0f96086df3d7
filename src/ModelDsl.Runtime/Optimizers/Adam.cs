using ModelDsl.Devices;
using ModelDsl.Optimizers;

namespace ModelDsl;

/// <summary>Adam, which scales updates by running means of the gradients and their squares; equivalent to <c>torch.optim.Adam</c>.</summary>
public class Adam : Optimizer
{
    private readonly bool decoupled;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">The learning rate.</param>
    /// <param name="beta1">The decay rate of the mean gradient, at least 0 and less than 1.</param>
    /// <param name="beta2">The decay rate of the mean squared gradient, at least 0 and less than 1.</param>
    /// <param name="epsilon">The number that is added to the square root of the mean square.</param>
    /// <param name="weightDecay">
    /// The multiple of the parameters that is added to the gradients (L2); see <see cref="AdamW"/> for decoupled weight decay.
    /// </param>
    /// <param name="amsGrad">Whether to use the maximum of all mean squares so far.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public Adam(
        double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0, bool amsGrad = false)
        : this(learningRate, beta1, beta2, epsilon, weightDecay, amsGrad, decoupled: false)
    {
    }

    private protected Adam(double learningRate, double beta1, double beta2, double epsilon, double weightDecay, bool amsGrad, bool decoupled)
        : base(learningRate, weightDecay)
    {
        Beta1 = ArgumentCheck.Below(beta1, 1, nameof(beta1));
        Beta2 = ArgumentCheck.Below(beta2, 1, nameof(beta2));
        Epsilon = CheckEpsilon(epsilon, nameof(epsilon));
        AmsGrad = amsGrad;
        this.decoupled = decoupled;
    }

    /// <summary>The decay rate of the mean gradient.</summary>
    public double Beta1 { get; }

    /// <summary>The decay rate of the mean squared gradient.</summary>
    public double Beta2 { get; }

    /// <summary>The number that is added to the square root of the mean square.</summary>
    public double Epsilon { get; }

    /// <summary>Whether the maximum of all mean squares so far is used.</summary>
    public bool AmsGrad { get; }

    private protected override IEnumerable<(string Name, object Value)> OwnSettings => [(nameof(Beta1), Beta1), (nameof(Beta2), Beta2), (nameof(Epsilon), Epsilon), (nameof(AmsGrad), AmsGrad)];

    /// <inheritdoc/>
    protected override UpdatePass CreatePass(DeviceModel device, UpdateSegment[] segments)
    {
        ArgumentNullException.ThrowIfNull(device);
        return device.CreatePass<AdamRule>(AmsGrad ? 3 : 2, segments);
    }

    /// <inheritdoc/>
    protected override void Run(UpdatePass pass, GradientClip clip)
    {
        ArgumentNullException.ThrowIfNull(pass);
        var rule = new AdamRule(LearningRate, Beta1, Beta2, Epsilon, decoupled, AmsGrad, pass.Updates);
        ((UpdatePass<AdamRule>)pass).Run(in rule, clip);
    }
}

/// <summary>Adam with decoupled weight decay, which acts on the parameters directly; equivalent to <c>torch.optim.AdamW</c>.</summary>
public sealed class AdamW : Adam
{
    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">The learning rate.</param>
    /// <param name="beta1">The decay rate of the mean gradient, at least 0 and less than 1.</param>
    /// <param name="beta2">The decay rate of the mean squared gradient, at least 0 and less than 1.</param>
    /// <param name="epsilon">The number that is added to the square root of the mean square.</param>
    /// <param name="weightDecay">Each update first multiplies the parameters by 1 − learningRate · weightDecay.</param>
    /// <param name="amsGrad">Whether to use the maximum of all mean squares so far.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public AdamW(
        double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 1e-2, bool amsGrad = false)
        : base(learningRate, beta1, beta2, epsilon, weightDecay, amsGrad, decoupled: true)
    {
    }
}
