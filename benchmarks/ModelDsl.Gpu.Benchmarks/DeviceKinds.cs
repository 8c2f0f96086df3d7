using System.CommandLine;
using ModelDsl.Ilgpu;
using ModelDsl.Ilgpu.Kernels;

namespace ModelDsl.Benchmarks.Gpu;

/// <summary>The kinds of devices that commands can use, by their names.</summary>
internal static class DeviceKinds
{
    private const string Pocl = "Portable Computing Language";

    /// <summary>The kinds that use ILGPU.</summary>
    public static string[] OfIlgpu { get; } = ["cuda", "opencl", "pocl", "debug"];

    /// <summary>These and the CPU.</summary>
    public static string[] WithCpu { get; } = [.. OfIlgpu, "cpu"];

    /// <summary>The option that chooses one.</summary>
    public static Option<string> Option(string[] kinds) => new Option<string>("--device")
    {
        Description = $"cuda, opencl, pocl: OpenCL on the CPU, or debug: ILGPU's CPU accelerator{(kinds.Contains("cpu") ? ", or cpu: without ILGPU" : "")}.",
        DefaultValueFactory = _ => "cuda",
    }.AcceptOnlyFromAmong(kinds);

    /// <summary>Opens a device.</summary>
    /// <exception cref="InvalidOperationException">There is no such device.</exception>
    public static Device Open(string kind) => kind == "cpu" ? new CpuDevice() : OpenIlgpu(kind);

    /// <summary>Opens a device that ILGPU uses.</summary>
    /// <param name="kind">One of <see cref="OfIlgpu"/>.</param>
    /// <param name="wrap">Replaces the driver that loads kernels; null to leave it.</param>
    /// <exception cref="InvalidOperationException">There is no such device.</exception>
    public static IlgpuDevice OpenIlgpu(string kind, Func<IKernelDriver, IKernelDriver>? wrap = null) => kind switch
    {
        "cuda" => IlgpuDevice.Create(DeviceChoice.Cuda, wrap),
        "opencl" => IlgpuDevice.Create(DeviceChoice.OpenCl, wrap),
        "pocl" => IlgpuDevice.Create(static machine => DeviceChoice.OpenCl(machine, Pocl), wrap),
        _ => IlgpuDevice.CreateCpuAccelerator(),
    };
}
