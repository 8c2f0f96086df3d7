using System.Runtime.CompilerServices;
using ModelDsl.Devices;

namespace ModelDsl;

/// <summary>Stochastic gradient descent, optionally with momentum or Nesterov momentum; equivalent to <c>torch.optim.SGD</c>.</summary>
public sealed class Sgd : Optimizer
{
    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">The learning rate.</param>
    /// <param name="momentum">The momentum factor, at least 0 and less than 1.</param>
    /// <param name="nesterov">Whether to use Nesterov momentum, which needs momentum and no dampening.</param>
    /// <param name="weightDecay">The multiple of the parameters that is added to the gradients (L2).</param>
    /// <param name="dampening">The fraction by which the gradient is reduced in the momentum, except in the first update.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    /// <exception cref="ArgumentException">Nesterov without momentum, or with dampening.</exception>
    public Sgd(double learningRate = 1e-2, double momentum = 0, bool nesterov = false, double weightDecay = 0, double dampening = 0)
        : base(learningRate, weightDecay)
    {
        Momentum = ArgumentCheck.Below(momentum, 1, nameof(momentum));
        Dampening = ArgumentCheck.NotNegative(dampening, nameof(dampening));
        if (nesterov && (momentum == 0 || dampening != 0))
            throw new ArgumentException("Nesterov needs a momentum and no dampening.", nameof(nesterov));
        Nesterov = nesterov;
    }

    /// <summary>The momentum factor.</summary>
    public double Momentum { get; }

    /// <summary>Whether Nesterov momentum is used.</summary>
    public bool Nesterov { get; }

    /// <summary>The fraction by which the gradient is reduced in the momentum, except in the first update.</summary>
    public double Dampening { get; }

    private protected override IEnumerable<(string Name, object Value)> OwnSettings => [(nameof(Momentum), Momentum), (nameof(Nesterov), Nesterov), (nameof(Dampening), Dampening)];

    /// <inheritdoc/>
    protected override UpdatePass CreatePass(DeviceModel device, UpdateSegment[] segments)
    {
        ArgumentNullException.ThrowIfNull(device);
        return device.CreatePass<Rule>(Momentum == 0 ? 0 : 1, segments);
    }

    /// <inheritdoc/>
    protected override void Run(UpdatePass pass, GradientClip clip)
    {
        ArgumentNullException.ThrowIfNull(pass);
        var rule = new Rule((float)LearningRate, (float)Momentum, pass.Updates == 1 ? 1f : (float)(1 - Dampening), Nesterov ? 1 : 0);
        ((UpdatePass<Rule>)pass).Run(in rule, clip);
    }

    internal readonly struct Rule(float learningRate, float momentum, float undamped, int nesterov) : IUpdateRule
    {
        public float Decay(double weightDecay) => (float)weightDecay;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(ref T parameter, T gradient, T decay, ref T first, ref T second, ref T third)
            where T : struct, ILanes<T>
        {
            var direction = gradient + (decay * parameter);
            if (momentum != 0)
            {
                first = T.Normal((T.Broadcast(momentum) * first) + (T.Broadcast(undamped) * direction));
                direction = nesterov != 0 ? direction + (T.Broadcast(momentum) * first) : first;
            }

            parameter -= T.Broadcast(learningRate) * direction;
        }
    }
}
