using System.Runtime.CompilerServices;
using ModelDsl.Devices;

namespace ModelDsl.Optimizers;

/// <summary>
/// An update in the direction of running means: m = β₁m + (1−β₁)g, v = β₂v + (1−β₂)g², p −= (a·m + b·g) / (√v + ε), or without the division. The corrections of the means are
/// folded into a, b and ε.
/// </summary>
internal readonly struct MomentRule : IUpdateRule
{
    private readonly float beta1;
    private readonly float beta2;
    private readonly float oneMinusBeta1;
    private readonly float oneMinusBeta2;
    private readonly float fromMean;
    private readonly float fromGradient;
    private readonly float epsilon;
    private readonly int isScaled;

    /// <summary>Rounds the scalars of an update.</summary>
    /// <param name="beta1">β₁.</param>
    /// <param name="beta2">β₂.</param>
    /// <param name="fromMean">a.</param>
    /// <param name="fromGradient">b.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="isScaled">Whether updates are divided by the square root of the mean square.</param>
    public MomentRule(double beta1, double beta2, double fromMean, double fromGradient, double epsilon, bool isScaled)
    {
        this.beta1 = (float)beta1;
        this.beta2 = (float)beta2;
        oneMinusBeta1 = (float)(1 - beta1);
        oneMinusBeta2 = (float)(1 - beta2);
        this.fromMean = (float)fromMean;
        this.fromGradient = (float)fromGradient;
        this.epsilon = (float)epsilon;
        this.isScaled = isScaled ? 1 : 0;
    }

    /// <inheritdoc/>
    public float Decay(double weightDecay) => (float)weightDecay;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<T>(ref T parameter, T gradient, T decay, ref T first, ref T second, ref T third)
        where T : struct, ILanes<T>
    {
        gradient += decay * parameter;
        first = T.Normal((T.Broadcast(beta1) * first) + (T.Broadcast(oneMinusBeta1) * gradient));
        second = T.Normal((T.Broadcast(beta2) * second) + (T.Broadcast(oneMinusBeta2) * gradient * gradient));
        var step = (T.Broadcast(fromMean) * first) + (T.Broadcast(fromGradient) * gradient);
        if (isScaled != 0)
            step = step / (T.Sqrt(second) + T.Broadcast(epsilon));
        parameter -= step;
    }
}
