using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using ModelDsl.Ilgpu.Kernels;

namespace ModelDsl.Ilgpu.Compiled;

/// <summary>
/// Loads the kernels of a device: the code that the build wrote, where it fits the device and the program, and otherwise the code that ILGPU compiles at that moment. Generated code calls it.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed partial class KernelLoader : IDisposable
{
    private readonly Accelerator accelerator;
    private readonly IKernelDriver? driver;
    private readonly KernelFiles files;
    private readonly KernelArguments arguments;
    private readonly Dictionary<MethodInfo, Answer> kernels = [];

    /// <param name="accelerator">The device.</param>
    /// <param name="wrap">Replaces the driver of the device by another that uses it; null to leave it.</param>
    internal KernelLoader(Accelerator accelerator, Func<IKernelDriver, IKernelDriver>? wrap)
        : this(accelerator, DriverOf(accelerator, wrap), new KernelFiles())
    {
    }

    /// <param name="accelerator">The device.</param>
    /// <param name="driver">The driver that loads code; null if ILGPU compiles all kernels.</param>
    /// <param name="files">The files of code.</param>
    internal KernelLoader(Accelerator accelerator, IKernelDriver? driver, KernelFiles files)
    {
        (this.accelerator, this.driver, this.files) = (accelerator, driver, files);
        arguments = new KernelArguments(driver?.HasSeparateBuffers ?? false);
        JoinsKernels = driver?.JoinsKernels ?? accelerator is CudaAccelerator;
    }

    /// <summary>Whether joint kernels are launched whose parts have barriers, instead of the parts.</summary>
    internal bool JoinsKernels { get; init; }

    /// <summary>The number of kernels whose code the build wrote.</summary>
    internal int LoadedCount => kernels.Values.Count(static answer => answer.Kernel is not null);

    /// <summary>The number of kernels that ILGPU compiled.</summary>
    internal int CompiledCount => kernels.Values.Count(static answer => answer.Kernel is null);

    /// <summary>The name of the kernel that was launched last, of those whose code the build wrote; null if there is none.</summary>
    internal string? Last { get; private set; }

    /// <summary>What was loaded, and why the rest was compiled.</summary>
    internal string Report
    {
        get
        {
            var reasons = kernels.Values.Where(static answer => answer.Kernel is null).CountBy(static answer => answer.Reason);
            var compiled = string.Join("; ", reasons.Select(static reason => string.Create(CultureInfo.InvariantCulture, $"{reason.Value} because {reason.Key}")));
            return string.Create(CultureInfo.InvariantCulture, $"{LoadedCount} kernels loaded, {CompiledCount} compiled{(compiled.Length > 0 ? $": {compiled}" : "")}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        driver?.Dispose();
        files.Dispose();
    }

    private static IKernelDriver? DriverOf(Accelerator accelerator, Func<IKernelDriver, IKernelDriver>? wrap)
    {
        IKernelDriver? driver = accelerator switch
        {
            CudaAccelerator cuda => CudaDriver.Of(cuda),
            CLAccelerator openCl => new OpenClDriver(openCl),
            _ => null,
        };
        return driver is null || wrap is null ? driver : wrap(driver);
    }

    /// <summary>Returns a kernel whose code the build wrote; null if ILGPU must compile it.</summary>
    private IDriverKernel? Find(Delegate kernel)
    {
        var method = kernel.Method;

        // The file of a model that was loaded in the meantime may contain a kernel of this assembly, so that one that was not found is searched again.
        if (!kernels.TryGetValue(method, out var answer) || (answer.Kernel is null && answer.Files != files.Count))
        {
            var loaded = Load(method, out var reason);
            kernels[method] = answer = new(loaded, reason, files.Count);
        }

        return answer.Kernel;
    }

    private Launched? Load(MethodInfo method, out string reason)
    {
        reason = "the device runs managed code";
        if (driver is null || files.Find(method, out reason) is not var (file, item))
            return null;
        try
        {
            if (driver.Text(file, item) is { } text)
                return new Launched(this, item.Name, driver.Load(item, text));
            reason = "the file has no code for this device or its driver";
        }
        catch (KernelRefusedException exception)
        {
            reason = $"the driver refuses {item.Name}: {exception.Message}";
        }
        catch (InvalidDataException exception)
        {
            reason = exception.Message;
        }

        return null;
    }

    /// <summary>Compiles a kernel.</summary>
    /// <exception cref="InvalidOperationException">ILGPU or the driver refuses it.</exception>
    private TLaunch Compile<TLaunch>(Delegate kernel, Func<TLaunch> compile)
    {
        using var log = new DriverLog();
        try
        {
            return compile();
        }
        catch (Exception exception) when (exception is CLException or CudaException or ILGPU.InternalCompilerException or NotSupportedException)
        {
            throw new InvalidOperationException(
                $"{accelerator.Name} cannot run the kernel {KernelNames.Short(kernel.Method)}: {exception.Message}{log.Text} Code that was built: {Report}.", exception);
        }
    }

    /// <summary>A kernel that notes its launches.</summary>
    private sealed class Launched(KernelLoader loader, string name, IDriverKernel kernel) : IDriverKernel
    {
        public void Launch(in KernelConfig config, KernelArguments arguments)
        {
            loader.Last = name;
            kernel.Launch(in config, arguments);
        }
    }

    /// <summary>What was found of a kernel.</summary>
    /// <param name="Kernel">The kernel; null if ILGPU compiles it.</param>
    /// <param name="Reason">Why ILGPU compiles it.</param>
    /// <param name="Files">The number of files that had been searched for.</param>
    private readonly record struct Answer(IDriverKernel? Kernel, string Reason, int Files);
}
