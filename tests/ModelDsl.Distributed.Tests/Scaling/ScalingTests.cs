using ModelDsl.Benchmarks.Scaling;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Distributed.Tests.Scaling;

/// <summary>The formula that predicts the duration of a step agrees with a simulation of what the ranks do, and its costs with measured steps.</summary>
public sealed class ScalingTests
{
    /// <summary>The largest difference of the formula and the simulation, as a share.</summary>
    private const double Tolerance = 0.02;

    private static readonly StepCosts Costs = new(PerPart: 0.002, PerSample: 0.001, PerStep: 0.003, PerExchange: 0.004);

    [Theory]
    [InlineData(100_000)]
    [InlineData(11_000_000)]
    [InlineData(120_000_000)]
    public void The_formula_agrees_with_the_simulation(int floats)
    {
        foreach (var ranks in (int[])[1, 2, 4, 8, 64, 512])
        {
            foreach (var gigabits in (double[])[1, 10, 25, 100])
            {
                foreach (var isOverlapped in (bool[])[false, true])
                {
                    // Each slice has events for each rank and round.
                    if (ranks > 64 && (floats > 20_000_000 || (TestScale.IsFast && floats > 1_000_000) || (floats > 1_000_000 && gigabits is not (10 or 100))))
                        continue;
                    var schedule = new StepSchedule(ranks, 32.0 * ranks, floats) { IsOverlapped = isOverlapped, AddSeconds = 2e-10 };
                    var network = Network.Of(gigabits, 1e-5, 1e-6);
                    var (formula, simulated) = (StepFormula.Seconds(schedule, Costs, network), new StepSimulation(schedule, Costs, network).Run());
                    Assert.True(Math.Abs((formula / simulated) - 1) < Tolerance, $"{ranks} ranks, {gigabits} Gbit/s, overlapped {isOverlapped}: {formula} s by the formula, {simulated} s simulated");
                }
            }
        }
    }

    [Fact]
    public void One_rank_computes_eight_parts_and_exchanges_nothing() =>
        Assert.Equal((8 * 0.002) + (32 * 0.001) + 0.003, StepFormula.Seconds(new StepSchedule(1, 32, 1000), Costs, Network.Of(10, 1, 1)), 1e-12);

    [Fact]
    public void Two_ranks_exchange_half_of_the_bytes_twice()
    {
        // A second per byte, and nothing else: half of four floats there, and half of them back.
        var schedule = new StepSchedule(2, 8, 4);
        Assert.Equal(2 * 2 * sizeof(float), StepFormula.Seconds(schedule, new StepCosts(0, 0, 0, 0), new Network(1, 0, 0)) - schedule.RecordBytes, 1e-9);
        Assert.Equal(2 * 2 * sizeof(float), new StepSimulation(schedule, new StepCosts(0, 0, 0, 0), new Network(1, 0, 0)).Run() - schedule.RecordBytes, 1e-9);
    }

    [Fact]
    public void Overlap_hides_the_exchange_behind_a_longer_backward_pass_and_not_behind_a_shorter_one()
    {
        double Seconds(bool isOverlapped, double perSample)
        {
            var schedule = new StepSchedule(8, 8, 1 << 24) { IsOverlapped = isOverlapped };
            return StepFormula.Seconds(schedule, new StepCosts(0, perSample, 0, 0), Network.Of(10, 0, 0));
        }

        // 64 MiB take 94 ms.
        Assert.InRange(Seconds(false, 1) - Seconds(true, 1), 0.085, 0.095);
        Assert.InRange(Seconds(false, 0.001) - Seconds(true, 0.001), 0, 0.001);
    }

    [Fact]
    public void A_slow_rank_delays_all()
    {
        var schedule = new StepSchedule(64, 64 * 32, 100_000);
        var network = Network.Of(25, 1e-5, 1e-6);
        Assert.True(new StepSimulation(schedule, Costs, network) { Jitter = 0.05 }.Run() > 1.05 * new StepSimulation(schedule, Costs, network).Run());
    }

