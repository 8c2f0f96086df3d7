using System.Globalization;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using ModelDsl.Devices;
using ModelDsl.Ilgpu;
using ModelDsl.Ilgpu.Compiled;
using ModelDsl.Ilgpu.Kernels;

namespace ModelDsl;

/// <summary>
/// A GPU that is used by ILGPU: CUDA or OpenCL, which need only the driver, or ILGPU's CPU accelerator, on which kernels can be debugged.
/// </summary>
/// <example>
/// <code>
/// using var gpu = IlgpuDevice.CreateBest();
/// using var model = new DigitsNet(seed: 1, device: gpu);
/// </code>
/// </example>
/// <remarks>
/// Weights, activations and the optimizer's state stay on the device. Batches are copied to the device, and losses and outputs are copied back when they are read.
/// The same step gives the same bits on the same device. Results differ from those of the CPU by rounding only.
/// </remarks>
public sealed class IlgpuDevice : Device
{
    /// <summary>The warp size on the CPU accelerator: with 8 warps, a group has as many threads as the largest kernels use.</summary>
    private const int DebugWarp = 32;
    private const int DebugWarps = 8;

    private readonly Context context;
    private bool disposed;
    private long bytesInUse;
    private DeviceLostException? loss;

    private IlgpuDevice(Context context, Accelerator accelerator, KernelLoader kernels)
    {
        this.context = context;
        Accelerator = accelerator;
        Kernels = kernels;
    }

    /// <summary>The ILGPU accelerator of the device.</summary>
    public Accelerator Accelerator { get; }

    /// <inheritdoc/>
    public override string Name => Accelerator is CPUAccelerator
        ? "ILGPU's CPU accelerator, which runs kernels as managed code for debugging"
        : string.Create(CultureInfo.InvariantCulture, $"{Accelerator.Name}, {Accelerator.AcceleratorType}, {Sizes.Text(Accelerator.MemorySize)}");

    /// <summary>
    /// How many kernels were loaded from the code that the build wrote, and how many ILGPU compiled while the program ran, with the reasons. Kernels are loaded when they are first launched.
    /// </summary>
    public string KernelReport
    {
        get
        {
            lock (Gate)
                return Kernels.Report;
        }
    }

    /// <summary>The bytes of the device's memory that models and optimizers use. It does not include what the driver uses for itself and for kernels.</summary>
    public override long? MemoryInUse => Interlocked.Read(ref bytesInUse);

    /// <summary>The bytes of the device's memory; null for ILGPU's CPU accelerator, which has no memory of its own.</summary>
    public override long? MemorySize => Accelerator is CPUAccelerator ? null : Accelerator.MemorySize;

    /// <summary>Loads the kernels of all models on the device.</summary>
    internal KernelLoader Kernels { get; }

    /// <summary>The lock for launches and copies, because all models on the device use one stream.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>Creates the best GPU of the machine: CUDA before OpenCL, and then the GPU with the most memory.</summary>
    /// <exception cref="InvalidOperationException">There is no usable GPU; the message says why and what to do.</exception>
    public static IlgpuDevice CreateBest() => Create(DeviceChoice.Best);

    /// <summary>Creates the best GPU of the machine, or the CPU's device if there is no usable GPU.</summary>
    /// <param name="report">Receives the reason why there is no usable GPU; null to write it to the standard error stream.</param>
    /// <returns>A device that the caller disposes.</returns>
    public static Device CreateBestOrCpu(Action<string>? report = null)
    {
        try
        {
            return CreateBest();
        }
        catch (InvalidOperationException exception)
        {
            (report ?? Console.Error.WriteLine)($"The CPU computes instead of a GPU. {exception.Message}");
            return new CpuDevice();
        }
    }

    /// <summary>Returns the names of the GPUs of the machine, including those that cannot be used, in the order of the numbers that <see cref="Create(int)"/> takes.</summary>
    public static IReadOnlyList<string> List()
    {
        OpenClLibrary.Find();
        using var context = NewContext(static builder => builder.Cuda(static _ => true).OpenCL(static _ => true));
        return [.. Machine.Read(context, out _).Devices.Select(DeviceChoice.Text)];
    }

    /// <summary>Creates a GPU by its number. An OpenCL device may lack the generic address space, which the generated kernels do not use.</summary>
    /// <param name="index">The number in <see cref="List"/>, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    /// <exception cref="InvalidOperationException">There is no usable device with this number; the message lists the devices that there are.</exception>
    public static IlgpuDevice Create(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return Create(machine => DeviceChoice.At(machine, index));
    }

    /// <summary>Creates the NVIDIA GPU with the most memory. It needs the driver, but no CUDA toolkit.</summary>
    /// <exception cref="InvalidOperationException">There is no usable GPU; the message says why and what to do.</exception>
    public static IlgpuDevice CreateCuda() => Create(DeviceChoice.Cuda);

    /// <summary>Creates the OpenCL device with the most memory.</summary>
    /// <exception cref="InvalidOperationException">There is no usable device; the message says why and what to do.</exception>
    public static IlgpuDevice CreateOpenCL() => Create(DeviceChoice.OpenCl);

    /// <summary>
    /// Creates the OpenCL device with a name. The device may lack the generic address space, which <see cref="CreateOpenCL()"/> demands because ILGPU does: the generated kernels do not use it.
    /// PoCL, which runs OpenCL kernels on CPUs, is such a device: <c>CreateOpenCL("Portable Computing Language")</c>.
    /// </summary>
    /// <param name="name">A part of the name of the device or of its platform, in upper or lower case; of several devices, the one with the most memory is created.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="InvalidOperationException">There is no usable device with this name; the message lists the devices that there are.</exception>
    public static IlgpuDevice CreateOpenCL(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Create(machine => DeviceChoice.OpenCl(machine, name));
    }

