namespace ModelDsl.Benchmarks.Scaling;

/// <summary>The duration of a step as a formula.</summary>
internal static class StepFormula
{
    /// <summary>Returns the duration of a step, in seconds.</summary>
    /// <param name="schedule">What the ranks do.</param>
    /// <param name="costs">The costs of computing.</param>
    /// <param name="network">The network.</param>
    public static double Seconds(StepSchedule schedule, StepCosts costs, Network network)
    {
        var part = costs.Part(schedule.SamplesPerPart);
        var compute = schedule.Parts * part;
        if (schedule.Ranks == 1)
            return compute + costs.PerStep;

        // The root receives a header and a record from each rank, and sends both to each, one after the other.
        var records = (2 * network.Latency) + ((schedule.Ranks - 1) * ((4 * network.PerMessage) + (schedule.RecordBytes / network.BytesPerSecond)));
        var exchange = schedule.Slices.Sum(slice => Exchange(slice, schedule, network));
        if (!schedule.IsOverlapped)
            return compute + records + exchange + costs.PerStep;

        // Records are exchanged when the last forward pass has ended. Then the pass and the exchange are a pipeline of slices. The exchange waits for the records, for the first slice, or for the last one.
        var backward = StepCosts.BackwardShare * part;
        var afterRecords = records + exchange;
        var afterFirst = (backward * schedule.Slices[0] / schedule.Floats) + exchange;
        var afterLast = backward + Exchange(schedule.Slices[^1], schedule, network);
        return compute - backward + Math.Max(afterRecords, Math.Max(afterFirst, afterLast)) + costs.PerStep;
    }

    /// <summary>2 log₂ R messages, 2 (1 − 1/R) times the bytes of the slice in each direction, and (1 − 1/R) times as many additions as it has floats.</summary>
    private static double Exchange(int slice, StepSchedule schedule, Network network)
    {
        var share = 1 - (1.0 / schedule.Ranks);
        return (2 * schedule.Rounds * network.Latency) + (2 * share * sizeof(float) * slice / network.BytesPerSecond) + (share * slice * schedule.AddSeconds);
    }
}
