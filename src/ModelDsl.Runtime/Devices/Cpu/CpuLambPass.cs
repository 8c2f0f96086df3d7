using System.Runtime.CompilerServices;
using ModelDsl.Compiled;

namespace ModelDsl.Devices.Cpu;

/// <summary>
/// The pass of <see cref="Lamb"/>: first the running means and the norms, in blocks of a fixed length whose sums are added in order, and then the parameters. The direction is computed again instead of stored.
/// </summary>
internal sealed unsafe class CpuLambPass : LambPass, IWork
{
    private const int Lanes = 16;

    /// <summary>The number of floats per block: the buffers of a block fit into the second-level cache.</summary>
    private const int Block = 4096;

    private readonly CpuDevice device;
    private readonly CpuBuffer parameters;
    private readonly CpuBuffer gradients;
    private readonly CpuBuffer[] states;
    private readonly int origin;
    private IReadOnlyList<UpdateSegment> divided = [];
    private (int Segment, int Start, int End)[] blocks = [];
    private double[] parameterSums = [];
    private double[] directionSums = [];
    private float[] rates = [];
    private LambScalars scalars;
    private GradientClip clip;

    /// <summary>Allocates the states.</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="gradients">The gradients.</param>
    /// <param name="segments">The trainable parameters, a segment for each.</param>
    public CpuLambPass(CpuDevice device, CpuBuffer parameters, CpuBuffer gradients, UpdateSegment[] segments)
    {
        this.device = device;
        this.parameters = parameters;
        this.gradients = gradients;
        Segments = segments;
        origin = segments.Length == 0 ? 0 : segments[0].Start;
        var length = segments.Length == 0 ? 0 : segments[^1].Start + segments[^1].Length - origin;
        states = [new CpuBuffer(length, "The state of an optimizer"), new CpuBuffer(length, "The state of an optimizer")];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<DeviceBuffer> States => states;

    /// <inheritdoc/>
    public ParallelBackOff BackOff { get; } = new();

    /// <inheritdoc/>
    public override void Run(in LambScalars scalars, GradientClip clip)
    {
        (this.scalars, this.clip) = (scalars, clip);
        if (!ReferenceEquals(divided, Segments))
            Divide();
        device.RunPass(this, blocks.Length * Block);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void Run(Worker worker)
    {
        var (from, to) = (worker.From(blocks.Length), worker.To(blocks.Length));
        for (var block = from; block < to; block++)
            Run(block, isUpdate: false);
        worker.Barrier();
        if (worker.Index == 0)
            SetRates();
        worker.Barrier();
        for (var block = from; block < to; block++)
            Run(block, isUpdate: true);
    }

    private void Divide()
    {
        var all = new List<(int Segment, int Start, int End)>();
        for (var i = 0; i < Segments.Count; i++)
        {
            var end = Segments[i].Start + Segments[i].Length;
            for (var start = Segments[i].Start; start < end; start += Block)
                all.Add((i, start, Math.Min(start + Block, end)));
        }

        blocks = [.. all];
        (parameterSums, directionSums, rates) = (new double[blocks.Length], new double[blocks.Length], new float[Segments.Count]);
        divided = Segments;
    }

    /// <summary>Computes the learning rate of each parameter: that of the optimizer, multiplied by the ratio of the norms of the parameter and its direction.</summary>
    private void SetRates()
    {
        for (var block = 0; block < blocks.Length;)
        {
            var (segment, parameter, direction) = (blocks[block].Segment, 0.0, 0.0);
            for (; block < blocks.Length && blocks[block].Segment == segment; block++)
                (parameter, direction) = (parameter + parameterSums[block], direction + directionSums[block]);
            var ratio = parameter > 0 && direction > 0 ? Math.Sqrt(parameter) / Math.Sqrt(direction) : 1;
            rates[segment] = (float)(scalars.LearningRate * ratio);
        }
    }

    private void Run(int block, bool isUpdate)
    {
        switch (device.VectorBits)
        {
            case 512:
                Run<Lanes16>(block, isUpdate);
                break;
            case 256:
                Run<Lanes8>(block, isUpdate);
                break;
            default:
                Run<Lanes4>(block, isUpdate);
                break;
        }
    }

    private void Run<TLanes>(int block, bool isUpdate)
        where TLanes : struct, ILanes<TLanes>
    {
        if (isUpdate)
            Update<TLanes>(blocks[block]);
        else
            (parameterSums[block], directionSums[block]) = Average<TLanes>(blocks[block]);
    }

    /// <summary>Updates the running means of a block, and returns the sums of the squares of its parameters and of its direction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (double Parameter, double Direction) Average<TLanes>((int Segment, int Start, int End) block)
        where TLanes : struct, ILanes<TLanes>
    {
        var p = parameters.Pointer;
        var g = gradients.Pointer;
        var m = states[0].Pointer - origin;
        var v = states[1].Pointer - origin;
        var (beta1, beta2) = (TLanes.Broadcast(scalars.Beta1), TLanes.Broadcast(scalars.Beta2));
        var (share1, share2) = (TLanes.Broadcast(scalars.OneMinusBeta1), TLanes.Broadcast(scalars.OneMinusBeta2));
        var (clipScale, high, low) = (TLanes.Broadcast(clip.Scale), TLanes.Broadcast(clip.Limit), TLanes.Broadcast(-clip.Limit));
        var decay = TLanes.Broadcast((float)divided[block.Segment].WeightDecay);
        var sums = stackalloc float[2 * Lanes];
        for (var lane = 0; lane < Lanes; lane += TLanes.Count)
        {
            var (squares, ofDirection) = (TLanes.Broadcast(0f), TLanes.Broadcast(0f));
            for (nint i = block.Start + lane; i < block.End; i += Lanes)
            {
                var gradient = TLanes.Greater(low, TLanes.Less(high, TLanes.Load(g + i) * clipScale));
                var mean = TLanes.Normal((beta1 * TLanes.Load(m + i)) + (share1 * gradient));
                var square = TLanes.Normal((beta2 * TLanes.Load(v + i)) + (share2 * gradient * gradient));
                TLanes.Store(mean, m + i);
                TLanes.Store(square, v + i);
                var parameter = TLanes.Load(p + i);
                var direction = Direction(mean, square, parameter, decay);
                squares += parameter * parameter;
                ofDirection += direction * direction;
            }

            TLanes.Store(squares, sums + lane);
            TLanes.Store(ofDirection, sums + Lanes + lane);
        }

        var (total, totalOfDirection) = (0.0, 0.0);
        for (var lane = 0; lane < Lanes; lane++)
            (total, totalOfDirection) = (total + sums[lane], totalOfDirection + sums[Lanes + lane]);
        return (total, totalOfDirection);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Update<TLanes>((int Segment, int Start, int End) block)
        where TLanes : struct, ILanes<TLanes>
    {
        var p = parameters.Pointer;
        var m = states[0].Pointer - origin;
        var v = states[1].Pointer - origin;
        var decay = TLanes.Broadcast((float)divided[block.Segment].WeightDecay);
        var rate = TLanes.Broadcast(rates[block.Segment]);
        for (nint i = block.Start; i < block.End; i += TLanes.Count)
        {
            var parameter = TLanes.Load(p + i);
            TLanes.Store(parameter - (rate * Direction(TLanes.Load(m + i), TLanes.Load(v + i), parameter, decay)), p + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLanes Direction<TLanes>(TLanes mean, TLanes square, TLanes parameter, TLanes decay)
        where TLanes : struct, ILanes<TLanes> =>
        (TLanes.Broadcast(scalars.Scale) * mean / (TLanes.Sqrt(square) + TLanes.Broadcast(scalars.Epsilon))) + (decay * parameter);
}
