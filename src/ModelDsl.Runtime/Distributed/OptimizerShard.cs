using ModelDsl.Devices;
using ModelDsl.Devices.Cpu;

namespace ModelDsl.Distributed;

/// <summary>The part of the parameters that a rank updates.</summary>
/// <param name="group">The group.</param>
/// <param name="ranges">The parts of all ranks.</param>
internal sealed class OptimizerShard(Collective group, ShardRanges ranges)
{
    // The parameters of a model on another device, in main memory.
    private float[] copy = [];

    /// <summary>The group.</summary>
    public Collective Group => group;

    /// <summary>The parts of all ranks.</summary>
    public ShardRanges Ranges => ranges;

    /// <summary>Whether a run of <see cref="Trainer.Fit"/> sends the parameters that a rank updates to the others.</summary>
    public bool IsInRun { get; set; }

    /// <summary>Returns the parts of segments that the rank updates.</summary>
    /// <param name="segments">Segments of all ranks.</param>
    public UpdateSegment[] Restrict(UpdateSegment[] segments)
    {
        var (from, to) = ranges.Own;
        var own = new List<UpdateSegment>();
        foreach (var segment in segments)
        {
            var (start, end) = (Math.Max(segment.Start, from), Math.Min(segment.Start + segment.Length, to));
            if (start < end)
                own.Add(segment with { Start = start, Length = end - start });
        }

        return [.. own];
    }

    /// <summary>Collects the parameters that each rank has updated.</summary>
    /// <param name="model">The model.</param>
    public void CollectParameters(Model model)
    {
        using var access = model.Write();
        var (parameters, length) = (model.OnDevice.Parameters, model.Description.TrainableFloats);
        if (parameters is CpuBuffer buffer)
        {
            ranges.Collect(buffer.Span[..length], group.Timeout);
            return;
        }

        if (copy.Length != length)
            copy = new float[length];
        parameters.Read(0, copy);
        ranges.Collect(copy, group.Timeout);
        parameters.Write(0, copy);
    }
}
