using System.Runtime.CompilerServices;
using ModelDsl.Compiled;

namespace ModelDsl.Devices.Cpu;

/// <summary>An optimizer's pass over the flat buffers: each worker updates a share of them, with the device's vector width.</summary>
/// <typeparam name="TRule">The update rule for one element.</typeparam>
internal sealed unsafe class CpuUpdatePass<TRule> : UpdatePass<TRule>, IWork
    where TRule : struct, IUpdateRule
{
    /// <summary>Shares begin at multiples of this number of floats: a cache line, and a whole vector of any width.</summary>
    private const int Grain = 16;

    private readonly CpuDevice device;
    private readonly CpuBuffer parameters;
    private readonly CpuBuffer gradients;
    private readonly CpuBuffer[] states;
    private readonly UpdateSegment[] segments;
    private readonly SparseRows?[] sparse;
    private TRule rule;
    private GradientClip clip;

    /// <summary>Allocates the states.</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="gradients">The gradients.</param>
    /// <param name="states">The number of states, at most 3.</param>
    /// <param name="segments">One contiguous range of trainable parameters, divided by weight decay.</param>
    /// <param name="sparse">For each parameter of the model the rows that are updated; null if all are.</param>
    public CpuUpdatePass(CpuDevice device, CpuBuffer parameters, CpuBuffer gradients, int states, UpdateSegment[] segments, SparseRows?[] sparse)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(states, 3);
        this.device = device;
        this.parameters = parameters;
        this.gradients = gradients;
        Segments = this.segments = segments;
        this.sparse = sparse;
        this.states = new CpuBuffer[states];
        for (var i = 0; i < states; i++)
            this.states[i] = new CpuBuffer(RunLength, "The state of an optimizer");
    }

    /// <summary>The index of the first float that is updated; the states begin there.</summary>
    private int Origin => segments.Length == 0 ? 0 : segments[0].Start;

    private int RunLength => segments.Length == 0 ? 0 : segments[^1].Start + segments[^1].Length - Origin;

    /// <inheritdoc/>
    public ParallelBackOff BackOff { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<DeviceBuffer> States => states;

    /// <inheritdoc/>
    public override void Run(in TRule rule, GradientClip clip)
    {
        this.rule = rule;
        this.clip = clip;
        device.RunPass(this, CountFloats());
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void Run(Worker worker)
    {
        var selected = Segments;
        for (var i = 0; i < selected.Count; i++)
        {
            var segment = selected[i];
            var decay = rule.Decay(segment.WeightDecay);
            if (segment.SparseParameter >= 0)
                UpdateRows(sparse[segment.SparseParameter]!, worker, decay);
            else
                Update(segment.Start + (worker.From(segment.Length / Grain) * Grain), segment.Start + (worker.To(segment.Length / Grain) * Grain), decay);
        }
    }

    /// <summary>The number of floats that a pass updates.</summary>
    private int CountFloats()
    {
        var count = 0;
        for (var i = 0; i < Segments.Count; i++)
        {
            var segment = Segments[i];
            count += segment.SparseParameter >= 0 ? sparse[segment.SparseParameter]!.Count * sparse[segment.SparseParameter]!.Length : segment.Length;
        }

        return count;
    }

    /// <summary>Updates a share of the rows of a table. The values of a row after its last whole vector are updated one by one, because the next row follows them.</summary>
    private void UpdateRows(SparseRows rows, Worker worker, float decay)
    {
        var whole = rows.Length / Grain * Grain;
        for (var row = worker.From(rows.Count); row < worker.To(rows.Count); row++)
        {
            var start = rows.StartOf(row);
            Update(start, start + whole, decay);
            if (whole < rows.Length)
                Update<ScalarLane>(start + whole, start + rows.Length, decay);
        }
    }

    private void Update(int start, int end, float decay)
    {
        if (start >= end)
            return;

        switch (device.VectorBits)
        {
            case 512:
                Update<Lanes16>(start, end, decay);
                break;
            case 256:
                Update<Lanes8>(start, end, decay);
                break;
            default:
                Update<Lanes4>(start, end, decay);
                break;
        }
    }

    /// <summary>A separate loop for each number of states, so that the loop body has no branch that is the same for all elements.</summary>
    private void Update<TLanes>(int start, int end, float decay)
        where TLanes : struct, ILanes<TLanes>
    {
        switch (states.Length)
        {
            case 0:
                Update<TLanes, NoStates>(start, end, decay);
                break;
            case 1:
                Update<TLanes, OneState>(start, end, decay);
                break;
            case 2:
                Update<TLanes, TwoStates>(start, end, decay);
                break;
            default:
                Update<TLanes, ThreeStates>(start, end, decay);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Update<TLanes, TStates>(int start, int end, float decayScalar)
        where TLanes : struct, ILanes<TLanes>
        where TStates : struct, IStates
    {
        var rule = this.rule;
        var p = parameters.Pointer;
        var g = gradients.Pointer;
        var s0 = TStates.Count > 0 ? states[0].Pointer - Origin : null;
        var s1 = TStates.Count > 1 ? states[1].Pointer - Origin : null;
        var s2 = TStates.Count > 2 ? states[2].Pointer - Origin : null;
        var decay = TLanes.Broadcast(decayScalar);
        var scale = TLanes.Broadcast(clip.Scale);
        var high = TLanes.Broadcast(clip.Limit);
        var low = TLanes.Broadcast(-clip.Limit);
        for (nint i = start; i < end; i += TLanes.Count)
        {
            var parameter = TLanes.Load(p + i);
            var gradient = TLanes.Greater(low, TLanes.Less(high, TLanes.Load(g + i) * scale));

            // States that a pass does not have are never used; they only need a value.
            var first = TStates.Count > 0 ? TLanes.Load(s0 + i) : default;
            var second = TStates.Count > 1 ? TLanes.Load(s1 + i) : default;
            var third = TStates.Count > 2 ? TLanes.Load(s2 + i) : default;
            rule.Apply(ref parameter, gradient, decay, ref first, ref second, ref third);
            TLanes.Store(parameter, p + i);
            if (TStates.Count > 0)
                TLanes.Store(first, s0 + i);
            if (TStates.Count > 1)
                TLanes.Store(second, s1 + i);
            if (TStates.Count > 2)
                TLanes.Store(third, s2 + i);
        }
    }
}
