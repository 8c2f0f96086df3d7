using ModelDsl.Devices;
using ModelDsl.Optimizers;

namespace ModelDsl;

/// <summary>Adam with Nesterov momentum (Dozat: Incorporating Nesterov Momentum into Adam, 2016); equivalent to <c>torch.optim.NAdam</c>.</summary>
public sealed class NAdam : Optimizer
{
    /// <summary>The base of the momentum's warm-up: momentum t is β₁ · (1 − 0.96^(t · <see cref="MomentumDecay"/>) / 2), as in Dozat's report.</summary>
    private const double WarmUpBase = 0.96;

    private int lastUpdate;
    private double lastProduct = 1;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">The learning rate.</param>
    /// <param name="beta1">The decay rate of the mean gradient, at least 0 and less than 1.</param>
    /// <param name="beta2">The decay rate of the mean squared gradient, at least 0 and less than 1.</param>
    /// <param name="epsilon">The number that is added to the square root of the mean square.</param>
    /// <param name="weightDecay">The multiple of the parameters that is added to the gradients (L2).</param>
    /// <param name="momentumDecay">The rate at which the momentum approaches <paramref name="beta1"/>: momentum t is β₁ · (1 − 0.96^(t · momentumDecay) / 2).</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public NAdam(
        double learningRate = 2e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0, double momentumDecay = 4e-3)
        : base(learningRate, weightDecay)
    {
        Beta1 = ArgumentCheck.Below(beta1, 1, nameof(beta1));
        Beta2 = ArgumentCheck.Below(beta2, 1, nameof(beta2));
        Epsilon = CheckEpsilon(epsilon, nameof(epsilon));
        MomentumDecay = ArgumentCheck.NotNegative(momentumDecay, nameof(momentumDecay));
    }

    /// <summary>The decay rate of the mean gradient.</summary>
    public double Beta1 { get; }

    /// <summary>The decay rate of the mean squared gradient.</summary>
    public double Beta2 { get; }

    /// <summary>The number that is added to the square root of the mean square.</summary>
    public double Epsilon { get; }

    /// <summary>The rate at which the momentum approaches <see cref="Beta1"/>.</summary>
    public double MomentumDecay { get; }

    private protected override IEnumerable<(string Name, object Value)> OwnSettings => [(nameof(Beta1), Beta1), (nameof(Beta2), Beta2), (nameof(Epsilon), Epsilon), (nameof(MomentumDecay), MomentumDecay)];

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
        var (update, product) = (pass.Updates, Product(pass.Updates));
        var correction2 = Math.Sqrt(1 - Math.Pow(Beta2, update));
        var (momentum, next) = (Momentum(update), Momentum(update + 1));
        var rule = new MomentRule(
            Beta1,
            Beta2,
            fromMean: LearningRate * next / (1 - (product * next)) * correction2,
            fromGradient: LearningRate * (1 - momentum) / (1 - product) * correction2,
            epsilon: Epsilon * correction2,
            isScaled: true);
        ((UpdatePass<MomentRule>)pass).Run(in rule, clip);
    }

    private double Momentum(int update) => Beta1 * (1 - (0.5 * Math.Pow(WarmUpBase, update * MomentumDecay)));

    /// <summary>Returns the product of the momenta of all updates so far. It is cached, because an optimizer is usually used for one model.</summary>
    private double Product(int update)
    {
        if (update != lastUpdate + 1)
            (lastUpdate, lastProduct) = (0, 1);
        while (lastUpdate < update && lastProduct > 0)
            lastProduct *= Momentum(++lastUpdate);
        lastUpdate = update;
        return lastProduct;
    }
}
