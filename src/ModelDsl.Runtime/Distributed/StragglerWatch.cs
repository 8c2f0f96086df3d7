using System.Globalization;

namespace ModelDsl.Distributed;

/// <summary>Finds a rank whose passes take longer than those of the others, which wait for it in each step.</summary>
internal sealed class StragglerWatch
{
    /// <summary>The number of steps that are compared.</summary>
    private const int Steps = 50;

    /// <summary>How many times as long as the median the slowest rank takes before there is a warning.</summary>
    private const double Factor = 1.5;

    /// <summary>Shorter passes are not compared, in seconds.</summary>
    private const double Least = 0.005;

    private double[] sums = [];
    private int steps;
    private bool hasWarned;

    /// <summary>Adds a step.</summary>
    /// <param name="ranks">The records of the ranks.</param>
    /// <returns>A warning, once; otherwise null.</returns>
    public string? Add(ReadOnlySpan<RankRecord> ranks)
    {
        if (hasWarned || ranks.Length < 2)
            return null;
        if (sums.Length == 0)
            sums = new double[ranks.Length];
        for (var rank = 0; rank < ranks.Length; rank++)
            sums[rank] += ranks[rank].Seconds;
        if (++steps < Steps)
            return null;
        var slowest = Array.IndexOf(sums, sums.Max());
        var others = sums.Where((_, rank) => rank != slowest).Order().ToArray();
        var (own, median) = (sums[slowest] / steps, others[others.Length / 2] / steps);
        Array.Clear(sums);
        steps = 0;
        if (own < Least || own < Factor * median)
            return null;
        hasWarned = true;
        return string.Create(CultureInfo.InvariantCulture,
            $"Rank {slowest} takes {own * 1000:0} ms for its part of a step, and the others {median * 1000:0} ms: they wait for it. Check what else runs on its machine, and that all ranks have the same number of cores.");
    }
}
