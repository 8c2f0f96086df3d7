namespace ModelDsl.Benchmarks.Gpu.Predictions;

/// <summary>What the time of a launch depends on.</summary>
internal enum Bound
{
    /// <summary>The launch itself.</summary>
    Launch,

    /// <summary>The bandwidth of memory.</summary>
    Memory,

    /// <summary>Operations on floats.</summary>
    Floats,

    /// <summary>The issue of all instructions.</summary>
    Instructions,
}

/// <summary>The predicted time of a launch.</summary>
/// <param name="Seconds">The time.</param>
/// <param name="WithoutInstructions">The time if instructions other than those of floats cost nothing.</param>
/// <param name="Bound">What it mostly depends on.</param>
internal sealed record Prediction(double Seconds, double WithoutInstructions, Bound Bound);

/// <summary>Predicts the time of a launch by a roofline: the time of the resource that takes longest, and the cost of the launch. It is a lower bound, as it knows neither latencies nor caches.</summary>
internal static class Roofline
{
    /// <summary>Predicts.</summary>
    /// <param name="gpu">The device.</param>
    /// <param name="groups">The number of groups, which have equal work.</param>
    /// <param name="flops">The operations on floats.</param>
    /// <param name="bytes">The bytes of the buffers, each once.</param>
    /// <param name="instructions">The instructions of all threads.</param>
    public static Prediction Predict(DeviceLimits gpu, int groups, double flops, double bytes, double instructions)
    {
        // A group runs on one multiprocessor. The launch ends with the multiprocessor that has most groups; the bandwidth is shared by all that have one.
        var most = (groups + gpu.Multiprocessors - 1) / gpu.Multiprocessors;
        var busiest = groups / ((double)most * gpu.Multiprocessors);
        var used = Math.Min(1, groups / (double)gpu.Multiprocessors);
        var floats = flops / gpu.FlopsPerSecond / busiest;
        var memory = bytes / gpu.BytesPerSecond / used;
        var issue = instructions / gpu.InstructionsPerSecond / busiest;
        var (work, bound) = new[] { (memory, Bound.Memory), (floats, Bound.Floats), (issue, Bound.Instructions) }.MaxBy(static pair => pair.Item1);
        return new(gpu.LaunchSeconds + work, gpu.LaunchSeconds + Math.Max(floats, memory), work < gpu.LaunchSeconds ? Bound.Launch : bound);
    }
}
