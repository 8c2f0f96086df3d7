using System.Runtime.CompilerServices;
using ModelDsl.Devices;

namespace ModelDsl.Optimizers;

/// <summary>
/// The update of one element by Adam and AdamW (Kingma, Ba: Adam: A Method for Stochastic Optimization; Loshchilov, Hutter: Decoupled Weight Decay
/// Regularization; Reddi et al. for AMSGrad): m = β₁m + (1−β₁)g, v = β₂v + (1−β₂)g², p −= lr · m̂ / (√v̂ + ε).
/// </summary>
/// <remarks>
/// The corrections m̂ = m / (1−β₁ᵗ) and v̂ = v / (1−β₂ᵗ) are folded into the rate and into ε, which are computed in double precision, so that an element needs only
/// one division. 1−β₂ is rounded once; β₂(v−g²) + g² would be wrong by 1e-5.
/// </remarks>
internal readonly struct AdamRule : IUpdateRule
{
    // The bits of a double, which only the CPU computes with: OpenCL devices without doubles refuse kernels whose arguments contain one.
    private readonly long learningRate;
    private readonly int decoupled;
    private readonly int amsGrad;
    private readonly float beta1;
    private readonly float beta2;
    private readonly float oneMinusBeta1;
    private readonly float oneMinusBeta2;
    private readonly float rate;
    private readonly float epsilon;

    /// <summary>Computes the scalars of an update.</summary>
    /// <param name="learningRate">The learning rate.</param>
    /// <param name="beta1">β₁.</param>
    /// <param name="beta2">β₂.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="decoupled">Whether weight decay acts on the parameter instead of the gradient.</param>
    /// <param name="amsGrad">Whether to use the maximum of all v so far.</param>
    /// <param name="update">The number of this update, from 1.</param>
    public AdamRule(double learningRate, double beta1, double beta2, double epsilon, bool decoupled, bool amsGrad, int update)
    {
        this.learningRate = BitConverter.DoubleToInt64Bits(learningRate);
        this.decoupled = decoupled ? 1 : 0;
        this.amsGrad = amsGrad ? 1 : 0;
        this.beta1 = (float)beta1;
        this.beta2 = (float)beta2;
        oneMinusBeta1 = (float)(1 - beta1);
        oneMinusBeta2 = (float)(1 - beta2);
        var correction2 = Math.Sqrt(1 - Math.Pow(beta2, update));
        rate = (float)(learningRate * correction2 / (1 - Math.Pow(beta1, update)));
        this.epsilon = (float)(epsilon * correction2);
    }

    /// <inheritdoc/>
    public float Decay(double weightDecay) => (float)(decoupled != 0 ? 1 - (BitConverter.Int64BitsToDouble(learningRate) * weightDecay) : weightDecay);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<T>(ref T parameter, T gradient, T decay, ref T first, ref T second, ref T third)
        where T : struct, ILanes<T>
    {
        if (decoupled != 0)
            parameter *= decay;
        else
            gradient += decay * parameter;
        first = T.Normal((T.Broadcast(beta1) * first) + (T.Broadcast(oneMinusBeta1) * gradient));
        second = T.Normal((T.Broadcast(beta2) * second) + (T.Broadcast(oneMinusBeta2) * gradient * gradient));
        var scale = second;
        if (amsGrad != 0)
            scale = third = T.Greater(third, second);
        parameter -= T.Broadcast(rate) * first / (T.Sqrt(scale) + T.Broadcast(epsilon));
    }
}
