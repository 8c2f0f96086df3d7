using System.Runtime.CompilerServices;
using ModelDsl.Compiled;
using ModelDsl.Devices;
using ModelDsl.Devices.Cpu;

namespace ModelDsl.Distributed;

/// <summary>
/// Adds the gradients of a rank's parts, and the states after them, along a <see cref="PartTree"/> with the threads of the device. The pass that reads the gradients of a micro-batch adds all sums that are then complete.
/// </summary>
/// <remarks>Each float is computed from the floats at the same position, so ranges can be added in any order.</remarks>
internal sealed unsafe class PartSums : IWork
{
    /// <summary>Shares begin at multiples of this number of floats.</summary>
    private const int Grain = 16;

    private readonly Model model;
    private readonly CpuDevice device;
    private readonly CpuBuffer? copy;
    private readonly CpuBuffer source;
    private readonly int sourceStart;
    private readonly int origin;
    private readonly CpuBuffer stateSource;
    private readonly int stateStart;
    private readonly PartTree tree = new();
    private readonly List<CpuBuffer> buffers = [];

    // Whether the current part has micro-batches that are not empty; whether the current micro-batch is its last one, and is empty.
    private bool isBegun;
    private bool isLast;
    private bool isEmpty;

    // The current pass.
    private Operation operation;
    private float scalar;
    private int target;
    private int start;
    private int end;

    /// <summary>Prepares the sums.</summary>
    /// <param name="model">The model.</param>
    public PartSums(Model model)
        : this(model, 0, model.Description.TrainableFloats)
    {
    }

    /// <summary>Prepares the sums of a range of the gradients.</summary>
    /// <param name="model">The model.</param>
    /// <param name="start">The index of the first gradient, a multiple of 16.</param>
    /// <param name="length">The number of gradients, a multiple of 16.</param>
    /// <exception cref="InvalidOperationException">The range does not begin and end at multiples of 16.</exception>
    public PartSums(Model model, int start, int length)
    {
        // A vector beyond the end of the range would overwrite other gradients.
        if (start % Grain != 0 || length % Grain != 0)
        {
            throw new InvalidOperationException(
                $"The gradients of {model.Description.Name} from {start} to {start + length} do not begin and end at multiples of {Grain}: compile the model with the version of ModelDsl that trains it.");
        }

        (this.model, origin) = (model, start);
        (Gradients, Length) = (length, length + model.Description.StatesFloats);
        if (model is { Device: CpuDevice own, OnDevice: { Gradients: CpuBuffer gradients, Parameters: CpuBuffer parameters } })
        {
            (device, source, sourceStart, stateSource, stateStart) = (own, gradients, start, parameters, model.Description.StatesOffset);
        }
        else
        {
            // The numbers of other devices are copied to main memory.
            copy = new CpuBuffer(Length, $"The gradients of {model.Description.Name} in main memory");
            (device, source, stateSource, stateStart) = (Device.Cpu, copy, copy, Gradients);
        }
    }

    private enum Operation
    {
        /// <summary>Gradients, multiplied by a weight.</summary>
        Product,

        /// <summary>The same, added to the sum of earlier micro-batches of the part.</summary>
        AddedProduct,

        /// <summary>The sum of earlier micro-batches of the part.</summary>
        Earlier,

        /// <summary>Zero.</summary>
        Zero,

        /// <summary>States.</summary>
        States,

        /// <summary>Gradients that are computed: the total, divided by a number.</summary>
        Mean,
    }

    /// <summary>The number of gradients.</summary>
    public int Gradients { get; }

    /// <summary>The number of gradients and states.</summary>
    public int Length { get; }

    /// <summary>The sum of all parts, when the last one has ended.</summary>
    public Span<float> Total => Buffer(0).Span;

    /// <inheritdoc/>
    public ParallelBackOff BackOff { get; } = new();

    /// <summary>Begins the first part of a step.</summary>
    public void Begin()
    {
        tree.Begin();
        isBegun = false;
    }

    /// <summary>Begins to add a micro-batch.</summary>
    /// <param name="weight">The weight of its gradients; null if it is empty.</param>
    /// <param name="isLast">Whether it is the last one of its part.</param>
    public void BeginMicroBatch(double? weight, bool isLast)
    {
        (this.isLast, isEmpty) = (isLast, weight is null);
        operation = (isEmpty, isBegun) switch
        {
            (false, false) => Operation.Product,
            (false, true) => Operation.AddedProduct,
            (true, false) => Operation.Zero,
            (true, true) => Operation.Earlier,
        };
        scalar = (float)(weight ?? 0);
        target = isLast ? tree.Target : tree.Current;
        Buffer(isBegun ? tree.Current : target);
    }

