using ModelDsl.Devices;
using ModelDsl.Optimizers;

namespace ModelDsl;

/// <summary>
/// Adam without scaling in its first updates, in which the mean of the squared gradients has too few terms (Liu et al.: On the Variance of the Adaptive Learning
/// Rate and Beyond, 2020); equivalent to <c>torch.optim.RAdam</c>.
/// </summary>
public sealed class RAdam : Optimizer
{
    /// <summary>The length of the approximated average above which its variance is tractable.</summary>
    private const double LeastLength = 5;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">The learning rate.</param>
    /// <param name="beta1">The decay rate of the mean gradient, at least 0 and less than 1.</param>
    /// <param name="beta2">The decay rate of the mean squared gradient, at least 0 and less than 1.</param>
    /// <param name="epsilon">The number that is added to the square root of the mean square.</param>
    /// <param name="weightDecay">The multiple of the parameters that is added to the gradients (L2).</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public RAdam(double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0)
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

    /// <inheritdoc/>
    protected override UpdatePass CreatePass(DeviceModel device, UpdateSegment[] segments)
    {
        ArgumentNullException.ThrowIfNull(device);
        return device.CreatePass<MomentRule>(2, segments);
    }

    /// <inheritdoc/>
    protected override void Run(UpdatePass pass, GradientClip clip)
    {
        ArgumentNullException.ThrowIfNull(pass);
        var power = Math.Pow(Beta2, pass.Updates);
        var rate = LearningRate / (1 - Math.Pow(Beta1, pass.Updates));
        var longest = (2 / (1 - Beta2)) - 1;
        var length = longest - (2 * pass.Updates * power / (1 - power));
        var isScaled = length > LeastLength;
        if (isScaled)
            rate *= Math.Sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)) * Math.Sqrt(1 - power);
        var rule = new MomentRule(Beta1, Beta2, fromMean: rate, fromGradient: 0, Epsilon, isScaled);
        ((UpdatePass<MomentRule>)pass).Run(in rule, clip);
    }
}
