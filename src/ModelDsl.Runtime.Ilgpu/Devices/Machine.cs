using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace ModelDsl.Ilgpu;

/// <summary>Reads the properties of the machine from ILGPU and the drivers.</summary>
internal static class Machine
{
    private static readonly string[] CudaDrivers = ["libcuda.so.1", "libcuda.so", "nvcuda.dll"];

    /// <summary>Returns the properties from a context that contains all devices, including those that cannot be used.</summary>
    /// <param name="context">The context.</param>
    /// <param name="devices">The devices, in the order of the result.</param>
    public static MachineFacts Read(Context context, out IReadOnlyList<ILGPU.Runtime.Device> devices)
    {
        devices = [.. context.Devices.AsEnumerable().Where(static device => device.AcceleratorType != AcceleratorType.CPU)];
        return new MachineFacts(CudaDrivers.Any(static name => NativeLibrary.TryLoad(name, out _)), OpenClLibrary.IsInstalled, [.. devices.Select(Facts)]);
    }

    private static DeviceFacts Facts(ILGPU.Runtime.Device device)
    {
        if (device is CLDevice openCl)
        {
            return new DeviceFacts(device.AcceleratorType, device.Name, device.MemorySize)
            {
                Platform = openCl.PlatformName,
                OpenCl = new Version(openCl.CLStdVersion.Major, openCl.CLStdVersion.Minor),
                HasGenericAddressSpace = openCl.Capabilities.GenericAddressSpace,
            };
        }

        if (device is not CudaDevice cuda)
            return new DeviceFacts(device.AcceleratorType, device.Name, device.MemorySize);
        var (driver, needed) = (cuda.DriverVersion, Needed(cuda));
        return new DeviceFacts(
            device.AcceleratorType, device.Name, device.MemorySize, new Version(driver.Major, driver.Minor), needed is { } version ? new Version(version.Major, version.Minor) : null);
    }

    /// <summary>Returns the driver version that a device needs. Without an instruction set, the driver is older than any that ILGPU supports.</summary>
    private static CudaDriverVersion? Needed(CudaDevice device)
    {
        if (device.Architecture is not { } architecture)
            return null;
        try
        {
            return CudaDriverVersionUtils.GetMinimumDriverVersion(architecture);
        }
        catch (NotSupportedException)
        {
            // The GPU is newer than ILGPU: its driver accepts kernels for older GPUs.
            return null;
        }
    }
}
