using ModelDsl.Compiled;
using ModelDsl.Devices;

namespace ModelDsl;

/// <summary>Where models compute. The CPU is built in; other devices come in packages of their own and derive from this class.</summary>
public abstract class Device : IDisposable
{
    /// <summary>The shared CPU device: all processors, the widest vectors of the machine.</summary>
    public static CpuDevice Cpu { get; } = CpuDevice.CreateShared();

    /// <summary>What the device is, for people: <c>CPU, 2 threads, 512-bit vectors</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Prepares a model on this device: its memory, and the compiled program for this kind of device.</summary>
    /// <param name="model">The model; a device asks it for the program it can run.</param>
    /// <exception cref="NotSupportedException">The model was compiled without kernels for this kind of device.</exception>
    public abstract DeviceModel Load(Model model);

    /// <summary>Waits until all work that was started has been done. On the CPU it always has.</summary>
    public virtual void Synchronize()
    {
    }

    /// <summary>Asks a model for its program for a kind of device: the widest of those that are not wider than the device.</summary>
    /// <typeparam name="TProgram">The class programs of that kind derive from.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="width">The width in bits that the device computes with.</param>
    /// <returns>The program, or null where the model was compiled without one.</returns>
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

    /// <summary>Frees what the device holds.</summary>
    /// <param name="disposing">False when called by a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
