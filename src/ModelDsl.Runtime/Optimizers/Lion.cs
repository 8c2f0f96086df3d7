using System.Runtime.CompilerServices;
using ModelDsl.Devices;

namespace ModelDsl;

/// <summary>
/// Lion, which updates every parameter by the same amount, in the direction of the sign of a running mean (Chen et al.: Symbolic Discovery of Optimization Algorithms, 2023).
/// It needs half the state of Adam, and a learning rate that is three to ten times smaller with a weight decay that is larger by the same factor.
/// </summary>
public sealed class Lion : Optimizer
{
    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">The learning rate, which is the change of every parameter in an update.</param>
    /// <param name="beta1">The weight of the running mean in the direction of an update, at least 0 and less than 1.</param>
    /// <param name="beta2">The decay rate of the running mean, at least 0 and less than 1.</param>
    /// <param name="weightDecay">Each update first multiplies the parameters by 1 − learningRate · weightDecay.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public Lion(double learningRate = 1e-4, double beta1 = 0.9, double beta2 = 0.99, double weightDecay = 0)
        : base(learningRate, weightDecay)
    {
        Beta1 = ArgumentCheck.Below(beta1, 1, nameof(beta1));
        Beta2 = ArgumentCheck.Below(beta2, 1, nameof(beta2));
    }

    /// <summary>The weight of the running mean in the direction of an update.</summary>
    public double Beta1 { get; }

    /// <summary>The decay rate of the running mean.</summary>
    public double Beta2 { get; }

    private protected override IEnumerable<(string Name, object Value)> OwnSettings => [(nameof(Beta1), Beta1), (nameof(Beta2), Beta2)];

    /// <inheritdoc/>
    protected override UpdatePass CreatePass(DeviceModel device, UpdateSegment[] segments)
    {
        ArgumentNullException.ThrowIfNull(device);
        return device.CreatePass<Rule>(1, segments);
    }

    /// <inheritdoc/>
    protected override void Run(UpdatePass pass, GradientClip clip)
    {
        ArgumentNullException.ThrowIfNull(pass);
        var rule = new Rule(LearningRate, Beta1, Beta2);
        ((UpdatePass<Rule>)pass).Run(in rule, clip);
    }

    internal readonly struct Rule : IUpdateRule
    {
        // The bits of a double, which only the CPU computes with: OpenCL devices without doubles refuse kernels whose arguments contain one.
        private readonly long learningRate;
        private readonly float rate;
        private readonly float beta1;
        private readonly float beta2;
        private readonly float oneMinusBeta1;
        private readonly float oneMinusBeta2;

        public Rule(double learningRate, double beta1, double beta2)
        {
            this.learningRate = BitConverter.DoubleToInt64Bits(learningRate);
            rate = (float)learningRate;
            this.beta1 = (float)beta1;
            this.beta2 = (float)beta2;
            oneMinusBeta1 = (float)(1 - beta1);
            oneMinusBeta2 = (float)(1 - beta2);
        }

        public float Decay(double weightDecay) => (float)(1 - (BitConverter.Int64BitsToDouble(learningRate) * weightDecay));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(ref T parameter, T gradient, T decay, ref T first, ref T second, ref T third)
            where T : struct, ILanes<T>
        {
            var direction = T.Normal((T.Broadcast(beta1) * first) + (T.Broadcast(oneMinusBeta1) * gradient));

            // Computes the sign: the product of the smallest normal number and the greatest number is greater than 1. Zero stays zero, and NaN stays NaN.
            var sign = T.Greater(T.Broadcast(-1f), T.Less(T.Broadcast(1f), direction * T.Broadcast(float.MaxValue)));
            parameter = (parameter * decay) - (T.Broadcast(rate) * sign);
            first = T.Normal((T.Broadcast(beta2) * first) + (T.Broadcast(oneMinusBeta2) * gradient));
        }
    }
}
