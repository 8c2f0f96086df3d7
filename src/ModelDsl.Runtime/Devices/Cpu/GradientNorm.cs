using System.Runtime.CompilerServices;
using ModelDsl.Compiled;

namespace ModelDsl.Devices.Cpu;

/// <summary>
/// The Euclidean norm of a buffer, with the same bits for any number of threads and any vector width: pieces of a fixed length, each summed
/// in 16 lanes, and all of these added in order in double precision.
/// </summary>
/// <param name="device">The device.</param>
/// <param name="buffer">The buffer, a multiple of 16 floats long.</param>
internal sealed unsafe class GradientNorm(CpuDevice device, CpuBuffer buffer) : IWork
{
    private const int Lanes = 16;

    /// <summary>Floats per piece: 16 KiB, which stay in the first-level cache.</summary>
    private const int Piece = 4096;

    private readonly double[] sums = new double[(buffer.Length + Piece - 1) / Piece];

    /// <summary>Computes the norm.</summary>
    public double Compute()
    {
        device.RunPass(this, buffer.Length);
        GC.KeepAlive(this);
        var total = 0.0;
        foreach (var sum in sums)
            total += sum;
        return Math.Sqrt(total);
    }

    /// <inheritdoc/>
    public Pace Pace { get; } = new();

    /// <inheritdoc/>
    public void Run(Worker worker)
    {
        for (var piece = worker.From(sums.Length); piece < worker.To(sums.Length); piece++)
        {
            var start = piece * Piece;
            var end = Math.Min(start + Piece, buffer.Length);
            sums[piece] = device.VectorBits switch
            {
                512 => Sum<Lanes16>(start, end),
                256 => Sum<Lanes8>(start, end),
                _ => Sum<Lanes4>(start, end),
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
