using System.Globalization;
using ILGPU.Runtime;

namespace ModelDsl.Ilgpu;

/// <summary>A device of the machine, before it is opened.</summary>
/// <param name="Type">CUDA or OpenCL.</param>
/// <param name="Name">The name from its driver.</param>
/// <param name="MemorySize">The size of its memory in bytes.</param>
/// <param name="Driver">For CUDA: the CUDA version that the driver supports.</param>
/// <param name="NeededDriver">For CUDA: the version that kernels for the device need; null if it is unknown.</param>
internal sealed record DeviceFacts(AcceleratorType Type, string Name, long MemorySize, Version? Driver = null, Version? NeededDriver = null)
{
    public bool HasOldDriver => Driver is not null && NeededDriver is not null && Driver < NeededDriver;
}

/// <summary>The GPUs and drivers of a machine. Tests use invented machines.</summary>
/// <param name="HasCudaDriver">Whether NVIDIA's driver can be loaded.</param>
/// <param name="HasOpenCl">Whether an OpenCL loader can be loaded.</param>
/// <param name="Devices">All devices that were found.</param>
internal sealed record MachineFacts(bool HasCudaDriver, bool HasOpenCl, IReadOnlyList<DeviceFacts> Devices);

/// <summary>Selects a device, or reports what is missing and what to do.</summary>
internal static class DeviceChoice
{
    private const string Otherwise =
        " Compute on the CPU by leaving out the device, or create IlgpuDevice.CreateCpuAccelerator() to debug kernels.";

    /// <summary>Selects the best GPU: CUDA before OpenCL.</summary>
    /// <exception cref="InvalidOperationException">There is no usable GPU.</exception>
    public static DeviceFacts Best(MachineFacts machine) =>
        Usable(machine, AcceleratorType.Cuda) ?? Usable(machine, AcceleratorType.OpenCL)
        ?? throw new InvalidOperationException($"No GPU can be used. CUDA: {WhyNoCuda(machine)} OpenCL: {WhyNoOpenCl(machine)}{Otherwise}");

    /// <summary>Selects the NVIDIA GPU with the most memory.</summary>
    /// <exception cref="InvalidOperationException">There is no usable GPU.</exception>
    public static DeviceFacts Cuda(MachineFacts machine) =>
        Usable(machine, AcceleratorType.Cuda) ?? throw new InvalidOperationException($"No CUDA device can be used: {WhyNoCuda(machine)}{Otherwise}");

    /// <summary>Selects the OpenCL device with the most memory.</summary>
    /// <exception cref="InvalidOperationException">There is no usable device.</exception>
    public static DeviceFacts OpenCl(MachineFacts machine) =>
        Usable(machine, AcceleratorType.OpenCL) ?? throw new InvalidOperationException($"No OpenCL device can be used: {WhyNoOpenCl(machine)}{Otherwise}");

    private static DeviceFacts? Usable(MachineFacts machine, AcceleratorType type) =>
        machine.Devices.Where(device => device.Type == type && !device.HasOldDriver).MaxBy(static device => device.MemorySize);

    private static string WhyNoCuda(MachineFacts machine)
    {
        if (!machine.HasCudaDriver)
            return "NVIDIA's driver is not installed (libcuda.so.1, nvcuda.dll). Install it; the CUDA toolkit is not needed.";
        return machine.Devices.FirstOrDefault(static device => device.HasOldDriver) is { } old
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"kernels for {old.Name} need a driver for CUDA {old.NeededDriver} or later, and the one installed is for CUDA {old.Driver}. Update the driver.")
            : "NVIDIA's driver is there, but shows no GPU. See what nvidia-smi lists; a container needs the GPUs passed on, and CUDA_VISIBLE_DEVICES must not hide them.";
    }

    private static string WhyNoOpenCl(MachineFacts machine) => machine.HasOpenCl
        ? "no device offers OpenCL 2.0 or later with the generic address space."
        : "its loader is not installed (libOpenCL.so, OpenCL.dll).";
}
