using System.Runtime.CompilerServices;
using ModelDsl.Devices;

namespace ModelDsl;

/// <summary>RMSprop, which scales updates by a running mean of the squared gradients; equivalent to <c>torch.optim.RMSprop</c>.</summary>
public sealed class RmsProp : Optimizer
{
    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">The learning rate.</param>
    /// <param name="alpha">The decay rate of the mean square (elsewhere called rho), at least 0 and less than 1.</param>
    /// <param name="epsilon">The number that is added to the square root of the mean square.</param>
    /// <param name="momentum">The momentum factor, at least 0 and less than 1.</param>
    /// <param name="centered">Whether the square of the mean gradient is subtracted, so that updates are scaled by the variance.</param>
    /// <param name="weightDecay">The multiple of the parameters that is added to the gradients (L2).</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public RmsProp(
        double learningRate = 1e-2, double alpha = 0.99, double epsilon = 1e-8, double momentum = 0, bool centered = false, double weightDecay = 0)
        : base(learningRate, weightDecay)
    {
        Alpha = ArgumentCheck.Below(alpha, 1, nameof(alpha));
        Epsilon = CheckEpsilon(epsilon, nameof(epsilon));
        Momentum = ArgumentCheck.Below(momentum, 1, nameof(momentum));
        Centered = centered;
    }

    /// <summary>The decay rate of the mean square.</summary>
    public double Alpha { get; }

    /// <summary>The number that is added to the square root of the mean square.</summary>
    public double Epsilon { get; }

    /// <summary>The momentum factor.</summary>
    public double Momentum { get; }

    /// <summary>Whether updates are scaled by the variance.</summary>
    public bool Centered { get; }

    private protected override IEnumerable<(string Name, object Value)> OwnSettings => [(nameof(Alpha), Alpha), (nameof(Epsilon), Epsilon), (nameof(Momentum), Momentum), (nameof(Centered), Centered)];

    /// <inheritdoc/>
    protected override UpdatePass CreatePass(DeviceModel device, UpdateSegment[] segments)
    {
        ArgumentNullException.ThrowIfNull(device);

        // The order is mean square, direction, mean gradient: a rule that needs only the last leaves the second unused.
        return device.CreatePass<Rule>(Centered ? 3 : Momentum != 0 ? 2 : 1, segments);
    }

    /// <inheritdoc/>
    protected override void Run(UpdatePass pass, GradientClip clip)
    {
        ArgumentNullException.ThrowIfNull(pass);
        var rule = new Rule((float)LearningRate, (float)Alpha, (float)(1 - Alpha), (float)Epsilon, (float)Momentum, Centered ? 1 : 0);
        ((UpdatePass<Rule>)pass).Run(in rule, clip);
    }

    internal readonly struct Rule(float learningRate, float alpha, float oneMinusAlpha, float epsilon, float momentum, int centered) : IUpdateRule
    {
        public float Decay(double weightDecay) => (float)weightDecay;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(ref T parameter, T gradient, T decay, ref T first, ref T second, ref T third)
            where T : struct, ILanes<T>
        {
            gradient += decay * parameter;
            first = T.Normal((T.Broadcast(alpha) * first) + (T.Broadcast(oneMinusAlpha) * gradient * gradient));
            var square = first;
            if (centered != 0)
            {
                third = T.Normal((T.Broadcast(alpha) * third) + (T.Broadcast(oneMinusAlpha) * gradient));

                // A variance that is negative because of rounding is replaced by 0.
                square = T.Greater(T.Broadcast(0f), first - (third * third));
            }

            var direction = gradient / (T.Sqrt(square) + T.Broadcast(epsilon));
            if (momentum != 0)
                direction = second = T.Normal((T.Broadcast(momentum) * second) + direction);
            parameter -= T.Broadcast(learningRate) * direction;
        }
    }
}