    /// <summary>Adds a range of the gradients of the micro-batch.</summary>
    /// <param name="from">The index of the first gradient, a multiple of 16.</param>
    /// <param name="to">The end of the range.</param>
    public void Add(int from, int to)
    {
        if (from >= to || (isEmpty && !isLast))
            return;
        if (copy is not null && !isEmpty)
            model.OnDevice.Gradients.Read(origin + from, copy.Span[from..to]);
        RunTogether(from, to);
    }

    /// <summary>Adds a worker's share of a range of the gradients of the micro-batch.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="from">The index of the first gradient, a multiple of 16.</param>
    /// <param name="to">The end of the range.</param>
    public void Add(Worker worker, int from, int to) => Apply(worker, from, to);

    /// <summary>Ends a micro-batch. If it is the last one of its part, adds the states.</summary>
    public void EndMicroBatch()
    {
        isBegun |= !isEmpty;
        if (!isLast)
            return;
        operation = isBegun ? Operation.States : Operation.Zero;
        if (copy is not null && isBegun && Length > Gradients)
            model.OnDevice.Parameters.Read(model.Description.StatesOffset, copy.Span[Gradients..Length]);
        RunTogether(Gradients, Length);
        tree.EndPart();
        isBegun = false;
    }

    /// <summary>Sets the model's gradients to the total, divided by the sum of the weights.</summary>
    /// <param name="weight">The sum of the weights.</param>
    public void WriteGradients(double weight)
    {
        (operation, scalar) = (Operation.Mean, weight == 0 ? 1 : (float)weight);
        RunTogether(0, Gradients);
        if (copy is not null)
            model.OnDevice.Gradients.Write(origin, copy.Span[..Gradients]);
    }

    /// <summary>Sets the model's states to the total, divided by a number.</summary>
    /// <param name="count">The number of parts that were added.</param>
    public void WriteStates(long count)
    {
        if (Length == Gradients || count == 0)
            return;
        using var access = model.WriteStates();
        var total = Total[Gradients..Length];
        FloatSpans.Divide(total, count);
        model.OnDevice.Parameters.Write(model.Description.StatesOffset, total);
    }

    /// <inheritdoc/>
    public void Run(Worker worker) => Apply(worker, start, end);

    private CpuBuffer Buffer(int index)
    {
        while (buffers.Count <= index)
            buffers.Add(new CpuBuffer(Length, $"A sum of the gradients of {model.Description.Name}"));
        return buffers[index];
    }

    private void RunTogether(int from, int to)
    {
        (start, end) = (from, to);
        device.RunPass(this, to - from);
        GC.KeepAlive(this);
    }

    private void Apply(Worker worker, int from, int to)
    {
        var blocks = (to - from + Grain - 1) / Grain;
        var (first, last) = (from + (worker.From(blocks) * Grain), Math.Min(to, from + (worker.To(blocks) * Grain)));
        switch (device.VectorBits)
        {
            case 512:
                Apply<Lanes16>(first, last);
                break;
            case 256:
                Apply<Lanes8>(first, last);
                break;
            default:
                Apply<Lanes4>(first, last);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Apply<TLanes>(nint from, nint to)
        where TLanes : struct, ILanes<TLanes>
    {
        if (operation == Operation.Mean)
        {
            Divide<TLanes>(from, to);
            return;
        }

        // The buffers that the value is added to, from right to left. The last one gets the sum.
        var links = tree.Current - target;
        var chain = stackalloc float*[links + 1];
        for (var link = 0; link < links; link++)
            chain[link] = buffers[tree.Current - 1 - link].Pointer;
        var sum = buffers[target].Pointer;
        var earlier = operation is Operation.AddedProduct or Operation.Earlier ? buffers[tree.Current].Pointer : null;
        var values = operation == Operation.States ? stateSource.Pointer + stateStart - Gradients : source.Pointer + sourceStart;
        var by = TLanes.Broadcast(scalar);
        for (var i = from; i < to; i += TLanes.Count)
        {
            var value = operation switch
            {
                Operation.Product => TLanes.Load(values + i) * by,
                Operation.AddedProduct => TLanes.Load(earlier + i) + (TLanes.Load(values + i) * by),
                Operation.Earlier => TLanes.Load(earlier + i),
                Operation.States => TLanes.Load(values + i),
                _ => TLanes.Broadcast(0),
            };
            for (var link = 0; link < links; link++)
                value = TLanes.Load(chain[link] + i) + value;
            TLanes.Store(value, sum + i);
        }
    }

    // Without the attribute, the first steps would run code that is not optimized.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Divide<TLanes>(nint from, nint to)
        where TLanes : struct, ILanes<TLanes>
    {
        var total = buffers[0].Pointer;
        var gradients = source.Pointer + sourceStart;
        var by = TLanes.Broadcast(scalar);
        for (var i = from; i < to; i += TLanes.Count)
            TLanes.Store(TLanes.Load(total + i) / by, gradients + i);
    }
}
