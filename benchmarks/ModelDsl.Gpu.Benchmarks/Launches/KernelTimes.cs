using ModelDsl.Benchmarks.Gpu.Predictions;

namespace ModelDsl.Benchmarks.Gpu.Launches;

/// <summary>The predicted and measured time of all launches of a kernel in a step.</summary>
/// <param name="Kernel">The name of the kernel.</param>
/// <param name="Launches">The number of its launches.</param>
/// <param name="PredictedSeconds">The predicted time; null if a step without a GPU does not launch the kernel.</param>
/// <param name="MeasuredSeconds">The measured time; null if the step on the GPU does not launch the kernel.</param>
internal sealed record KernelTimes(string Kernel, int Launches, double? PredictedSeconds, double? MeasuredSeconds)
{
    /// <summary>Measured time as a multiple of the predicted time.</summary>
    public double? Ratio => MeasuredSeconds / PredictedSeconds;

    /// <summary>Joins predicted and measured launches by the names of kernels. The kernels with the longest measured time come first.</summary>
    public static IReadOnlyList<KernelTimes> Join(IReadOnlyList<PredictedLaunch> predicted, IReadOnlyList<MeasuredLaunch> measured)
    {
        var predictions = predicted.GroupBy(static one => one.Launch.Name).ToDictionary(static group => group.Key, static group => (Count: group.Count(), Seconds: group.Sum(static one => one.Prediction.Seconds)));
        var measurements = measured.GroupBy(static one => one.Name).ToDictionary(static group => group.Key, static group => (Count: group.Count(), Seconds: group.Sum(static one => one.Seconds)));
        return [.. predictions.Keys.Union(measurements.Keys).Select(name => new KernelTimes(
            name,
            measurements.TryGetValue(name, out var launched) ? launched.Count : predictions[name].Count,
            predictions.TryGetValue(name, out var prediction) ? prediction.Seconds : null,
            measurements.TryGetValue(name, out var measurement) ? measurement.Seconds : null)).OrderByDescending(static one => one.MeasuredSeconds ?? 0)];
    }
}
