namespace ModelDsl.Benchmarks.Scaling;

/// <summary>Simulates a step: the passes of each rank, the records that the root collects and sends, and the rounds of the sum, rank by rank and slice by slice.</summary>
/// <param name="schedule">What the ranks do.</param>
/// <param name="costs">The costs of computing.</param>
/// <param name="network">The network.</param>
internal sealed class StepSimulation(StepSchedule schedule, StepCosts costs, Network network)
{
    private readonly EventSimulation simulation = new();

    /// <summary>The standard deviation of the speed of ranks, as a share; 0 for ranks that are equally fast.</summary>
    public double Jitter { get; init; }

    /// <summary>Runs the step.</summary>
    /// <returns>Its duration, in seconds.</returns>
    public double Run()
    {
        var random = new Random(1);
        for (var rank = 0; rank < schedule.Ranks; rank++)
        {
            // The sum of twelve uniform numbers has the variance 1.
            var slowness = Math.Max(0, 1 + (Jitter * (Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6)));
            simulation.Start(Compute(rank, slowness));
            if (schedule.IsOverlapped && schedule.Ranks > 1)
                simulation.Start(ExchangeMeanwhile(rank));
        }

        return simulation.Run();
    }

    private IEnumerable<Wait> Compute(int rank, double slowness)
    {
        var part = slowness * costs.Part(schedule.SamplesPerPart);
        for (var i = 1; i < schedule.Parts; i++)
            yield return new Wait.Delay(part);
        yield return new Wait.Delay((1 - StepCosts.BackwardShare) * part);
        if (schedule.IsOverlapped && schedule.Ranks > 1)
            simulation.Post($"losses of {rank}", 0);
        foreach (var (index, slice) in schedule.Slices.Index())
        {
            yield return new Wait.Delay(StepCosts.BackwardShare * part * slice / schedule.Floats);
            if (schedule.IsOverlapped && schedule.Ranks > 1)
                simulation.Post($"slice {index} of {rank}", 0);
        }

        if (schedule.Ranks > 1)
        {
            var exchange = schedule.IsOverlapped ? [new Wait.Message($"sum of {rank}")] : Records(rank).Concat(schedule.Slices.SelectMany((slice, index) => Exchange(rank, index, slice)));
            foreach (var wait in exchange)
                yield return wait;
        }

        yield return new Wait.Delay(costs.PerStep);
    }

    private IEnumerable<Wait> ExchangeMeanwhile(int rank)
    {
        yield return new Wait.Message($"losses of {rank}");
        foreach (var wait in Records(rank))
            yield return wait;
        foreach (var (index, slice) in schedule.Slices.Index())
        {
            yield return new Wait.Message($"slice {index} of {rank}");
            foreach (var wait in Exchange(rank, index, slice))
                yield return wait;
        }

        simulation.Post($"sum of {rank}", 0);
    }

    /// <summary>The root receives the records of all ranks in their order, and then sends all records to each.</summary>
    private IEnumerable<Wait> Records(int rank)
    {
        if (rank > 0)
        {
            simulation.Post($"record of {rank}", network.Latency);
            yield return new Wait.Message($"records for {rank}");
            yield break;
        }

        for (var other = 1; other < schedule.Ranks; other++)
        {
            yield return new Wait.Message($"record of {other}");
            yield return new Wait.Delay(2 * network.PerMessage);
        }

        for (var other = 1; other < schedule.Ranks; other++)
        {
            yield return new Wait.Delay((2 * network.PerMessage) + (schedule.RecordBytes / network.BytesPerSecond));
            simulation.Post($"records for {other}", network.Latency);
        }
    }

    /// <summary>Recursive halving from the lowest bit on, and then collecting in the opposite order.</summary>
    private IEnumerable<Wait> Exchange(int rank, int index, int slice)
    {
        for (var round = 0; round < 2 * schedule.Rounds; round++)
        {
            var partner = rank ^ (1 << (round < schedule.Rounds ? round : (2 * schedule.Rounds) - 1 - round));
            yield return new Wait.Meeting($"slice {index} round {round} of {Math.Min(rank, partner)}", network.Latency + (schedule.RoundBytes(slice, round) / network.BytesPerSecond));
            yield return new Wait.Delay(schedule.RoundAdds(slice, round));
        }
    }
}
