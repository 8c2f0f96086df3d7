using System.Globalization;

namespace ModelDsl;

/// <summary>
/// Normally distributed noise that is added to gradients, with a variance of η / (1 + t)^γ in update t, counted from 0 (Neelakantan et al.: Adding Gradient Noise Improves Learning for Very Deep
/// Networks, 2015). It is added before gradients are limited by <see cref="Optimizer.ClipNorm"/> and <see cref="Optimizer.ClipValue"/>.
/// </summary>
/// <remarks>The noise of an element depends on the seed, the number of the update and the position of the element only, so it is the same on any number of threads and after a run is resumed.</remarks>
/// <example>
/// <code>
/// var optimizer = new Adam(1e-3) { GradientNoise = new(eta: 0.3) };
/// </code>
/// </example>
public sealed class GradientNoise
{
    /// <summary>Creates the description of noise.</summary>
    /// <param name="eta">The variance in the first update; the authors use 0.01, 0.3 and 1.</param>
    /// <param name="gamma">The power with which the variance decreases.</param>
    /// <param name="seed">The seed of the noise.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is negative, infinite or NaN.</exception>
    public GradientNoise(double eta, double gamma = 0.55, int seed = 0)
    {
        Eta = ArgumentCheck.NotNegative(eta, nameof(eta));
        Gamma = ArgumentCheck.NotNegative(gamma, nameof(gamma));
        Seed = seed;
    }

    /// <summary>The variance in the first update.</summary>
    public double Eta { get; }

    /// <summary>The power with which the variance decreases.</summary>
    public double Gamma { get; }

    /// <summary>The seed of the noise.</summary>
    public int Seed { get; }

    /// <summary>Returns the standard deviation in an update.</summary>
    /// <param name="updates">The number of updates before.</param>
    public double Deviation(long updates) => Math.Sqrt(Eta / Math.Pow(1.0 + updates, Gamma));

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"eta {Eta}, gamma {Gamma}, seed {Seed}");
}
