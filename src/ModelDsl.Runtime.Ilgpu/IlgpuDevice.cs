using System.Globalization;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using ModelDsl.Devices;
using ModelDsl.Ilgpu;
using ModelDsl.Ilgpu.Compiled;

namespace ModelDsl;

/// <summary>
/// A GPU by way of ILGPU: CUDA or OpenCL, needing nothing but the driver, or ILGPU's CPU accelerator, in which kernels can be debugged.
/// </summary>
/// <example>
/// <code>
/// using var gpu = IlgpuDevice.CreateBest();
/// using var model = new DigitsNet(seed: 1, device: gpu);
/// </code>
/// </example>
/// <remarks>
/// Weights, activations and the optimizer's state stay on the device; only batches go up, and losses and outputs come back when they are asked for.
/// The same step gives the same bits on the same device. Against the CPU results differ by rounding.
/// </remarks>
public sealed class IlgpuDevice : Device
{
    /// <summary>Threads of a group on the CPU accelerator: 8 warps of 32, as many as the largest kernels use.</summary>
    private const int DebugWarp = 32;
    private const int DebugWarps = 8;

    private readonly Context context;
    private bool disposed;

    private IlgpuDevice(Context context, Accelerator accelerator)
    {
        this.context = context;
        Accelerator = accelerator;
    }

    /// <summary>ILGPU's view of the device.</summary>
    public Accelerator Accelerator { get; }

    /// <inheritdoc/>
    public override string Name => string.Create(
        CultureInfo.InvariantCulture, $"{Accelerator.Name}, {Accelerator.AcceleratorType}, {Sizes.Text(Accelerator.MemorySize)}");

    /// <summary>One call at a time: launches and copies of all models on the device go into one stream.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>The best GPU of the machine: CUDA before OpenCL, the one with the most memory first.</summary>
    /// <exception cref="InvalidOperationException">There is none that can be used; the message says why and what to do.</exception>
    public static IlgpuDevice CreateBest() => Create(DeviceChoice.Best);

    /// <summary>The NVIDIA GPU with the most memory, by its driver; no CUDA toolkit is needed.</summary>
    /// <exception cref="InvalidOperationException">There is none that can be used; the message says why and what to do.</exception>
    public static IlgpuDevice CreateCuda() => Create(DeviceChoice.Cuda);

    /// <summary>The OpenCL device with the most memory.</summary>
    /// <exception cref="InvalidOperationException">There is none that can be used; the message says why and what to do.</exception>
    public static IlgpuDevice CreateOpenCL() => Create(DeviceChoice.OpenCl);

    /// <summary>ILGPU's CPU accelerator, which runs kernels as managed code that a debugger can step through: for tiny models only.</summary>
    public static IlgpuDevice CreateCpuAccelerator() => CreateCpuAccelerator(null);

    /// <param name="freeMemory">How many bytes it shall seem to have to give; null for what the machine has.</param>
    internal static IlgpuDevice CreateCpuAccelerator(Func<long>? freeMemory)
    {
        var context = NewContext(builder => builder.CPU(new CPUDevice(DebugWarp, DebugWarps, 1)));
        return new IlgpuDevice(context, context.CreateCPUAccelerator(0)) { FreeMemory = freeMemory };
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
    public override void Synchronize()
    {
        lock (Gate)
        {
            Accelerator.Bind();
            Accelerator.Synchronize();
        }
    }

    /// <summary>Stands in for the device's own answer.</summary>
    private Func<long>? FreeMemory { get; init; }

    /// <summary>Memory a new buffer can count on.</summary>
    internal long AvailableBytes => FreeMemory is { } free ? free() : Accelerator is CudaAccelerator cuda ? cuda.GetFreeMemory() : Accelerator.MemorySize;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !disposed)
        {
            disposed = true;
            Accelerator.Dispose();
            context.Dispose();
        }

        base.Dispose(disposing);
    }

    // Markers in streams, which say when a step is over, are a matter of profiling to ILGPU.
    private static Context NewContext(Func<Context.Builder, Context.Builder> choose) =>
        choose(Context.Create().Optimize(OptimizationLevel.O2).Inlining(InliningMode.Aggressive).Profiling()).ToContext();

    private static IlgpuDevice Create(Func<MachineFacts, DeviceFacts> choose)
    {
        // Devices with an old driver too: their error says more than that there is none.
        var context = NewContext(static builder => builder.Cuda(static _ => true).OpenCL());
        try
        {
            var machine = Machine.Read(context, out var devices);
            var chosen = choose(machine);
            for (var i = 0; i < devices.Count; i++)
            {
                if (ReferenceEquals(machine.Devices[i], chosen))
                    return new IlgpuDevice(context, devices[i].CreateAccelerator(context));
            }

            throw new InvalidOperationException("A device was chosen that the machine does not have.");
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }
}
