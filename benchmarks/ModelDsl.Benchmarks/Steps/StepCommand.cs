using System.CommandLine;
using System.Diagnostics;
using System.Runtime;
using System.Text.Json;
using ModelDsl.Compiled;

namespace ModelDsl.Benchmarks.Steps;

/// <summary>The command that times whole steps and prints one line of JSON, to be compared with other programs.</summary>
internal static class StepCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "Which model.", DefaultValueFactory = _ => "mlp" }.AcceptOnlyFromAmong([.. StepCase.Names]);
        var batch = new Option<int?>("--batch") { Description = "Samples per step; 4 for linear, 12 for chargpt, 16 for gpt, 1 for gpt2 and attention, and 32 otherwise when left out." };
        var threads = new Option<int>("--threads") { Description = "Threads a step may use.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var infer = new Option<bool>("--infer") { Description = "Time predictions instead of training steps." };
        var seconds = new Option<double>("--seconds") { Description = "How long to measure.", DefaultValueFactory = _ => 3 };
        var inGroup = new Option<bool>("--group") { Description = "Train in a group of the ranks that mpirun has started, or of one; the batch is that of all." };
        var anyOrder = new Option<bool>("--any-order") { Description = "Let MPI add the gradients of the group in any order." };
        var after = new Option<bool>("--no-overlap") { Description = "Exchange the gradients of the group after the backward pass." };
        var slice = new Option<int>("--slice") { Description = "Floats that the group exchanges at a time.", DefaultValueFactory = _ => 1 << 18 };
        var bits = new Option<int>("--vector-bits") { Description = "Width of the vectors.", DefaultValueFactory = _ => CpuDevice.BestVectorBits };

        var command = new Command("step", "Times whole steps (forward, backward, update) and prints one line of JSON.") { model, batch, threads, infer, seconds, inGroup, anyOrder, after, slice, bits };
        command.SetAction(options =>
        {
            using var device = new CpuDevice { Threads = options.GetValue(threads), VectorBits = options.GetValue(bits) };
            var name = options.GetValue(model)!;
            var samples = options.GetValue(batch) ?? name switch { "linear" => 4, "chargpt" => 12, "gpt" => 16, "gpt2" or "attention-256" or "attention-1024" or "attention-4096" => 1, _ => 32 };
            using var group = options.GetValue(inGroup) ? Collective.FromEnvironment() : null;
            if (group is not null)
                (group.Deterministic, group.Overlaps, group.SliceFloats) = (!options.GetValue(anyOrder), !options.GetValue(after), options.GetValue(slice));
            var line = Measure(name, samples, device, options.GetValue(infer), options.GetValue(seconds), group);
            if (group is null or { IsRoot: true })
                Console.WriteLine(line);
        });
        return command;
    }

    private static string Measure(string name, int batch, CpuDevice device, bool infer, double seconds, Collective? group)
    {
        var start = Stopwatch.GetTimestamp();
        var compiled = JitInfo.GetCompilationTime();
        var one = StepCase.Create(name, batch, device);
        using var model = one.Model;
        Action step = infer ? one.Predict : group is not null ? new GroupCase(one, group).Train : () => Train(one);
        step();
        var first = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        var jit = (JitInfo.GetCompilationTime() - compiled).TotalMilliseconds;

        var times = group is null ? StepTimer.Run(step, seconds) : StepTimer.Run(step, seconds, group);
        var program = model.Description.Programs[0].Create();
        var plan = infer ? program.Inference : program.Train;
        var flops = (plan.ForwardFlops + plan.BackwardFlops) * (double)batch;
        var gflops = flops / (times.MedianMs * 1e6);

        // Before the measurement of the peak rate.
        using var process = Process.GetCurrentProcess();
        var peakBytes = process.PeakWorkingSet64;
        var peak = FmaPeak.Gflops(device.Threads, device.VectorBits);
        return JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["model"] = name,
            ["batch"] = batch,
            ["threads"] = device.Threads,
            ["ranks"] = group?.Count ?? 1,
            ["parts"] = group?.OwnParts.Count ?? 1,
            ["mode"] = infer ? "infer" : "train",
            ["median_ms"] = Math.Round(times.MedianMs, 6),
            ["min_ms"] = Math.Round(times.MinMs, 6),
            ["p10_ms"] = Math.Round(times.P10Ms, 6),
            ["steps"] = times.Steps,
            ["allocated_bytes_per_step"] = Math.Round(times.AllocatedBytesPerStep, 3),
            ["step_mb"] = Math.Round(Megabytes(plan, batch, device.Threads), 1),
            ["peak_mb"] = Math.Round(peakBytes / 1e6, 1),
            ["gflops"] = Math.Round(gflops, 2),
            ["peak_gflops"] = Math.Round(peak, 2),
            ["peak_share"] = Math.Round(gflops / peak, 4),
            ["vector_bits"] = device.VectorBits,
            ["first_step_ms"] = Math.Round(first, 2),
            ["jit_ms"] = Math.Round(jit, 2),
        });
    }

    /// <summary>The memory of all values of a step, without parameters, gradients and the state of the optimizer.</summary>
    private static double Megabytes(PlanDescription plan, int batch, int threads)
    {
        var samples = (batch + plan.SampleAlignment - 1L) / plan.SampleAlignment * plan.SampleAlignment;
        return sizeof(float) * ((plan.BatchedFloats * samples) + plan.FixedFloats + ((long)plan.WorkerFloats * threads)) / 1e6;
    }

    private static void Train(StepCase one)
    {
        one.Model.Forward(one.Batch);
        one.Model.Backward(one.Batch);
        one.Optimizer.Update(one.Model);
    }
}
