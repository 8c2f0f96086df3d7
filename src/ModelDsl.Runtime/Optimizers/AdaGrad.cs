using System.Runtime.CompilerServices;
using ModelDsl.Devices;

namespace ModelDsl;

/// <summary>AdaGrad, which scales updates by the sum of all squared gradients; equivalent to <c>torch.optim.Adagrad</c>.</summary>
public sealed class AdaGrad : Optimizer
{
    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">The learning rate.</param>
    /// <param name="learningRateDecay">Update t uses learningRate / (1 + (t − 1) · learningRateDecay).</param>
    /// <param name="initialAccumulator">The initial value of the sums.</param>
    /// <param name="epsilon">The number that is added to the square root of the sum.</param>
    /// <param name="weightDecay">The multiple of the parameters that is added to the gradients (L2).</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public AdaGrad(
        double learningRate = 1e-2, double learningRateDecay = 0, double initialAccumulator = 0, double epsilon = 1e-10, double weightDecay = 0)
        : base(learningRate, weightDecay)
    {
        LearningRateDecay = ArgumentCheck.NotNegative(learningRateDecay, nameof(learningRateDecay));
        InitialAccumulator = ArgumentCheck.NotNegative(initialAccumulator, nameof(initialAccumulator));
        Epsilon = CheckEpsilon(epsilon, nameof(epsilon));
    }

    /// <summary>The rate at which the learning rate decreases: update t uses LearningRate / (1 + (t − 1) · LearningRateDecay).</summary>
    public double LearningRateDecay { get; }

    /// <summary>The initial value of the sums.</summary>
    public double InitialAccumulator { get; }

    /// <summary>The number that is added to the square root of the sum.</summary>
    public double Epsilon { get; }

    private protected override IEnumerable<(string Name, object Value)> OwnSettings => [(nameof(LearningRateDecay), LearningRateDecay), (nameof(InitialAccumulator), InitialAccumulator), (nameof(Epsilon), Epsilon)];

    /// <inheritdoc/>
    protected override UpdatePass CreatePass(DeviceModel device, UpdateSegment[] segments)
    {
        ArgumentNullException.ThrowIfNull(device);
        var pass = device.CreatePass<Rule>(1, segments);
        pass.States[0].Fill((float)InitialAccumulator);
        return pass;
    }

    /// <inheritdoc/>
    protected override void Run(UpdatePass pass, GradientClip clip)
    {
        ArgumentNullException.ThrowIfNull(pass);
        var rule = new Rule((float)(LearningRate / (1 + ((pass.Updates - 1) * LearningRateDecay))), (float)Epsilon);
        ((UpdatePass<Rule>)pass).Run(in rule, clip);
    }

    internal readonly struct Rule(float learningRate, float epsilon) : IUpdateRule
    {
        public float Decay(double weightDecay) => (float)weightDecay;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(ref T parameter, T gradient, T decay, ref T first, ref T second, ref T third)
            where T : struct, ILanes<T>
        {
            gradient += decay * parameter;
            first += gradient * gradient;
            parameter -= T.Broadcast(learningRate) * gradient / (T.Sqrt(first) + T.Broadcast(epsilon));
        }
    }
}
