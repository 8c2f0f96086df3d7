using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ModelDsl.Compiled;

namespace ModelDsl.Benchmarks.Steps;

/// <summary>The command that shows where the time of a training step goes: the phases between the barriers of its generated program.</summary>
internal static class PhaseCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "Which model.", DefaultValueFactory = _ => "cnn" }.AcceptOnlyFromAmong([.. StepCase.Names]);
        var batch = new Option<int>("--batch") { Description = "Samples per step.", DefaultValueFactory = _ => 32 };
        var threads = new Option<int>("--threads") { Description = "Threads a step may use.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var seconds = new Option<double>("--seconds") { Description = "How long to measure.", DefaultValueFactory = _ => 3 };
        var bits = new Option<int>("--vector-bits") { Description = "Width of the vectors.", DefaultValueFactory = _ => CpuDevice.BestVectorBits };
        var decode = new Option<bool>("--decode") { Description = "Time the plan of a token of a session instead of a training step." };
        var command = new Command("phases", "Times the phases of a training step: one line per barrier of the generated Forward and Backward.") { model, batch, threads, seconds, bits, decode };
        command.SetAction(options =>
        {
            using var device = new CpuDevice { Threads = 1, VectorBits = options.GetValue(bits) };
            var samples = options.GetValue(batch);
            using var built = StepCase.Create(options.GetValue(model)!, samples, device).Model;
            var widths = built.Description.Programs.Where(program => program.Kind == typeof(CpuProgram) && program.Width <= device.VectorBits);
            var program = (CpuProgram)widths.MaxBy(static program => program.Width)!.Create();
            var run = new PhaseRun(built.Description, program, samples, options.GetValue(threads)) { Decodes = options.GetValue(decode) };
            run.Measure(options.GetValue(seconds));
        });
        return command;
    }
}

/// <summary>Runs a program on threads and memory of its own, with a clock at every barrier.</summary>
internal sealed unsafe class PhaseRun(ModelDescription description, CpuProgram program, int samples, int threads)
{
    private readonly ClockedBarrier barrier = new(threads);

    /// <summary>Whether the plan of a token is timed.</summary>
    public bool Decodes { get; init; }

    public void Measure(double seconds)
    {
        var random = new Random(1);
        var columns = (void**)Allocate(16);
        var index = 0;
        foreach (var column in description.Inputs.Concat(description.Targets))
        {
            var values = Allocate(samples * column.Length);
            for (var i = 0; i < samples * column.Length; i++)
            {
                if (column.Type == ColumnType.Int) ((int*)values)[i] = random.Next(column.Bound);
                else values[i] = random.NextSingle();
            }

            columns[index++] = values;
        }

        // A token in the middle of the context.
        var plan = program.Train;
        var caches = 0;
        if (Decodes)
        {
            plan = program.Decoding[^1].Plan;
            caches = description.Generation!.CacheFloats;
            columns[1] = Allocate(samples);
            for (var i = 0; i < samples; i++) ((int*)columns[1])[i] = description.Generation.Context / 2;
        }

        var parameters = Allocate(description.ParameterFloats);
        for (var i = 0; i < description.ParameterFloats; i++) parameters[i] = (random.NextSingle() - 0.5f) * 0.1f;
        var capacity = (samples + 15) / 16 * 16;
        var step = new Step
        {
            N = samples,
            Capacity = capacity,
            Parameters = parameters,
            Gradients = Allocate(description.TrainableFloats),
            Batched = Allocate(plan.BatchedFloats * capacity),
            Fixed = Allocate(plan.FixedFloats),
            Workers = Allocate(plan.WorkerFloats * threads),
            Columns = columns,
            ParameterCopies = Allocate(program.ParameterCopyFloats),
            Caches = Allocate(caches * capacity),
            NeedsLogits = true,
        };
        var end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        var stop = false;
        void Work(int index)
        {
            var worker = new Worker(index, threads, barrier);
            while (true)
            {
                if (index == 0) stop = Stopwatch.GetTimestamp() > end;
                barrier.Begin(Decodes ? "token" : "forward");
                if (stop) return;
                if (Decodes)
                {
                    program.Decode(in step, worker, program.Decoding.Length - 1);
                    barrier.Begin(null);
                    continue;
                }

                program.Forward(in step, worker);
                barrier.Begin("backward");
                program.Backward(in step, worker);
                barrier.Begin(null);
            }
        }

        var others = Enumerable.Range(1, threads - 1).Select(index => new Thread(() => Work(index))).ToArray();
        foreach (var thread in others) thread.Start();
        Work(0);
        foreach (var thread in others) thread.Join();
        barrier.Print(samples);
    }

    private static float* Allocate(int floats)
    {
        var memory = (float*)NativeMemory.AlignedAlloc((nuint)(floats * 4L) + 256, 64);
        new Span<byte>(memory, (floats * 4) + 256).Clear();
        return memory;
    }

    private sealed class ClockedBarrier(int count) : IBarrier
    {
        private readonly List<(string Part, List<double> Times)> phases = [];
        private int arrived;
        private volatile int generation;
        private string? part;
        private int phase;
        private long begin;

        public bool Arrive()
        {
            var seen = generation;
            if (Interlocked.Increment(ref arrived) == count)
            {
                arrived = 0;
                return true;
            }

            while (generation == seen) Thread.SpinWait(1);
            return false;
        }

        public void Release() => Release(part);

        /// <summary>Meets where a part of the step begins; null where the step ends.</summary>
        public void Begin(string? next) => Meet(next);

        public void Print(int samples)
        {
            var total = 0.0;
            foreach (var (name, times) in phases)
            {
                times.Sort();
                var median = times[times.Count / 2];
                total += median;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-12} {median * 1e3,9:F1} µs  {median * 1e6 / samples,9:F0} ns per sample"));
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"all",-12} {total * 1e3,9:F1} µs  {total * 1e6 / samples,9:F0} ns per sample"));
        }

        private void Meet(string? next)
        {
            if (Arrive())
                Release(next);
        }

        private void Release(string? next)
        {
            var now = Stopwatch.GetTimestamp();
            if (part is not null)
            {
                if (phases.Count <= phase) phases.Add(($"{part} {phase}", []));
                phases[phase].Times.Add((now - begin) * 1000.0 / Stopwatch.Frequency);
                phase++;
            }

            if (next is null) phase = 0;
            part = next;
            begin = Stopwatch.GetTimestamp();
            generation++;
        }
    }
}
