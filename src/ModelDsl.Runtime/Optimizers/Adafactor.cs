using ModelDsl.Devices;

namespace ModelDsl;

/// <summary>
/// Adafactor, which needs little memory: of a matrix it keeps only the means of squared gradients over rows and columns, so that the state of a [1000, 1000] matrix has 2,000 numbers, and that of
/// <see cref="Adam"/> two million (Shazeer, Stern: Adafactor: Adaptive Learning Rates with Sublinear Memory Cost, 2018); equivalent to <c>torch.optim.Adafactor</c> of PyTorch 2.5.
/// </summary>
/// <remarks>
/// <para>The matrix of mean squares is estimated by R·C / mean(R), with R and C the running means over rows and over columns, in which the new squares have the share t^beta2Decay in update t. The update is
/// u = g / √max(R·C / mean(R), ε₁²), divided by max(1, rms(u) / clippingThreshold), and p −= max(ε₂, rms(p)) · min(learningRate, 1/√t) · u. Parameters with more than two axes are matrices of their last two
/// axes. Vectors have a mean square for each element.</para>
/// <para>On GPUs it runs in main memory. An embedding with sparse updates is an error.</para>
/// </remarks>
public sealed class Adafactor : Optimizer
{
    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">The maximum of the relative size of an update, which is otherwise 1/√t.</param>
    /// <param name="beta2Decay">The power of t that is the share of new squares in the running means, from −1 to 0.</param>
    /// <param name="epsilon1">The least root of the mean square. The default is the distance from 1 to the next float.</param>
    /// <param name="epsilon2">The least scale of a parameter, for parameters that are 0.</param>
    /// <param name="clippingThreshold">The maximum of the root mean square of the update before it is multiplied by its size, at least 1.</param>
    /// <param name="weightDecay">Each update first multiplies the parameters by 1 − learningRate · weightDecay.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public Adafactor(
        double learningRate = 1e-2, double beta2Decay = -0.8, double epsilon1 = 1.1920929e-7, double epsilon2 = 1e-3, double clippingThreshold = 1, double weightDecay = 0)
        : base(learningRate, weightDecay)
    {
        Beta2Decay = ArgumentCheck.Within(beta2Decay, -1, 0, nameof(beta2Decay));

        // Its square must be a normal float.
        Epsilon1 = ArgumentCheck.Within(epsilon1, 1e-18, 1, nameof(epsilon1));
        Epsilon2 = ArgumentCheck.NotNegative(epsilon2, nameof(epsilon2));
        ClippingThreshold = clippingThreshold >= 1 ? clippingThreshold : throw ArgumentCheck.Out(nameof(clippingThreshold), clippingThreshold, "at least 1; infinity is for no limit");
    }

    /// <summary>The power of t that is the share of new squares in the running means.</summary>
    public double Beta2Decay { get; }

    /// <summary>The least root of the mean square.</summary>
    public double Epsilon1 { get; }

    /// <summary>The least scale of a parameter.</summary>
    public double Epsilon2 { get; }

    /// <summary>The maximum of the root mean square of an update before it is multiplied by its size.</summary>
    public double ClippingThreshold { get; }

    private protected override IEnumerable<(string Name, object Value)> OwnSettings =>
        [(nameof(Beta2Decay), Beta2Decay), (nameof(Epsilon1), Epsilon1), (nameof(Epsilon2), Epsilon2), (nameof(ClippingThreshold), ClippingThreshold)];

    private protected override bool IsPerTensor => true;

    /// <inheritdoc/>
    protected override UpdatePass CreatePass(DeviceModel device, UpdateSegment[] segments)
    {
        ArgumentNullException.ThrowIfNull(device);
        return device.CreateAdafactorPass(segments);
    }

    /// <inheritdoc/>
    protected override void Run(UpdatePass pass, GradientClip clip)
    {
        ArgumentNullException.ThrowIfNull(pass);
        var scalars = new AdafactorScalars(
            LearningRate, Math.Pow(pass.Updates, Beta2Decay), Math.Min(LearningRate, 1 / Math.Sqrt(pass.Updates)), Epsilon1, Epsilon2, ClippingThreshold);
        ((AdafactorPass)pass).Run(in scalars, clip);
    }
}
