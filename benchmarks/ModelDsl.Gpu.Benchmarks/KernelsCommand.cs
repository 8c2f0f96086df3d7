using System.CommandLine;
using System.Globalization;
using ModelDsl.Benchmarks.Gpu.Launches;
using ModelDsl.Benchmarks.Gpu.Predictions;
using ModelDsl.Benchmarks.Steps;

namespace ModelDsl.Benchmarks.Gpu;

/// <summary>The command that predicts the time of each launch of a training step from the PTX that the build wrote. It needs no GPU.</summary>
internal static class KernelsCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "Which model.", DefaultValueFactory = _ => "resnet18" }.AcceptOnlyFromAmong([.. StepCase.Names]);
        var batch = new Option<int>("--batch") { Description = "Samples per step.", DefaultValueFactory = _ => 128 };
        var top = new Option<int?>("--top") { Description = "Print only this number of launches, the most expensive first; all in their order if it is not given." };
        var launch = new Option<double>("--launch-us") { Description = "What a launch costs beside its work, in microseconds.", DefaultValueFactory = _ => DeviceLimits.H200.LaunchSeconds * 1e6 };

        var command = new Command("kernels", "Predicts the time of each launch of a training step on an H200, from the instructions of its kernel. It needs no GPU.") { model, batch, top, launch };
        command.SetAction(options => CommandErrors.Report(() =>
        {
            var gpu = DeviceLimits.H200 with { LaunchSeconds = options.GetValue(launch) / 1e6 };
            var launches = PredictedLaunch.All(RecordedStep.Of(options.GetValue(model)!, options.GetValue(batch)), gpu);
            Console.Write(LaunchTable.Text(options.GetValue(top) is { } count ? launches.OrderByDescending(static one => one.Prediction.Seconds).Take(count) : launches));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{options.GetValue(model)}, batch of {options.GetValue(batch)}: {LaunchTable.Sums(launches, gpu)}"));
            return 0;
        }));
        return command;
    }
}
