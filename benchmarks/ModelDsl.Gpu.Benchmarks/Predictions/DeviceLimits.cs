namespace ModelDsl.Benchmarks.Gpu.Predictions;

/// <summary>What a GPU can do at most, from its data sheet.</summary>
/// <param name="Name">Its name.</param>
/// <param name="FlopsPerSecond">Operations on 32-bit floats, where a product and a sum are two.</param>
/// <param name="BytesPerSecond">The bandwidth of its memory.</param>
/// <param name="Multiprocessors">The number of multiprocessors.</param>
/// <param name="LaunchSeconds">What a launch costs beside its work. It is an assumption and in no data sheet.</param>
internal sealed record DeviceLimits(string Name, double FlopsPerSecond, double BytesPerSecond, int Multiprocessors, double LaunchSeconds)
{
    public static DeviceLimits H200 { get; } = new("H200", 67e12, 4.8e12, 132, 3e-6);

    /// <summary>The instructions of threads: the units for floats take one per clock, and it is two operations at most.</summary>
    public double InstructionsPerSecond => FlopsPerSecond / 2;
}
