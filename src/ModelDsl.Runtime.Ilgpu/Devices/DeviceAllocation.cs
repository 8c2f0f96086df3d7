using ILGPU;
using ILGPU.Runtime;

namespace ModelDsl.Ilgpu;

/// <summary>Memory of a device, whose bytes the device counts.</summary>
/// <typeparam name="T">The type of its elements.</typeparam>
internal sealed class DeviceAllocation<T> : IDisposable
    where T : unmanaged
{
    private readonly IlgpuDevice device;
    private readonly MemoryBuffer1D<T, Stride1D.Dense> memory;
    private readonly long bytes;
    private bool disposed;

    /// <summary>Allocates memory. The caller has the lock of the device.</summary>
    /// <param name="device">The device.</param>
    /// <param name="length">The number of elements.</param>
    /// <exception cref="AcceleratorException">There is not enough memory.</exception>
    public DeviceAllocation(IlgpuDevice device, long length)
    {
        this.device = device;
        memory = device.Accelerator.Allocate1D<T>(length);
        bytes = memory.LengthInBytes;
        device.CountMemory(bytes);
    }

    /// <summary>The states of an optimizer are not disposed: their memory is freed when they are collected.</summary>
    ~DeviceAllocation() => device.CountMemory(-bytes);

    /// <summary>All elements.</summary>
    public ArrayView<T> View => memory.View.BaseView;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        device.CountMemory(-bytes);
        device.Free(memory);
        GC.SuppressFinalize(this);
    }
}
