using System.Runtime.CompilerServices;
using ModelDsl.Compiled;

namespace ModelDsl.Devices.Cpu;

/// <summary>A sum of gradients in main memory. Of tables with sparse updates, only the rows that batches name are added and written.</summary>
internal sealed unsafe class CpuGradientSum : GradientSum, IWork
{
    /// <summary>Shares begin at multiples of this number of floats.</summary>
    private const int Grain = 16;

    private readonly CpuDevice device;
    private readonly CpuBuffer gradients;
    private readonly CpuBuffer sums;
    private readonly int origin;
    private readonly (int Start, int End)[] ranges;
    private readonly SparseRowSum[] tables;
    private Operation operation;
    private float scalar;

    /// <summary>Allocates the sum.</summary>
    /// <param name="device">The device.</param>
    /// <param name="gradients">The gradients.</param>
    /// <param name="start">The index of the first gradient, a multiple of 16.</param>
    /// <param name="length">The number of gradients, a multiple of 16.</param>
    /// <param name="sparse">The tables with sparse updates, in the order of the buffer.</param>
    public CpuGradientSum(CpuDevice device, CpuBuffer gradients, int start, int length, IEnumerable<(ParameterDescription Table, SparseRows Rows)> sparse)
    {
        this.device = device;
        this.gradients = gradients;
        origin = start;
        sums = new CpuBuffer(length, "The sum of gradients");
        var dense = new List<(int Start, int End)>();
        var rows = new List<SparseRowSum>();
        var from = start;
        foreach (var (table, named) in sparse)
        {
            if (table.Offset < start || table.Offset >= start + length)
                continue;
            dense.Add((from, table.Offset));
            rows.Add(new SparseRowSum(named, table.Shape[0]));
            from = table.Offset + table.Layout.Floats;
        }

        dense.Add((from, start + length));
        ranges = [.. dense.Where(static range => range.End > range.Start)];
        tables = [.. rows];
    }

    private enum Operation
    {
        Set,
        Add,
        WriteMean,
    }

    /// <inheritdoc/>
    public ParallelBackOff BackOff { get; } = new();

    /// <inheritdoc/>
    public override void Add(float weight, bool isFirst)
    {
        foreach (var table in tables)
            table.Include(sums, origin, isFirst);
        Run(isFirst ? Operation.Set : Operation.Add, weight);
    }

    /// <inheritdoc/>
    public override void WriteMean(float divisor)
    {
        foreach (var table in tables)
            table.WriteRows();
        Run(Operation.WriteMean, divisor);
    }

    /// <inheritdoc/>
    public void Run(Worker worker)
    {
        foreach (var (start, end) in ranges)
        {
            var blocks = (end - start) / Grain;
            Apply(start + (worker.From(blocks) * Grain), start + (worker.To(blocks) * Grain), operation);
        }

        foreach (var table in tables)
        {
            // Rows that are new in the sum are 0, so they need no case of their own.
            var rows = table.Rows;
            for (var row = worker.From(rows.Count); row < worker.To(rows.Count); row++)
            {
                var start = rows.StartOf(row);
                var whole = rows.Length / Grain * Grain;
                var of = operation == Operation.Set ? Operation.Add : operation;
                Apply(start, start + whole, of);
                Apply<ScalarLane>(start + whole, start + rows.Length, of);
            }
        }
    }

    private void Run(Operation operation, float scalar)
    {
        (this.operation, this.scalar) = (operation, scalar);
        device.RunPass(this, sums.Length);
        GC.KeepAlive(this);
    }

    private void Apply(int start, int end, Operation operation)
    {
        switch (device.VectorBits)
        {
            case 512:
                Apply<Lanes16>(start, end, operation);
                break;
            case 256:
                Apply<Lanes8>(start, end, operation);
                break;
            default:
                Apply<Lanes4>(start, end, operation);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Apply<TLanes>(int start, int end, Operation operation)
        where TLanes : struct, ILanes<TLanes>
    {
        var g = gradients.Pointer;
        var s = sums.Pointer - origin;
        var by = TLanes.Broadcast(scalar);
        for (nint i = start; i < end; i += TLanes.Count)
        {
            if (operation == Operation.WriteMean)
                TLanes.Store(TLanes.Load(s + i) / by, g + i);
            else if (operation == Operation.Add)
                TLanes.Store(TLanes.Load(s + i) + (by * TLanes.Load(g + i)), s + i);
            else
                TLanes.Store(by * TLanes.Load(g + i), s + i);
        }
    }
}
