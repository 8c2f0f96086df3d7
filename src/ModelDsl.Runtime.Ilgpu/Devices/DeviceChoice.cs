using System.Globalization;
using ILGPU.Runtime;

namespace ModelDsl.Ilgpu;

/// <summary>A device of the machine, before it is opened.</summary>
/// <param name="Type">CUDA or OpenCL.</param>
/// <param name="Name">What its driver calls it.</param>
/// <param name="MemorySize">Its memory in bytes.</param>
/// <param name="Driver">CUDA: the version its driver speaks.</param>
/// <param name="NeededDriver">CUDA: the version that kernels for it need; null where that is not known.</param>
internal sealed record DeviceFacts(AcceleratorType Type, string Name, long MemorySize, Version? Driver = null, Version? NeededDriver = null)
{
    public bool HasOldDriver => Driver is not null && NeededDriver is not null && Driver < NeededDriver;
}

/// <summary>What a machine offers. Tests invent machines.</summary>
/// <param name="HasCudaDriver">Whether NVIDIA's driver can be loaded.</param>
/// <param name="HasOpenCl">Whether an OpenCL loader can be loaded.</param>
/// <param name="Devices">All devices found.</param>
internal sealed record MachineFacts(bool HasCudaDriver, bool HasOpenCl, IReadOnlyList<DeviceFacts> Devices);

/// <summary>Picks a device, or says what is missing and what to do.</summary>
internal static class DeviceChoice
{
    private const string Otherwise =
        " Compute on the CPU by leaving out the device, or create IlgpuDevice.CreateCpuAccelerator() to debug kernels.";

    /// <summary>CUDA before OpenCL.</summary>
    /// <exception cref="InvalidOperationException">There is no GPU that can be used.</exception>
    public static DeviceFacts Best(MachineFacts machine) =>
        Usable(machine, AcceleratorType.Cuda) ?? Usable(machine, AcceleratorType.OpenCL)
        ?? throw new InvalidOperationException($"No GPU can be used. CUDA: {WhyNoCuda(machine)} OpenCL: {WhyNoOpenCl(machine)}{Otherwise}");

    /// <summary>The NVIDIA GPU with the most memory.</summary>
    /// <exception cref="InvalidOperationException">There is none that can be used.</exception>
    public static DeviceFacts Cuda(MachineFacts machine) =>
        Usable(machine, AcceleratorType.Cuda) ?? throw new InvalidOperationException($"No CUDA device can be used: {WhyNoCuda(machine)}{Otherwise}");

    /// <summary>The OpenCL device with the most memory.</summary>
    /// <exception cref="InvalidOperationException">There is none that can be used.</exception>
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
