using System.CommandLine;
using System.Diagnostics;

namespace ModelDsl.Benchmarks.Gpu.Session;

/// <summary>The command that trains models for a few steps and compares losses, gradients and outputs with stored values of the CPU.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var kind = DeviceKinds.Option(DeviceKinds.WithCpu);
        var models = new Option<string[]>("--model") { Description = "Which models; all if it is not given.", AllowMultipleArgumentsPerToken = true }.AcceptOnlyFromAmong([.. CheckNames.All]);
        var values = new Option<string>("--values") { Description = "The file of stored values.", DefaultValueFactory = _ => StoredValues.DefaultPath };
        var write = new Option<string?>("--write") { Description = "Write the values of all models to this file instead of comparing them." };
        var command = new Command("check", "Trains models for three steps, compares losses, gradients and outputs with stored values of the CPU, and prints a line of JSON for each.") { kind, models, values, write };
        command.SetAction(options => CommandErrors.Report(() =>
        {
            using var device = DeviceKinds.Open(options.GetValue(kind)!);
            if (options.GetValue(write) is { } path)
            {
                StoredValues.Write(path, CheckCase.All.ToDictionary(static one => one.Name, one => CheckRun.Values(one, device)));
                return 0;
            }

            var stored = StoredValues.Read(options.GetValue(values)!);
            var names = options.GetValue(models) is { Length: > 0 } some ? some : [.. CheckNames.All];
            return names.Select(name => Check(CheckCase.Of(name), device, stored)).ToArray().All(static agrees => agrees) ? 0 : 1;
        }));
        return command;
    }

    private static bool Check(CheckCase one, Device device, IReadOnlyDictionary<string, IReadOnlyDictionary<string, Digest>> stored)
    {
        var start = Stopwatch.GetTimestamp();
        var empty = new Dictionary<string, Digest>();
        var found = ValueComparison.Of(stored.GetValueOrDefault(one.Name, empty), CheckRun.Values(one, device));
        var agrees = found.Difference <= one.Tolerance;
        JsonLine.Print("check", new()
        {
            ["model"] = one.Name,
            ["batch"] = one.Samples,
            ["agrees"] = agrees,
            ["difference"] = double.IsFinite(found.Difference) ? found.Difference : "no number",
            ["where"] = found.Where,
            ["tolerance"] = one.Tolerance,
            ["values"] = found.Values,
            ["seconds"] = Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 2),
            ["device"] = device.Name,
            ["kernels"] = (device as IlgpuDevice)?.KernelReport,
        });
        return agrees;
    }
}