    [Fact]
    public void Costs_are_found_again_from_the_steps_that_they_explain()
    {
        var steps = new List<MeasuredStep>();
        foreach (var (ranks, parts) in ((int, int)[])[(1, 1), (1, 8), (2, 8), (4, 8)])
        {
            foreach (var samples in (int[])[16, 64])
            {
                var schedule = new StepSchedule(ranks, samples, 1000) { AllParts = parts };
                var seconds = (schedule.Parts * Costs.Part(schedule.SamplesPerPart)) + Costs.PerStep + (2 * (1 - (1.0 / ranks)) * Costs.PerExchange);
                steps.Add(new MeasuredStep(ranks, parts, samples, seconds * Math.Max(1, ranks / 2)));
            }
        }

        var (found, error) = CostFit.Of(steps, 1000, cores: 2);
        Assert.Equal(Costs.PerPart, found.PerPart, 1e-9);
        Assert.Equal(Costs.PerSample, found.PerSample, 1e-9);
        Assert.Equal(Costs.PerStep, found.PerStep, 1e-9);
        Assert.Equal(Costs.PerExchange, found.PerExchange, 1e-9);
        Assert.InRange(error, 0, 1e-9);
        Assert.Throws<ArgumentException>(() => CostFit.Of([.. steps.Where(static step => step.Samples == 16)], 1000, cores: 2));
        Assert.Throws<ArgumentException>(() => CostFit.Of([.. steps.Where(static step => step.Parts == 8)], 1000, cores: 2));
    }

    [Fact]
    public void Steps_that_depend_linearly_on_each_other_are_an_error_that_says_what_to_measure()
    {
        // Four steps of three kinds.
        MeasuredStep[] steps = [new(1, 1, 16, 0.1), new(1, 8, 16, 0.12), new(2, 8, 64, 0.3), new(2, 8, 64, 0.31)];
        var message = Assert.Throws<ArgumentException>(() => CostFit.Of(steps, 1000, cores: 2)).Message;
        Assert.Contains("Measure one process without a group, and 1, 2 and 4 ranks, each with two batch sizes", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_are_read_from_the_lines_of_the_step_command()
    {
        string[] lines = ["bash: noise", """{"model":"gpt","batch":16,"ranks":2,"parts":8,"median_ms":105.5,"steps":20}""", """{"model":"cnn","batch":16,"ranks":2,"median_ms":1}"""];
        Assert.Equal([new MeasuredStep(2, 8, 16, 0.1055)], MeasuredStep.Read([.. lines[..2], lines[2].Replace("1}", "1,\"parts\":8}", StringComparison.Ordinal)], "gpt"));
    }

    [Theory]
    [InlineData("""{"model":"gpt","batch":16,"ranks":2,"median_ms":1}""")]
    [InlineData("""{"model":"gpt","batch":"all","ranks":2,"parts":8,"median_ms":1}""")]
    [InlineData("""{"model":"gpt","batch":16""")]
    public void An_incomplete_line_is_an_error_with_its_number(string line)
    {
        var exception = Assert.Throws<InvalidDataException>(() => MeasuredStep.Read(["bash: noise", line], "gpt"));
        Assert.StartsWith("Line 2 of the measured steps", exception.Message, StringComparison.Ordinal);
        Assert.Contains("What to do: measure again", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Records_are_exchanged_before_the_slices_of_an_overlapped_pass()
    {
        // Records take a second, and the pass and the slices nearly nothing: the step cannot end earlier, and no second is added to a pass that is longer.
        var network = new Network(double.PositiveInfinity, 0.5, 0);
        var schedule = new StepSchedule(2, 8, 1000) { IsOverlapped = true };
        var (quick, slow) = (new StepCosts(0, 0, 0, 0), new StepCosts(0, 3, 0, 0));
        Assert.Equal(2, new StepSimulation(schedule, quick, network).Run(), 1e-9);
        Assert.Equal((3 * 8 / 2) + 1, new StepSimulation(schedule, slow, network).Run(), 1e-9);
    }
}
