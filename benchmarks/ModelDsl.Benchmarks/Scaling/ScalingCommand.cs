using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ModelDsl.Benchmarks.Steps;
using ModelDsl.Distributed;

namespace ModelDsl.Benchmarks.Scaling;

/// <summary>The command that predicts the efficiency of many ranks from measured steps of few.</summary>
internal static class ScalingCommand
{
    private static readonly int[] Ranks = [8, 64, 512];
    private static readonly double[] Gigabits = [10, 25, 100];

    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "Which model.", Required = true }.AcceptOnlyFromAmong([.. StepCase.Names]);
        var steps = new Option<FileInfo>("--steps") { Description = "A file with the lines that step has printed, for at least two batch sizes: of one process, and with --group of 1, 2 and 4 ranks.", Required = true };
        var samples = new Option<int>("--batch") { Description = "Samples per step and rank.", DefaultValueFactory = _ => 32 };
        var cores = new Option<int>("--cores") { Description = "The cores of the machine that the steps were measured on.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var latency = new Option<double>("--latency") { Description = "The time of a message in the network, in microseconds.", DefaultValueFactory = _ => 10 };
        var perMessage = new Option<double>("--per-message") { Description = "The time in which a rank sends or receives a short message, in microseconds.", DefaultValueFactory = _ => 1 };
        var jitter = new Option<double>("--jitter") { Description = "The standard deviation of the speed of ranks, as a share; for the simulation.", DefaultValueFactory = _ => 0.03 };
        var command = new Command("scaling", "Predicts the efficiency of 8, 64 and 512 ranks from measured steps of 1, 2 and 4.") { model, steps, samples, cores, latency, perMessage, jitter };
        command.SetAction(options =>
        {
            var name = options.GetValue(model)!;
            using var device = new CpuDevice { Threads = 1 };
            using var one = StepCase.Create(name, 1, device).Model;
            var floats = one.Description.TrainableFloats;
            var (costs, error) = CostFit.Of(MeasuredStep.Read(File.ReadLines(options.GetValue(steps)!.FullName), name), floats, options.GetValue(cores));
            var add = AddSeconds(floats);
            Write($"{name}: {floats * 4e-6:0.0} MB of gradients; {costs.PerPart * 1e3:0.00} ms per micro-batch, {costs.PerSample * 1e3:0.00} ms per sample, {costs.PerStep * 1e3:0.00} ms per step, {costs.PerExchange * 1e3:0.00} ms per exchange in memory; the largest error of the fit is {error:0.0%}; {add * floats * 1e3:0.00} ms to add all gradients");
            Write($"| ranks | Gbit/s | after the pass | simulated | with {options.GetValue(jitter):0%} jitter | overlapped | simulated | with {options.GetValue(jitter):0%} jitter |");
            Write($"|---|---|---|---|---|---|---|---|");
            foreach (var ranks in Ranks)
            {
                foreach (var gigabits in Gigabits)
                {
                    var network = Network.Of(gigabits, options.GetValue(latency) * 1e-6, options.GetValue(perMessage) * 1e-6);
                    var cells = new List<string>();
                    foreach (var isOverlapped in (bool[])[false, true])
                    {
                        var schedule = new StepSchedule(ranks, (double)ranks * options.GetValue(samples), floats) { IsOverlapped = isOverlapped, AddSeconds = add };
                        var alone = costs.Alone(options.GetValue(samples));
                        double[] seconds =
                        [
                            StepFormula.Seconds(schedule, costs, network),
                            new StepSimulation(schedule, costs, network).Run(),
                            new StepSimulation(schedule, costs, network) { Jitter = options.GetValue(jitter) }.Run(),
                        ];
                        cells.AddRange(seconds.Select(duration => (alone / duration).ToString("0%", CultureInfo.InvariantCulture)));
                    }

                    Write($"| {ranks} | {gigabits:0} | {string.Join(" | ", cells)} |");
                }
            }
        });
        return command;
    }

    /// <summary>Measures the addition of two vectors that are as long as the gradients: the shortest time for a float, because the first runs are not compiled well.</summary>
    private static double AddSeconds(int floats)
    {
        var (sum, other, least) = (new float[floats], new float[floats], double.PositiveInfinity);
        for (var i = 0; i < 200; i++)
        {
            var start = Stopwatch.GetTimestamp();
            FloatSpans.Add(sum, other);
            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return least / floats;
    }

    private static void Write(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
