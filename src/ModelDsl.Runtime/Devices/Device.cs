using ModelDsl.Compiled;
using ModelDsl.Devices;

namespace ModelDsl;

/// <summary>Hardware that models compute on. The CPU is built in; other devices are in separate packages and derive from this class.</summary>
public abstract class Device : IDisposable
{
    /// <summary>The shared CPU device, which uses all processors and the widest vectors of the machine.</summary>
    public static CpuDevice Cpu { get; } = CpuDevice.CreateShared();

    /// <summary>A readable description of the device, such as <c>CPU, 2 threads, 512-bit vectors</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The bytes of the device's memory that models and optimizers use; null for a device that uses the memory of the program.</summary>
    public virtual long? MemoryInUse => null;

    /// <summary>The bytes of the device's memory; null for a device that uses the memory of the program.</summary>
    public virtual long? MemorySize => null;

    /// <summary>Prepares a model for this device: allocates its memory and creates the compiled program for this kind of device.</summary>
    /// <param name="model">The model, which creates the program that the device can run.</param>
    /// <exception cref="NotSupportedException">The model was compiled without kernels for this kind of device.</exception>
    public abstract DeviceModel Load(Model model);

    /// <summary>Waits until all work that was started is complete. On the CPU it always is.</summary>
    public virtual void Synchronize()
    {
    }

    /// <summary>Creates a model's program for a kind of device: the widest of those that are not wider than the device.</summary>
    /// <typeparam name="TProgram">The base class of the programs for that kind of device.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="width">The maximum width in bits that the device supports.</param>
    /// <returns>The program, or null if the model was compiled without one.</returns>
    protected static TProgram? CreateProgram<TProgram>(Model model, int width = int.MaxValue)
        where TProgram : DeviceProgram
    {
        ArgumentNullException.ThrowIfNull(model);
        var programs = model.Description.Programs.Where(program => program.Kind == typeof(TProgram) && program.Width <= width);
        return (TProgram?)programs.MaxBy(static program => program.Width)?.Create();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the resources of the device.</summary>
    /// <param name="disposing">False when called by a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
