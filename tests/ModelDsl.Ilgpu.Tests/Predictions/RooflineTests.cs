using ModelDsl.Benchmarks.Gpu.Predictions;

namespace ModelDsl.Ilgpu.Tests.Predictions;

/// <summary>Predicted times of launches.</summary>
public sealed class RooflineTests
{
    private static readonly DeviceLimits Device = new("ten multiprocessors", FlopsPerSecond: 1e12, BytesPerSecond: 1e11, Multiprocessors: 10, LaunchSeconds: 1e-6);

    [Theory]
    [InlineData(1e9, 1e6, 0, nameof(Bound.Floats), 1e-3)]
    [InlineData(1e6, 1e8, 0, nameof(Bound.Memory), 1e-3)]
    [InlineData(1e6, 1e6, 5e8, nameof(Bound.Instructions), 1e-3)]
    [InlineData(1e5, 1e3, 1e4, nameof(Bound.Launch), 1e-7)]
    public void The_resource_that_takes_longest_decides(double flops, double bytes, double instructions, string bound, double seconds)
    {
        var prediction = Roofline.Predict(Device, 10, flops, bytes, instructions);
        Assert.Equal(bound, prediction.Bound.ToString());
        Assert.Equal(Device.LaunchSeconds + seconds, prediction.Seconds, 1e-12);
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(5, 2)]
    [InlineData(10, 1)]
    [InlineData(11, 20 / 11.0)]
    [InlineData(20, 1)]
    public void The_busiest_multiprocessor_ends_last(int groups, double factor) =>
        Assert.Equal(Device.LaunchSeconds + (factor * 1e-3), Roofline.Predict(Device, groups, 1e9, 0, 0).Seconds, 1e-12);

    [Theory]
    [InlineData(1, 10)]
    [InlineData(10, 1)]
    [InlineData(11, 1)]
    public void Bandwidth_is_that_of_the_multiprocessors_with_a_group(int groups, double factor) =>
        Assert.Equal(Device.LaunchSeconds + (factor * 1e-3), Roofline.Predict(Device, groups, 0, 1e8, 0).Seconds, 1e-12);

    [Fact]
    public void Without_instructions_only_floats_and_memory_take_time()
    {
        var prediction = Roofline.Predict(Device, 10, 1e6, 1e6, 5e8);
        Assert.Equal(Device.LaunchSeconds + 1e-5, prediction.WithoutInstructions, 1e-12);
    }
}
