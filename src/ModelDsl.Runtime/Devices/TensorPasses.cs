namespace ModelDsl.Devices;

/// <summary>A pass of <see cref="Lamb"/>, whose updates depend on the norms of whole parameters.</summary>
public abstract class LambPass : UpdatePass
{
    /// <summary>Updates every parameter once. Each segment is one parameter.</summary>
    /// <param name="scalars">The scalars of this update.</param>
    /// <param name="clip">The operation on gradients before the update.</param>
    public abstract void Run(in LambScalars scalars, GradientClip clip);
}

/// <summary>The scalars of an update by <see cref="Lamb"/>. The corrections of the running means are folded into the scale and into ε.</summary>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="Beta1">β₁.</param>
/// <param name="Beta2">β₂.</param>
/// <param name="OneMinusBeta1">1 − β₁.</param>
/// <param name="OneMinusBeta2">1 − β₂.</param>
/// <param name="Scale">√(1−β₂ᵗ) / (1−β₁ᵗ).</param>
/// <param name="Epsilon">ε · √(1−β₂ᵗ).</param>
public readonly record struct LambScalars(
    double LearningRate, float Beta1, float Beta2, float OneMinusBeta1, float OneMinusBeta2, float Scale, float Epsilon);

/// <summary>A pass of <see cref="Adafactor"/>, which keeps sums over rows and columns instead of a state for each element.</summary>
internal abstract class AdafactorPass : UpdatePass
{
    /// <summary>Updates every parameter once. Each segment is one parameter.</summary>
    /// <param name="scalars">The scalars of this update.</param>
    /// <param name="clip">The operation on gradients before the update.</param>
    public abstract void Run(in AdafactorScalars scalars, GradientClip clip);
}

/// <summary>The scalars of an update by <see cref="Adafactor"/>.</summary>
/// <param name="LearningRate">The learning rate, for weight decay.</param>
/// <param name="Share">The share of the new squares in the running means, 1 − β₂.</param>
/// <param name="Rate">The relative size of the update, ρ.</param>
/// <param name="Epsilon1">ε₁.</param>
/// <param name="Epsilon2">ε₂.</param>
/// <param name="Threshold">The limit of the root mean square of the update, d.</param>
internal readonly record struct AdafactorScalars(double LearningRate, double Share, double Rate, double Epsilon1, double Epsilon2, double Threshold);
