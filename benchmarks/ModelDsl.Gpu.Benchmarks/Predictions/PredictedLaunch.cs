namespace ModelDsl.Benchmarks.Gpu.Predictions;

/// <summary>A launch with its work and its predicted time.</summary>
/// <param name="Launch">The launch.</param>
/// <param name="Flops">The operations on floats.</param>
/// <param name="Bytes">The bytes of its buffers, each once.</param>
/// <param name="Loop">Its inner loop.</param>
/// <param name="Undecided">The number of branches whose condition is not known.</param>
/// <param name="Prediction">Its time.</param>
internal sealed record PredictedLaunch(KernelLaunch Launch, double Flops, double Bytes, InnerLoop Loop, long Undecided, Prediction Prediction)
{
    /// <summary>Predicts launches. Kernels are read once.</summary>
    public static IReadOnlyList<PredictedLaunch> All(IEnumerable<KernelLaunch> launches, DeviceLimits gpu)
    {
        var codes = new Dictionary<string, KernelCode>();
        var results = new List<PredictedLaunch>();
        foreach (var launch in launches)
        {
            if (!codes.TryGetValue(launch.Text, out var code))
                codes.Add(launch.Text, code = KernelCode.Of(launch.Text));
            results.Add(Of(code, launch, gpu));
        }

        return results;
    }

    private static PredictedLaunch Of(KernelCode code, KernelLaunch launch, DeviceLimits gpu)
    {
        var work = LaunchSample.Of(code, launch);
        var flops = work.Flops(code.Kinds);
        var loop = InnerLoop.Of(code, work.Executed, launch.Groups * (double)launch.Threads);
        return new(launch, flops, work.Bytes, loop, work.Undecided, Roofline.Predict(gpu, launch.Groups, flops, work.Bytes, work.Issued(code.Kinds)));
    }
}
