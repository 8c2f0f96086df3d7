using ModelDsl.Devices;

namespace ModelDsl.Distributed;

/// <summary>The part of the parameters that a rank updates.</summary>
internal sealed class OptimizerShard
{
    private readonly int from;
    private readonly int to;

    /// <summary>Divides the parameters.</summary>
    /// <param name="group">The group.</param>
    /// <param name="length">The number of floats of all trainable parameters.</param>
    public OptimizerShard(Collective group, int length)
    {
        (Group, Length) = (group, length);
        (from, to) = group.Tree.OwnRange(group.Rank, length);
    }

    /// <summary>The group.</summary>
    public Collective Group { get; }

    /// <summary>The number of floats of all trainable parameters.</summary>
    public int Length { get; }

    /// <summary>Whether a run of <see cref="Trainer.Fit"/> sends the parameters that a rank updates to the others.</summary>
    public bool IsInRun { get; set; }

    /// <summary>Returns the parts of segments that the rank updates.</summary>
    /// <param name="segments">Segments of all ranks.</param>
    public UpdateSegment[] Restrict(UpdateSegment[] segments)
    {
        var own = new List<UpdateSegment>();
        foreach (var segment in segments)
        {
            var (start, end) = (Math.Max(segment.Start, from), Math.Min(segment.Start + segment.Length, to));
            if (start < end)
                own.Add(segment with { Start = start, Length = end - start });
        }

        return [.. own];
    }

    /// <summary>Returns a state of all ranks.</summary>
    /// <param name="state">The state of this rank.</param>
    /// <param name="start">The index of the parameter that its first float belongs to.</param>
    public HostBuffer Collect(DeviceBuffer state, int start)
    {
        var all = new HostBuffer(Length);
        state.Read(0, all.Span.Slice(start, state.Length));
        Group.Tree.Collect(all.Span, Collective.SlowLimit);
        return all;
    }
}

/// <summary>Floats in main memory.</summary>
/// <param name="length">The number of floats.</param>
internal sealed class HostBuffer(int length) : DeviceBuffer
{
    private readonly float[] values = new float[length];

    /// <inheritdoc/>
    public override int Length => values.Length;

    /// <summary>All floats.</summary>
    public Span<float> Span => values;

    /// <inheritdoc/>
    public override void Read(int start, Span<float> destination) => values.AsSpan(start, destination.Length).CopyTo(destination);

    /// <inheritdoc/>
    public override void Write(int start, ReadOnlySpan<float> source) => source.CopyTo(values.AsSpan(start, source.Length));

    /// <inheritdoc/>
    public override void Fill(float value) => Array.Fill(values, value);
}
