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
    /// <summary>For OpenCL: the name of the platform, which is the driver.</summary>
    public string Platform { get; init; } = "";

    /// <summary>For OpenCL: the latest version of OpenCL C that the device compiles.</summary>
    public Version OpenCl { get; init; } = LeastOpenCl;

    /// <summary>For OpenCL: whether pointers without an address space exist. ILGPU demands it of all devices, but no generated kernel uses it.</summary>
    public bool HasGenericAddressSpace { get; init; } = true;

    public bool HasOldDriver => Driver is not null && NeededDriver is not null && Driver < NeededDriver;

    /// <summary>Whether the device compiles a version of OpenCL C that ILGPU writes.</summary>
    public bool HasOldOpenCl => OpenCl < LeastOpenCl;

    private static Version LeastOpenCl { get; } = new(2, 0);

    public bool IsCalled(string name) => Name.Contains(name, StringComparison.OrdinalIgnoreCase) || Platform.Contains(name, StringComparison.OrdinalIgnoreCase);
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

    /// <summary>Selects the OpenCL device with the most memory of those with a name. They may lack the generic address space.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="name">A part of the name of the device or of its platform.</param>
    /// <exception cref="InvalidOperationException">There is no usable device with this name.</exception>
    public static DeviceFacts OpenCl(MachineFacts machine, string name)
    {
        var devices = machine.Devices.Where(static device => device.Type == AcceleratorType.OpenCL).ToList();
        return devices.Where(device => device.IsCalled(name) && !device.HasOldOpenCl).MaxBy(static device => device.MemorySize)
            ?? throw new InvalidOperationException($"No OpenCL device named '{name}' can be used: {(devices.Count == 0 ? WhyNoOpenCl(machine) : $"there are {List(devices)}.")}{Otherwise}");
    }

    /// <summary>Selects a device by its number among all devices.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="index">The number.</param>
    /// <exception cref="InvalidOperationException">There is no usable device with this number.</exception>
    public static DeviceFacts At(MachineFacts machine, int index)
    {
        if (index >= machine.Devices.Count)
        {
            throw new InvalidOperationException(machine.Devices.Count == 0
                ? $"There is no GPU with the number {index}. CUDA: {WhyNoCuda(machine)} OpenCL: {WhyNoOpenCl(machine)}{Otherwise}"
                : $"There is no GPU with the number {index}: there are {string.Join("; ", machine.Devices.Select(static (device, number) => $"{number}: {Text(device)}"))}.{Otherwise}");
        }

        var chosen = machine.Devices[index];
        if (chosen.HasOldDriver)
            throw new InvalidOperationException($"The GPU with the number {index} cannot be used: {OldDriver(chosen)}{Otherwise}");
        return chosen.HasOldOpenCl ? throw new InvalidOperationException($"The GPU with the number {index}, {Text(chosen)}, cannot be used: OpenCL C 2.0 or later is needed, and its driver has {chosen.OpenCl}.{Otherwise}") : chosen;
    }

    /// <summary>The name of a device, with its driver and memory.</summary>
    public static string Text(DeviceFacts device) => $"{device.Name}, {(device.Type == AcceleratorType.Cuda ? "CUDA" : $"OpenCL of {device.Platform}")}, {Sizes.Text(device.MemorySize)}";

    private static DeviceFacts? Usable(MachineFacts machine, AcceleratorType type) =>
        machine.Devices.Where(device => device.Type == type && device is { HasOldDriver: false, HasOldOpenCl: false, HasGenericAddressSpace: true }).MaxBy(static device => device.MemorySize);

    private static string WhyNoCuda(MachineFacts machine)
    {
        if (!machine.HasCudaDriver)
            return "NVIDIA's driver is not installed (libcuda.so.1, nvcuda.dll). Install it; the CUDA toolkit is not needed.";
        return machine.Devices.FirstOrDefault(static device => device.HasOldDriver) is { } old
            ? OldDriver(old)
            : "NVIDIA's driver is there, but shows no GPU. See what nvidia-smi lists; a container needs the GPUs passed on, and CUDA_VISIBLE_DEVICES must not hide them.";
    }

    private static string OldDriver(DeviceFacts old) => string.Create(
        CultureInfo.InvariantCulture, $"kernels for {old.Name} need a driver for CUDA {old.NeededDriver} or later, and the one installed is for CUDA {old.Driver}. Update the driver.");

    private static string WhyNoOpenCl(MachineFacts machine)
    {
        if (!machine.HasOpenCl)
            return "its loader is not installed (libOpenCL.so.1, OpenCL.dll).";
        var devices = machine.Devices.Where(static device => device.Type == AcceleratorType.OpenCL).ToList();
        if (devices.Count == 0)
            return "its loader is installed, but shows no device. Install the OpenCL driver of the device; clinfo lists what there is.";
        var named = devices.Find(static device => !device.HasOldOpenCl) is { } device
            ? $" Kernels do not use it: IlgpuDevice.CreateOpenCL(\"{device.Platform}\") takes a device without it." : "";
        return $"no device offers OpenCL 2.0 or later with the generic address space; there are {List(devices)}.{named}";
    }

    private static string List(IEnumerable<DeviceFacts> devices) => string.Join(", ", devices.Select(static device =>
        $"{device.Name} of {device.Platform} (OpenCL C {device.OpenCl}{(device.HasGenericAddressSpace ? "" : ", no generic address space")})"));
}
