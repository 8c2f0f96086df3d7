using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace ModelDsl.Ilgpu;

/// <summary>The errors for insufficient memory: how much is needed, how much is available, and what would fit.</summary>
internal static class DeviceMemory
{
    /// <summary>Checks that enough memory is available on the device.</summary>
    /// <param name="device">The device.</param>
    /// <param name="needed">The number of bytes.</param>
    /// <param name="what">The purpose of the memory.</param>
    /// <param name="advice">Returns additional advice for the error, from the number of available bytes.</param>
    /// <exception cref="InvalidOperationException">There is not enough memory.</exception>
    public static void Check(IlgpuDevice device, long needed, string what, Func<long, string>? advice)
    {
        if (needed > device.AvailableBytes)
            throw Missing(device, needed, what, advice);
    }

    /// <summary>Returns the number of bytes that are available for a new buffer.</summary>
    /// <param name="accelerator">The device.</param>
    /// <param name="inUse">The bytes that its models use.</param>
    public static long Available(Accelerator accelerator, long inUse) => accelerator switch
    {
        CudaAccelerator cuda => cuda.GetFreeMemory(),

        // OpenCL does not tell what other programs use, and limits the size of a buffer, often to a quarter of the memory.
        CLAccelerator openCl => Math.Min(
            Math.Max(0, openCl.MemorySize - inUse), CLAPI.CurrentAPI.GetDeviceInfo<long>(openCl.DeviceId, CLDeviceInfoType.CL_DEVICE_MAX_MEM_ALLOC_SIZE)),
        _ => accelerator.MemorySize,
    };

    public static InvalidOperationException Missing(IlgpuDevice device, long needed, string what, Func<long, string>? advice)
    {
        var available = device.AvailableBytes;
        return new($"{what} needs {Sizes.Text(needed)} on {device.Accelerator.Name}, which has {Sizes.Text(available)} to give.{advice?.Invoke(available)}");
    }
}