    /// <summary>Creates ILGPU's CPU accelerator, which runs kernels as managed code for debugging. Use it for small models only.</summary>
    public static IlgpuDevice CreateCpuAccelerator() => CreateCpuAccelerator(null);

    /// <param name="freeMemory">Returns the number of bytes that are available on the device; null for the actual number.</param>
    /// <param name="driver">The driver that loads code of kernels; null if they run as managed code.</param>
    /// <param name="joinsKernels">Whether it runs the kernels that CUDA runs, also if they are managed code.</param>
    internal static IlgpuDevice CreateCpuAccelerator(Func<long>? freeMemory, IKernelDriver? driver = null, bool joinsKernels = false)
    {
        var context = NewContext(builder => builder.CPU(new CPUDevice(DebugWarp, DebugWarps, 1)));
        var accelerator = context.CreateCPUAccelerator(0);
        return new IlgpuDevice(context, accelerator, new KernelLoader(accelerator, driver, new KernelFiles()) { JoinsKernels = joinsKernels || driver?.JoinsKernels == true }) { FreeMemory = freeMemory };
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The device was disposed.</exception>
    public override DeviceModel Load(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        ObjectDisposedException.ThrowIf(disposed, this);
        var program = CreateProgram<IlgpuProgram>(model) ?? throw new NotSupportedException(
            $"{model.Description.Name} was compiled without GPU kernels: the project that declares it has to reference ModelDsl.Ilgpu.");
        return new IlgpuModel(this, model.Description, program);
    }

    /// <inheritdoc/>
    public override void Synchronize() => Use("the host waited for it", this, static device => device.Accelerator.Synchronize());

    /// <summary>Uses the device, alone.</summary>
    /// <param name="what">What is done, for the error message if the device is lost.</param>
    /// <param name="state">What the action needs, so that it captures nothing and steps allocate no memory.</param>
    /// <param name="use">Launches and copies.</param>
    /// <exception cref="DeviceLostException">The device was lost, now or before.</exception>
    internal void Use<T>(string what, T state, Action<T> use)
        where T : allows ref struct
    {
        lock (Gate)
        {
            if (loss is not null)
                throw new DeviceLostException(loss.Device, loss.Problem, loss);
            try
            {
                Accelerator.Bind();
                use(state);
            }
            catch (Exception exception) when (DeviceLoss.ErrorOf(exception) is { } error)
            {
                var kernel = Kernels.Last is { } last ? $"; the last kernel that was launched is {last}, and drivers report errors of kernels later" : "";
                throw loss = new DeviceLostException(Name, $"the driver reports {error} when {what}{kernel}", exception);
            }
        }
    }

    /// <summary>Allocates memory. The caller has the lock.</summary>
    internal DeviceAllocation<T> Allocate<T>(long length)
        where T : unmanaged => new(this, length);

    /// <summary>Adds to the bytes that are in use.</summary>
    internal void CountMemory(long bytes) => Interlocked.Add(ref bytesInUse, bytes);

    /// <summary>Disposes a resource of the driver. If the device is lost, the driver has no resources any more and returns errors, which would hide the first.</summary>
    internal void Free(IDisposable? resource)
    {
        try
        {
            resource?.Dispose();
        }
        catch (AcceleratorException) when (loss is not null)
        {
        }
    }

    /// <summary>Replaces the number of available bytes that the device reports.</summary>
    private Func<long>? FreeMemory { get; init; }

    /// <summary>The number of bytes that are available for a new buffer.</summary>
    internal long AvailableBytes => FreeMemory is { } free ? free() : DeviceMemory.Available(Accelerator, Interlocked.Read(ref bytesInUse));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !disposed)
        {
            disposed = true;
            lock (Gate)
            {
                if (loss is null)
                {
                    Accelerator.Bind();
                    Accelerator.Synchronize();
                }

                Kernels.Dispose();
            }

            Free(Accelerator);
            Free(context);
        }

        base.Dispose(disposing);
    }

    // ILGPU enables the markers in streams that show the end of a step only with profiling.
    private static Context NewContext(Func<Context.Builder, Context.Builder> choose) =>
        choose(Context.Create().Optimize(OptimizationLevel.O2).Inlining(InliningMode.Aggressive).Profiling()).ToContext();

    /// <param name="choose">Chooses a device of the machine.</param>
    /// <param name="wrap">Replaces the driver that loads code of kernels by another that uses it, as benchmarks do; null to leave it.</param>
    internal static IlgpuDevice Create(Func<MachineFacts, DeviceFacts> choose, Func<IKernelDriver, IKernelDriver>? wrap = null)
    {
        OpenClLibrary.Find();

        // Includes devices that cannot be used, because the error for these is more helpful than that there is no device.
        var context = NewContext(static builder => builder.Cuda(static _ => true).OpenCL(static _ => true));
        try
        {
            var machine = Machine.Read(context, out var devices);
            var chosen = choose(machine);
            for (var i = 0; i < devices.Count; i++)
            {
                if (!ReferenceEquals(machine.Devices[i], chosen))
                    continue;
                if (devices[i] is CLDevice openCl)
                    AllowGenericAddressSpace(openCl.Capabilities, true);
                var accelerator = devices[i].CreateAccelerator(context);
                return new IlgpuDevice(context, accelerator, new KernelLoader(accelerator, wrap));
            }

            throw new InvalidOperationException("A device was chosen that the machine does not have.");
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    /// <summary>ILGPU creates accelerators only for devices with this capability, which generated kernels do not need.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_GenericAddressSpace")]
    private static extern void AllowGenericAddressSpace(CLCapabilityContext capabilities, bool value);
}
