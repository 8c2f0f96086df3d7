using System.Text.RegularExpressions;
using ILGPU.Runtime;
using ModelDsl.Ilgpu.Tests.BuiltCode;
using ModelDsl.Ilgpu.Tests.Support;

namespace ModelDsl.Ilgpu.Tests.Devices;

/// <summary>A device with too little memory: what is needed, what there is, what fits.</summary>
[Collection(SharedDevice.Name)]
public partial class MemoryTests
{
    [Fact]
    public void A_batch_that_does_not_fit_is_an_error_with_one_that_does()
    {
        var free = 1L << 40;
        using var device = IlgpuDevice.CreateCpuAccelerator(() => free);
        using var model = new WideRegression(seed: 1, device);
        free = 1 << 16;
        var message = Assert.Throws<InvalidOperationException>(() => model.EnsureBatchCapacity(100_000)).Message;
        Assert.Matches("The work space of WideRegression for 100000 samples needs [0-9.]+ MiB on .+, which has 64.0 KiB to give", message);

        // The batch it names does fit, and the next does not.
        var largest = int.Parse(Largest().Match(message).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Throws<InvalidOperationException>(() => model.EnsureBatchCapacity(largest + 1));
        model.EnsureBatchCapacity(largest);
        Assert.Equal(largest, model.BatchCapacity);
    }

    [Theory]
    [InlineData(int.MaxValue - 16)]
    [InlineData(int.MaxValue)]
    public void A_batch_beyond_all_bounds_is_one_that_does_not_fit(int samples)
    {
        var free = 1L << 40;
        using var device = IlgpuDevice.CreateCpuAccelerator(() => free);
        using var model = new WideRegression(seed: 1, device);
        free = 1 << 16;
        Assert.Contains("The largest batch that fits is", Assert.Throws<InvalidOperationException>(() => model.EnsureBatchCapacity(samples)).Message, StringComparison.Ordinal);
        free = long.MaxValue;
        if (samples == int.MaxValue)
            Assert.Contains("Use smaller batches", Assert.Throws<InvalidOperationException>(() => model.EnsureBatchCapacity(samples)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Not_even_one_sample()
    {
        var free = 1L << 40;
        using var device = IlgpuDevice.CreateCpuAccelerator(() => free);
        using var model = new WideRegression(seed: 1, device);
        free = 100;
        var batch = Samples.Of(model.Description, 1, seed: 1);
        Assert.Contains("Not even a batch of 1 fits.", Assert.Throws<InvalidOperationException>(() => model.Forward(batch)).Message, StringComparison.Ordinal);

        // When there is memory again, the same model continues.
        free = 1L << 40;
        model.Forward(batch);
        Assert.True(float.IsFinite(model.LastLoss));
    }

    [Fact]
    public void Parameters_that_do_not_fit()
    {
        using var device = IlgpuDevice.CreateCpuAccelerator(() => 64);
        var message = Assert.Throws<InvalidOperationException>(() => new WideRegression(seed: 1, device)).Message;
        Assert.Matches("The parameters of WideRegression needs? [0-9.]+ KiB on .+, which has 64 bytes to give", message);
    }

    [Fact]
    public void The_memory_in_use_is_that_of_models_and_returns_when_they_are_disposed()
    {
        using var device = IlgpuDevice.CreateCpuAccelerator();
        Assert.Equal(0, device.MemoryInUse);
        using (var model = new WideRegression(seed: 1, device))
        {
            // Parameters and gradients at least.
            var created = device.MemoryInUse;
            Assert.True(created >= 2L * sizeof(float) * model.Description.TrainableFloats);
            model.EnsureBatchCapacity(100);
            var small = device.MemoryInUse;
            model.EnsureBatchCapacity(1000);
            Assert.True(created < small && small < device.MemoryInUse);
        }

        Assert.Equal(0, device.MemoryInUse);
    }

    [Fact]
    public void The_accelerator_for_debugging_has_no_memory_size_of_its_own()
    {
        using var device = IlgpuDevice.CreateCpuAccelerator();
        Assert.Null(device.MemorySize);
    }

    [PoclFact]
    public void What_is_available_can_be_allocated_as_one_buffer()
    {
        using var device = IlgpuDevice.CreateOpenCL("Portable Computing Language");
        Assert.InRange(device.AvailableBytes, 1, device.MemorySize!.Value);
        using var buffer = device.Accelerator.Allocate1D<byte>(device.AvailableBytes);
        Assert.Equal(device.AvailableBytes, buffer.LengthInBytes);
    }

    [PoclFact]
    public void A_batch_whose_buffer_is_too_large_for_OpenCL_is_an_error_with_one_that_fits()
    {
        using var device = IlgpuDevice.CreateOpenCL("Portable Computing Language");
        using var model = new WideRegression(seed: 1, device);
        var message = Assert.Throws<InvalidOperationException>(() => model.EnsureBatchCapacity(100_000_000)).Message;
        Assert.InRange(int.Parse(Largest().Match(message).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), 16, 100_000_000);
    }

    [GeneratedRegex("The largest batch that fits is ([0-9]+)")]
    private static partial Regex Largest();
}
