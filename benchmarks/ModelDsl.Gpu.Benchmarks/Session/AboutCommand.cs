using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU.Runtime.Cuda;
using ModelDsl.Benchmarks.Steps;

namespace ModelDsl.Benchmarks.Gpu.Session;

/// <summary>The command that describes the machine, the device and its driver in a line of JSON, and tries what devices do not offer.</summary>
internal static class AboutCommand
{
    public static Command Create()
    {
        var kind = DeviceKinds.Option(DeviceKinds.OfIlgpu);
        var command = new Command("about", "Describes the machine, the device and its driver in lines of JSON.") { kind };
        command.SetAction(options => CommandErrors.Report(() =>
        {
            JsonLine.Print("machine", new()
            {
                ["program"] = typeof(AboutCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
                ["system"] = RuntimeInformation.OSDescription,
                ["runtime"] = RuntimeInformation.FrameworkDescription,
                ["processors"] = Environment.ProcessorCount,
                ["gpus"] = string.Join("; ", IlgpuDevice.List()),
            });
            using var device = DeviceKinds.OpenIlgpu(options.GetValue(kind)!);
            PrintDevice(device);
            PrintDecoding(device);
            return 0;
        }));
        return command;
    }

    private static void PrintDevice(IlgpuDevice device)
    {
        var accelerator = device.Accelerator;
        var properties = new Dictionary<string, object?>
        {
            ["device"] = device.Name,
            ["multiprocessors"] = accelerator.NumMultiprocessors,
            ["memory_mb"] = Math.Round(accelerator.MemorySize / 1e6, 1),
            ["shared_bytes_per_group"] = accelerator.MaxSharedMemoryPerGroup,
        };
        if (accelerator is CudaAccelerator cuda)
        {
            properties["free_mb"] = Math.Round(cuda.GetFreeMemory() / 1e6, 1);
            properties["architecture"] = cuda.Architecture.ToString();
            properties["cuda_driver"] = cuda.DriverVersion.ToString();
            properties["instruction_set"] = cuda.InstructionSet.ToString();
            properties["clock_mhz"] = cuda.ClockRate / 1000;
            properties["memory_clock_mhz"] = cuda.MemoryClockRate / 1000;
        }

        JsonLine.Print("device", properties);
    }

    /// <summary>Tries a session, which devices with groups of threads do not have.</summary>
    private static void PrintDecoding(IlgpuDevice device)
    {
        var answer = "sessions exist: measure them";
        try
        {
            using var model = new GptModel(seed: 1, device);
            using var session = model.CreateSession(1);
        }
        catch (NotSupportedException exception)
        {
            answer = exception.Message;
        }

        JsonLine.Print("decoding", new() { ["answer"] = answer });
    }
}
