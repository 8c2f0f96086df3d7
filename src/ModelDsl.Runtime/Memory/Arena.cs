using ModelDsl.Compiled;

namespace ModelDsl.Memory;

/// <summary>The memory a plan works in: values with a batch axis, which grow with the batch, and values without one.</summary>
internal sealed unsafe class Arena
{
    /// <summary>Batches are padded to a multiple of this, so that a buffer at offset · capacity is aligned.</summary>
    public const int SampleAlignment = 16;

    private readonly PlanDescription plan;
    private readonly string model;
    private readonly PinnedBuffer<float> withoutBatch;
    private readonly PinnedBuffer<float> ofWorkers;
    private PinnedBuffer<float> batched;

    /// <summary>Allocates an arena without room for a sample.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="model">The model's name, for messages.</param>
    /// <param name="workers">The most workers that a step has.</param>
    public Arena(PlanDescription plan, string model, int workers)
    {
        this.plan = plan;
        this.model = model;
        withoutBatch = new PinnedBuffer<float>(plan.FixedFloats, $"The work space of {model}");
        ofWorkers = new PinnedBuffer<float>((long)plan.WorkerFloats * workers, $"The work space of the threads of {model}");
        batched = new PinnedBuffer<float>(0, model);
    }

    /// <summary>The number of samples there is room for, a multiple of 16.</summary>
    public int Capacity { get; private set; }

    /// <summary>Values with a batch axis.</summary>
    public float* Batched => batched.Pointer;

    /// <summary>Values without a batch axis.</summary>
    public float* Fixed => withoutBatch.Pointer;

    /// <summary>Memory that each worker has of its own.</summary>
    public float* Workers => ofWorkers.Pointer;

    /// <summary>The capacity a step on so many samples works with: compact, however large a batch once was.</summary>
    /// <param name="samples">Number of samples.</param>
    public static int PaddedCount(int samples) => (int)Padded(samples);

    /// <summary>Makes room. What was there before is lost when it has to grow; spans over it stay valid.</summary>
    /// <param name="samples">Number of samples.</param>
    /// <exception cref="InvalidOperationException">There would be no room; what was there before is still there.</exception>
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

    private static long Padded(int samples) => ((long)samples + SampleAlignment - 1) / SampleAlignment * SampleAlignment;

    /// <summary>A buffer of the values with a batch axis.</summary>
    /// <param name="offset">Its offset in floats per sample.</param>
    /// <param name="capacity">The capacity of the step that wrote it.</param>
    /// <param name="length">Its length in floats.</param>
    public ReadOnlySpan<float> Read(int offset, int capacity, int length) => batched.Span.Slice(offset * capacity, length);

    /// <summary>A value without a batch axis.</summary>
    /// <param name="offset">Its offset in floats.</param>
    public float ReadFixed(int offset) => withoutBatch.Span[offset];
}
