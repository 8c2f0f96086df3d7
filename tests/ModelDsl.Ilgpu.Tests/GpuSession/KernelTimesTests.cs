using ModelDsl.Benchmarks.Gpu.Launches;
using ModelDsl.Benchmarks.Gpu.Predictions;

namespace ModelDsl.Ilgpu.Tests.GpuSession;

/// <summary>Measured times of kernels beside predicted ones.</summary>
public sealed class KernelTimesTests
{
    [Fact]
    public void Launches_of_a_kernel_are_added_and_the_longest_come_first()
    {
        var times = KernelTimes.Join([Predicted("A", 1), Predicted("A", 2), Predicted("B", 4)], [Measured("A", 2), Measured("B", 20), Measured("A", 4)]);
        Assert.Equal(["B", "A"], times.Select(static one => one.Kernel));
        Assert.Equal((2, 3.0, 6.0, 2.0), (times[1].Launches, times[1].PredictedSeconds!.Value, times[1].MeasuredSeconds!.Value, times[1].Ratio!.Value));
    }

    [Fact]
    public void A_kernel_that_only_one_side_launches_has_no_ratio()
    {
        var times = KernelTimes.Join([Predicted("A", 1)], [Measured("B", 2)]);
        Assert.Equal(["B", "A"], times.Select(static one => one.Kernel));
        Assert.All(times, static one => Assert.Null(one.Ratio));
    }

    private static PredictedLaunch Predicted(string name, double seconds) =>
        new(new KernelLaunch(name, "", 0, 1, 32, []), 0, 0, new InnerLoop(new Dictionary<InstructionKind, double>()), 0, new(seconds, seconds, Bound.Memory));

    private static MeasuredLaunch Measured(string name, double seconds) => new(name, 1, 32, seconds);
}
