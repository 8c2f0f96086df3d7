using ModelDsl.Compiled;

namespace ModelDsl.Devices.Cpu;

/// <summary>Adds noise to gradients. Of tables with sparse updates, the rows that are updated get noise.</summary>
/// <param name="device">The device.</param>
/// <param name="gradients">The gradients.</param>
/// <param name="sparse">The rows of each parameter that the last backward pass has written; null if it writes all.</param>
internal sealed unsafe class CpuNoise(CpuDevice device, CpuBuffer gradients, SparseRows?[] sparse) : IWork
{
    private NormalNoise noise;
    private IReadOnlyList<UpdateSegment> segments = [];
    private (int Start, int Length)[] pads = [];

    /// <inheritdoc/>
    public ParallelBackOff BackOff { get; } = new();

    /// <summary>Adds noise to the gradients of segments, and clears pads.</summary>
    public void Add(in NormalNoise noise, IReadOnlyList<UpdateSegment> segments, (int Start, int Length)[] pads)
    {
        (this.noise, this.segments, this.pads) = (noise, segments, pads);
        device.RunPass(this, gradients.Length);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void Run(Worker worker)
    {
        for (var i = 0; i < segments.Count; i++)
        {
            var segment = segments[i];
            if (segment.SparseParameter >= 0)
            {
                var rows = sparse[segment.SparseParameter]!;
                for (var row = worker.From(rows.Count); row < worker.To(rows.Count); row++)
                    Add(rows.StartOf(row), rows.StartOf(row) + rows.Length);
            }
            else
            {
                Add(
                    segment.Start + worker.From(segment.Length, NormalNoise.Block),
                    segment.Start + worker.To(segment.Length, NormalNoise.Block));
            }
        }

        worker.Barrier();
        for (var i = worker.From(pads.Length); i < worker.To(pads.Length); i++)
            gradients.Span.Slice(pads[i].Start, pads[i].Length).Clear();
    }

    private void Add(int start, int end)
    {
        switch (device.VectorBits)
        {
            case 512:
                noise.Add<Vector16In512>(gradients.Pointer, start, end);
                break;
            case 256:
                noise.Add<Vector16In256>(gradients.Pointer, start, end);
                break;
            default:
                noise.Add<Vector16In128>(gradients.Pointer, start, end);
                break;
        }
    }
}
