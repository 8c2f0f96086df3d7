using System.Runtime.CompilerServices;
using ModelDsl.Compiled;

namespace ModelDsl.Devices.Cpu;

/// <summary>
/// The Euclidean norm of a buffer, with the same bits for any number of threads and any vector width: blocks of a fixed length are summed
/// in 16 lanes each, and these sums are added in order in double precision.
/// </summary>
/// <param name="device">The device.</param>
/// <param name="buffer">The buffer, a multiple of 16 floats long.</param>
internal sealed unsafe class GradientNorm(CpuDevice device, CpuBuffer buffer) : IWork
{
    private const int Lanes = 16;

    /// <summary>The number of floats per block: 16 KiB, which fit into the first-level cache.</summary>
    private const int Block = 4096;

    private readonly double[] sums = new double[(buffer.Length + Block - 1) / Block];

    private int start;
    private int end;
    private int blocks;

    /// <summary>Computes the norm of a part of the buffer.</summary>
    /// <param name="start">Its first float.</param>
    /// <param name="length">Its length.</param>
    public double Compute(int start, int length)
    {
        (this.start, end, blocks) = (start, start + length, (length + Block - 1) / Block);
        device.RunPass(this, length);
        GC.KeepAlive(this);
        var total = 0.0;
        foreach (var sum in sums.AsSpan(0, blocks))
            total += sum;
        return Math.Sqrt(total);
    }

    /// <inheritdoc/>
    public ParallelBackOff BackOff { get; } = new();

    /// <inheritdoc/>
    public void Run(Worker worker)
    {
        for (var block = worker.From(blocks); block < worker.To(blocks); block++)
        {
            var first = start + (block * Block);
            var last = Math.Min(first + Block, end);
            sums[block] = device.VectorBits switch
            {
                512 => Sum<Lanes16>(first, last),
                256 => Sum<Lanes8>(first, last),
                _ => Sum<Lanes4>(first, last),
            };
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Sum<TLanes>(int start, int end)
        where TLanes : struct, ILanes<TLanes>
    {
        var lanes = stackalloc float[Lanes];
        var p = buffer.Pointer;
        for (var lane = 0; lane < Lanes; lane += TLanes.Count)
        {
            var sum = TLanes.Broadcast(0f);
            for (var i = start + lane; i < end; i += Lanes)
            {
                var x = TLanes.Load(p + i);
                sum += x * x;
            }

            TLanes.Store(sum, lanes + lane);
        }

        var total = 0.0;
        for (var lane = 0; lane < Lanes; lane++)
            total += lanes[lane];
        return total;
    }
}
