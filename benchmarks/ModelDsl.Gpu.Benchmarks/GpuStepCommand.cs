using System.CommandLine;
using System.Diagnostics;
using ILGPU.Runtime.Cuda;
using ModelDsl.Benchmarks.Steps;

namespace ModelDsl.Benchmarks.Gpu;

/// <summary>The command that times whole steps on a GPU and prints a line of JSON for each batch size, to be compared with other programs.</summary>
internal static class GpuStepCommand
{
    public static Command Create()
    {
        var kind = DeviceKinds.Option(DeviceKinds.OfIlgpu);
        var model = new Option<string>("--model") { Description = "Which model.", DefaultValueFactory = _ => "mlp" }.AcceptOnlyFromAmong([.. StepCase.Names]);
        var batch = new Option<int[]>("--batch") { Description = "Samples per step; several sizes are measured one after the other.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [256] };
        var infer = new Option<bool>("--infer") { Description = "Time predictions instead of training steps." };
        var seconds = new Option<double>("--seconds") { Description = "How long to measure.", DefaultValueFactory = _ => 3 };

        var command = new Command("step", "Times whole steps (forward, backward, update) and prints one line of JSON for each batch size.") { kind, model, batch, infer, seconds };
        command.SetAction(options => CommandErrors.Report(() =>
        {
            using var device = DeviceKinds.OpenIlgpu(options.GetValue(kind)!);
            foreach (var samples in options.GetValue(batch)!)
            {
                // The states of the optimizer before are freed when they are collected.
                GC.Collect();
                GC.WaitForPendingFinalizers();
                Measure(options.GetValue(model)!, samples, device, options.GetValue(infer), options.GetValue(seconds));
            }

            return 0;
        }));
        return command;
    }

    private static void Measure(string name, int batch, IlgpuDevice device, bool infer, double seconds)
    {
        var start = Stopwatch.GetTimestamp();
        var one = StepCase.Create(name, batch, device);
        using var model = one.Model;
        Action step = infer ? one.Predict : () => Train(one);
        Waited();
        var first = Stopwatch.GetElapsedTime(start).TotalMilliseconds;

        var times = StepTimer.Run(Waited, seconds);
        var program = model.Description.Programs[0].Create();
        var plan = infer ? program.Inference : program.Train;
        var flops = (plan.ForwardFlops + plan.BackwardFlops) * (double)batch;
        var result = new Dictionary<string, object?>
        {
            ["device"] = device.Name,
            ["model"] = name,
            ["batch"] = batch,
            ["mode"] = infer ? "infer" : "train",
            ["median_ms"] = Math.Round(times.MedianMs, 6),
            ["min_ms"] = Math.Round(times.MinMs, 6),
            ["p10_ms"] = Math.Round(times.P10Ms, 6),
            ["steps"] = times.Steps,
            ["allocated_bytes_per_step"] = Math.Round(times.AllocatedBytesPerStep, 3),
            ["gflops"] = Math.Round(flops / (times.MedianMs * 1e6), 2),
            ["first_step_ms"] = Math.Round(first, 2),
            ["memory_mb"] = Megabytes(device.MemoryInUse),
            ["driver_mb"] = Megabytes(device.Accelerator is CudaAccelerator cuda ? cuda.MemorySize - cuda.GetFreeMemory() : null),
            ["kernels"] = device.KernelReport,
        };
        if (!infer)
            result["unwaited_ms"] = Math.Round(Unwaited(step, device, seconds), 6);
        JsonLine.Print("step", result);

        void Waited()
        {
            step();
            device.Synchronize();
        }
    }

    private static double? Megabytes(long? bytes) => bytes is { } value ? Math.Round(value / 1e6, 1) : null;

    /// <summary>The milliseconds of one of many steps without waiting: batches are copied while steps run.</summary>
    private static double Unwaited(Action step, IlgpuDevice device, double seconds)
    {
        var (start, steps) = (Stopwatch.GetTimestamp(), 0);
        for (; steps == 0 || Stopwatch.GetElapsedTime(start).TotalSeconds < seconds; steps++)
            step();
        device.Synchronize();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / steps;
    }

    /// <summary>Runs a training step.</summary>
    public static void Train(StepCase one)
    {
        one.Model.Forward(one.Batch);
        one.Model.Backward(one.Batch);
        one.Optimizer.Update(one.Model);
    }
}
