using System.Diagnostics;
using ILGPU;
using ModelDsl.Benchmarks.Gpu.Predictions;
using ModelDsl.Ilgpu.Compiled;
using ModelDsl.Ilgpu.Kernels;

namespace ModelDsl.Benchmarks.Gpu.Launches;

/// <summary>A launch with its measured time.</summary>
/// <param name="Name">The name of the kernel, without its assembly and namespace.</param>
/// <param name="Groups">The number of groups.</param>
/// <param name="Threads">The number of threads of a group.</param>
/// <param name="Seconds">The time.</param>
internal sealed record MeasuredLaunch(string Name, int Groups, int Threads, double Seconds);

/// <summary>
/// A driver that measures the time of each launch: it waits for the device, repeats the launch and waits again. Repeated launches compute other values than a step, but read and write the same memory, whose
/// recently used part is in the cache of the device.
/// </summary>
/// <param name="inner">The driver of the device.</param>
internal sealed class TimingDriver(IKernelDriver inner) : IKernelDriver
{
    private const double RepeatedSeconds = 2e-3;
    private const int MostRepetitions = 100;

    /// <summary>The measured launches, in order.</summary>
    public List<MeasuredLaunch> Launches { get; } = [];

    /// <summary>Waits for the device; null as long as launches are not measured.</summary>
    public Action? Synchronize { get; set; }

    public bool HasSeparateBuffers => inner.HasSeparateBuffers;

    public bool JoinsKernels => inner.JoinsKernels;

    public string? Text(KernelFile file, KernelItem kernel) => inner.Text(file, kernel);

    public IDriverKernel Load(KernelItem kernel, string text) => new Timed(this, KernelItems.ShortName(kernel), inner.Load(kernel, text));

    public void Dispose() => inner.Dispose();

    private sealed class Timed(TimingDriver driver, string name, IDriverKernel kernel) : IDriverKernel
    {
        public void Launch(in KernelConfig config, KernelArguments arguments)
        {
            if (driver.Synchronize is not { } synchronize)
            {
                kernel.Launch(in config, arguments);
                return;
            }

            // A short launch is repeated until the time of waiting does not matter.
            synchronize();
            var once = Time(in config, arguments, 1, synchronize);
            var count = (int)Math.Clamp(RepeatedSeconds / once, 1, MostRepetitions);
            driver.Launches.Add(new(name, config.GridDim.X, config.GroupDim.X, Time(in config, arguments, count, synchronize) / count));
        }

        private double Time(in KernelConfig config, KernelArguments arguments, int count, Action synchronize)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < count; i++)
                kernel.Launch(in config, arguments);
            synchronize();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }
}
