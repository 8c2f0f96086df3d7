namespace ModelDsl.Distributed;

/// <summary>
/// The metrics of each part of the batches, which are added in the order of the parts. A part has its own sums over all batches of an epoch, so that the order of additions does not depend on the number of ranks.
/// </summary>
internal sealed class PartMetrics
{
    private readonly Collective group;
    private readonly PartRange range;
    private readonly Metric[] metrics;
    private readonly Metric[][] parts;

    /// <summary>Creates the metrics of the parts.</summary>
    /// <param name="group">The group.</param>
    /// <param name="metrics">The metrics, which get the sums.</param>
    /// <exception cref="NotSupportedException">A metric cannot be divided.</exception>
    public PartMetrics(Collective group, Metric[] metrics)
    {
        (this.group, this.metrics) = (group, metrics);
        range = group.OwnParts;
        parts = [.. Enumerable.Range(0, range.Count).Select(_ => Array.ConvertAll(metrics, CreateEmpty))];
    }

    /// <summary>Returns the metric of a part.</summary>
    /// <param name="part">The part.</param>
    /// <param name="metric">The index of the metric.</param>
    public Metric Of(int part, int metric) => parts[part][metric];

    /// <summary>Discards all batches.</summary>
    public void Reset()
    {
        foreach (var part in parts)
        {
            foreach (var metric in part)
                metric.Reset();
        }
    }

    /// <summary>Collects the parts of all ranks, and sets the metrics to their sums.</summary>
    public void Add()
    {
        Collect();
        Add(0, range.Count);
    }

    /// <summary>Sets the metrics to the sums of this rank's parts, which a view can show without waiting for other ranks.</summary>
    public void AddOwn() => Add(range.First, range.Own);

    /// <summary>Collects the parts of all ranks, and saves them.</summary>
    public void Save(CheckpointWriter writer)
    {
        Collect();
        if (group.Deterministic)
        {
            Save(writer, 0, range.Count);
            return;
        }

        // The number of parts is that of the ranks, and the run may continue on another number: their sum is saved as one part.
        Add(0, range.Count);
        foreach (var (index, metric) in metrics.Index())
            Save(writer, 0, index, metric);
    }

    /// <summary>Restores the parts.</summary>
    public void Restore(CheckpointReader reader)
    {
        Reset();
        Restore(reader, 0, group.Deterministic ? range.Count : 1);
    }

    private static Metric CreateEmpty(Metric metric)
    {
        if (metric is ICheckpointState && metric.CreateEmpty() is { } empty)
            return empty;
        throw new NotSupportedException(
            $"The metric '{metric.Name}' ({metric.GetType().Name}) cannot be computed by a group of ranks: override {nameof(Metric.CreateEmpty)} and {nameof(Metric.Add)}, and implement {nameof(ICheckpointState)}, or leave the metric out.");
    }

    private void Collect()
    {
        if (group.Count == 1 || metrics.Length == 0)
            return;
        var all = group.Gather(CollectiveCall.Metrics, StateBytes.Of(writer => Save(writer, range.First, range.Own)));
        for (var rank = 0; rank < all.Length; rank++)
        {
            if (rank != group.Rank)
                StateBytes.Restore(all[rank], reader => Restore(reader, rank * range.Own, range.Own));
        }
    }

    private void Save(CheckpointWriter writer, int first, int count)
    {
        for (var part = first; part < first + count; part++)
        {
            foreach (var (index, metric) in parts[part].Index())
                Save(writer, part, index, metric);
        }
    }

    private static void Save(CheckpointWriter writer, int part, int index, Metric metric) => ((ICheckpointState)metric).SaveState(writer.Section($"part{part}.metric{index}"));

    private void Restore(CheckpointReader reader, int first, int count)
    {
        for (var part = first; part < first + count; part++)
        {
            foreach (var (index, metric) in parts[part].Index())
                ((ICheckpointState)metric).RestoreState(reader.Section($"part{part}.metric{index}"));
        }
    }

    private void Add(int first, int count)
    {
        for (var index = 0; index < metrics.Length; index++)
        {
            metrics[index].Reset();
            for (var part = first; part < first + count; part++)
                metrics[index].Add(parts[part][index]);
        }
    }
}
