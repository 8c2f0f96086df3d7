using ModelDsl.Benchmarks.Gpu.Predictions;
using ModelDsl.Benchmarks.Steps;

namespace ModelDsl.Benchmarks.Gpu.Launches;

/// <summary>The launches of a training step.</summary>
internal static class RecordedStep
{
    /// <summary>Returns the launches with their arguments, from the PTX that the build wrote. It needs no GPU.</summary>
    /// <exception cref="InvalidOperationException">The build wrote no PTX.</exception>
    public static IReadOnlyList<KernelLaunch> Of(string model, int batch)
    {
        var driver = new RecordingDriver();
        using var device = IlgpuDevice.CreateCpuAccelerator(null, driver);
        var one = StepCase.Create(model, batch, device);
        using var trained = one.Model;
        GpuStepCommand.Train(one);
        if (!device.KernelReport.EndsWith(" 0 compiled", StringComparison.Ordinal))
            throw new InvalidOperationException($"Not all kernels have PTX of the build: {device.KernelReport}. Build the project without ModelDslCompileGpu=false.");
        return driver.Launches;
    }

    /// <summary>Measures each launch of a step on a device.</summary>
    /// <param name="kind">The kind of the device.</param>
    /// <param name="model">The model.</param>
    /// <param name="batch">The size of the batch.</param>
    /// <param name="report">Receives the name of the device and how many of its kernels were loaded.</param>
    /// <exception cref="InvalidOperationException">There is no such device, or it runs managed code.</exception>
    public static IReadOnlyList<MeasuredLaunch> Measure(string kind, string model, int batch, Action<string, string> report)
    {
        TimingDriver? driver = null;
        using var device = DeviceKinds.OpenIlgpu(kind, inner => driver = new TimingDriver(inner));
        if (driver is null)
            throw new InvalidOperationException($"{device.Name} has no launches to measure.");
        var one = StepCase.Create(model, batch, device);
        using var trained = one.Model;

        // Loads the kernels.
        GpuStepCommand.Train(one);
        device.Synchronize();
        driver.Synchronize = device.Synchronize;
        GpuStepCommand.Train(one);
        driver.Synchronize = null;
        report(device.Name, device.KernelReport);
        return driver.Launches;
    }
}
