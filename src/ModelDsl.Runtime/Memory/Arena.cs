using ModelDsl.Compiled;

namespace ModelDsl.Memory;

/// <summary>The memory of a plan: values with a batch axis, whose size grows with the batch, and values without one.</summary>
internal sealed unsafe class Arena
{
    private readonly PlanDescription plan;
    private readonly string model;
    private readonly PinnedBuffer<float> withoutBatch;
    private readonly PinnedBuffer<float> ofWorkers;
    private PinnedBuffer<float> batched;

    /// <summary>Creates an arena without room for samples.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="model">The model's name, for error messages.</param>
    /// <param name="workers">The maximum number of workers of a step.</param>
    public Arena(PlanDescription plan, string model, int workers)
    {
        this.plan = plan;
        this.model = model;
        withoutBatch = new PinnedBuffer<float>(plan.FixedFloats, $"The work space of {model}");
        ofWorkers = new PinnedBuffer<float>((long)plan.WorkerFloats * workers, $"The work space of the threads of {model}");
        batched = new PinnedBuffer<float>(0, model);
    }

    /// <summary>The number of samples that fit, a multiple of the plan's alignment.</summary>
    public int Capacity { get; private set; }

    /// <summary>Values with a batch axis.</summary>
    public float* Batched => batched.Pointer;

    /// <summary>Values without a batch axis.</summary>
    public float* Fixed => withoutBatch.Pointer;

    /// <summary>Memory that each worker has of its own.</summary>
    public float* Workers => ofWorkers.Pointer;

    /// <summary>The capacity that a step uses for a number of samples. It depends on this batch only, not on larger batches before it.</summary>
    /// <param name="samples">The number of samples.</param>
    public int CapacityFor(int samples) => (int)Padded(samples);

    /// <summary>Makes room for a number of samples. When the arena grows, its old values are lost; spans over the old memory stay valid.</summary>
    /// <param name="samples">The number of samples.</param>
    /// <exception cref="InvalidOperationException">The arena cannot become that large. The old values are still there.</exception>
    public void EnsureCapacity(int samples)
    {
        if (samples <= Capacity)
            return;
        var capacity = Padded(samples);
        var what = $"The work space of {model} for {samples} samples";
        if (capacity > int.MaxValue)
            throw PinnedBuffer<float>.TooLarge((Int128)plan.BatchedFloats * capacity, what);
        batched = new PinnedBuffer<float>(plan.BatchedFloats * capacity, what);
        Capacity = (int)capacity;
    }

    // A buffer at offset · capacity is aligned.
    private long Padded(int samples) => ((long)samples + plan.SampleAlignment - 1) / plan.SampleAlignment * plan.SampleAlignment;

    /// <summary>Reads a buffer with a batch axis.</summary>
    /// <param name="offset">The offset of the buffer in floats per sample.</param>
    /// <param name="capacity">The capacity of the step that wrote it.</param>
    /// <param name="length">The length of the buffer in floats.</param>
    public ReadOnlySpan<float> Read(int offset, int capacity, int length) => batched.Span.Slice(offset * capacity, length);

    /// <summary>Reads a value without a batch axis.</summary>
    /// <param name="offset">The offset of the value in floats.</param>
    public float ReadFixed(int offset) => withoutBatch.Span[offset];
}
