namespace ModelDsl;

/// <summary>The result of a <see cref="LearningRateFinder"/>.</summary>
public sealed class LearningRateCurve
{
    internal LearningRateCurve(IReadOnlyList<LearningRatePoint> points, bool diverged)
    {
        Points = points;
        Diverged = diverged;
        Suggestion = Steepest(points);
    }

    /// <summary>The steps of the search, with increasing learning rates. The last steps before the loss diverged are included.</summary>
    public IReadOnlyList<LearningRatePoint> Points { get; }

    /// <summary>Whether the loss has diverged before the last learning rate.</summary>
    public bool Diverged { get; }

    /// <summary>
    /// The learning rate at which the smoothed loss decreases most, over the logarithm of the rate; null if it decreases nowhere. Slopes are measured over a tenth of the steps, and the first tenth is left out,
    /// because its mean has few terms: otherwise the steepest slope would be that of the noise between batches.
    /// </summary>
    public double? Suggestion { get; }

    private static double? Steepest(IReadOnlyList<LearningRatePoint> points)
    {
        var (best, slopeOfBest) = (-1, 0.0);
        var half = Math.Max(1, points.Count / 20);
        for (var i = (points.Count / 10) + half; i < points.Count - half; i++)
        {
            var (before, after) = (points[i - half], points[i + half]);
            var slope = (after.Smoothed - before.Smoothed) / Math.Log(after.LearningRate / before.LearningRate);
            if (slope < slopeOfBest)
                (best, slopeOfBest) = (i, slope);
        }

        return best < 0 ? null : points[best].LearningRate;
    }
}

/// <summary>A step of a <see cref="LearningRateFinder"/>.</summary>
/// <param name="LearningRate">The learning rate of the update.</param>
/// <param name="Loss">The mean loss of the samples, before the update.</param>
/// <param name="Smoothed">The running mean of the loss.</param>
public readonly record struct LearningRatePoint(double LearningRate, double Loss, double Smoothed);
