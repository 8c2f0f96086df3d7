using System.CommandLine;
using ModelDsl.Benchmarks.Gpu.Predictions;
using ModelDsl.Benchmarks.Steps;

namespace ModelDsl.Benchmarks.Gpu.Launches;

/// <summary>The command that measures each launch of a training step on a device, beside its prediction for an H200.</summary>
internal static class LaunchesCommand
{
    public static Command Create()
    {
        var kind = DeviceKinds.Option(DeviceKinds.OfIlgpu);
        var model = new Option<string>("--model") { Description = "Which model.", DefaultValueFactory = _ => "resnet18" }.AcceptOnlyFromAmong([.. StepCase.Names]);
        var batch = new Option<int>("--batch") { Description = "Samples per step.", DefaultValueFactory = _ => 128 };
        var command = new Command("launches", "Measures the launches of a training step, and prints a line of JSON for each kernel with its predicted time on an H200.") { kind, model, batch };
        command.SetAction(options => CommandErrors.Report(() =>
        {
            Print(options.GetValue(kind)!, options.GetValue(model)!, options.GetValue(batch));
            return 0;
        }));
        return command;
    }

    private static void Print(string kind, string model, int batch)
    {
        var (device, kernels) = ("", "");
        var measured = RecordedStep.Measure(kind, model, batch, (name, report) => (device, kernels) = (name, report));
        var predicted = PredictedLaunch.All(RecordedStep.Of(model, batch), DeviceLimits.H200);
        foreach (var one in KernelTimes.Join(predicted, measured))
        {
            JsonLine.Print("kernel", new()
            {
                ["model"] = model,
                ["batch"] = batch,
                ["kernel"] = one.Kernel,
                ["launches"] = one.Launches,
                ["predicted_us"] = Microseconds(one.PredictedSeconds),
                ["measured_us"] = Microseconds(one.MeasuredSeconds),
                ["ratio"] = one.Ratio is { } ratio ? Math.Round(ratio, 3) : null,
            });
        }

        JsonLine.Print("launches", new()
        {
            ["model"] = model,
            ["batch"] = batch,
            ["launches"] = measured.Count,
            ["predicted_us"] = Microseconds(predicted.Sum(static one => one.Prediction.Seconds)),
            ["measured_us"] = Microseconds(measured.Sum(static one => one.Seconds)),
            ["device"] = device,
            ["kernels"] = kernels,
        });
    }

    private static double? Microseconds(double? seconds) => seconds is { } value ? Math.Round(value * 1e6, 2) : null;
}
