using ModelDsl.Compiled;
using ModelDsl.Memory;

namespace ModelDsl.Devices.Cpu;

/// <summary>The memory of a session on the CPU.</summary>
internal sealed unsafe class CpuDecodingWorkspace : DecodingWorkspace, IWork
{
    private readonly CpuDevice device;
    private readonly CpuProgram program;
    private readonly CpuBuffer parameters;
    private readonly ParameterCopies copies;
    private readonly GenerationDescription generation;
    private readonly Arena[] arenas;
    private readonly PinnedBuffer<float> caches;
    private readonly int samples;
    private readonly int capacity;
    private Step step;
    private int running;

    /// <summary>Allocates the memory.</summary>
    /// <param name="device">The device.</param>
    /// <param name="description">The model's description, which has plans for sessions.</param>
    /// <param name="program">The model's program.</param>
    /// <param name="parameters">The model's parameters.</param>
    /// <param name="copies">The copies of parameters.</param>
    /// <param name="samples">The number of samples.</param>
    /// <exception cref="InvalidOperationException">The memory would be too large.</exception>
    public CpuDecodingWorkspace(CpuDevice device, ModelDescription description, CpuProgram program, CpuBuffer parameters, ParameterCopies copies, int samples)
    {
        (this.device, this.program, this.parameters, this.copies, this.samples) = (device, program, parameters, copies, samples);
        generation = description.Generation!;
        arenas = [.. program.Decoding.Select(plan => new Arena(plan.Plan, description.Name, device.Threads))];

        // All plans use the same caches, so they have the same capacity. Alignments are powers of two.
        capacity = arenas.Max(arena => arena.CapacityFor(samples));
        caches = new PinnedBuffer<float>((long)generation.CacheFloats * capacity, $"A session of {description.Name} for {samples} samples");
        foreach (var arena in arenas)
            arena.EnsureCapacity(capacity);
    }

    /// <inheritdoc/>
    public ParallelBackOff BackOff { get; } = new();

    /// <inheritdoc/>
    public override void Run(int plan, Batch batch, bool needsLogits)
    {
        running = plan;
        step = new Step
        {
            N = samples,
            Capacity = capacity,
            Parameters = parameters.Pointer,
            ParameterCopies = copies.Current(),
            Batched = arenas[plan].Batched,
            Fixed = arenas[plan].Fixed,
            Workers = arenas[plan].Workers,
            Caches = caches.Pointer,
            NeedsLogits = needsLogits,
            Columns = batch.Pointers,
        };
        device.RunInference(this, samples * program.Decoding[plan].Plan.ForwardFlops, single: false);
        GC.KeepAlive(batch);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void Run(Worker worker) => program.Decode(in step, worker, running);

    /// <inheritdoc/>
    public override ReadOnlySpan<float> ReadLogits(int plan)
    {
        var length = samples * generation.Chunks[plan] * generation.Vocabulary;
        return arenas[plan].Read(program.Decoding[plan].LogitsOffset, capacity, length);
    }

    /// <inheritdoc/>
    public override void Clear(int sample, int from)
    {
        foreach (var cache in generation.Caches)
        {
            for (var outer = 0; outer < cache.Outer; outer++)
                RunOf(cache, sample, outer)[(from * cache.Inner)..].Clear();
        }
    }

    /// <inheritdoc/>
    public override void MoveToStart(int sample, int from, int count)
    {
        foreach (var cache in generation.Caches)
        {
            for (var outer = 0; outer < cache.Outer; outer++)
            {
                var run = RunOf(cache, sample, outer);
                run.Slice(from * cache.Inner, count * cache.Inner).CopyTo(run);
            }
        }

        Clear(sample, count);
    }

    /// <inheritdoc/>
    public override void CopySample(DecodingWorkspace from, int source, int target, int positions, bool withEncoded)
    {
        var other = (CpuDecodingWorkspace)from;
        foreach (var cache in generation.Caches)
        {
            for (var outer = 0; outer < cache.Outer; outer++)
                other.RunOf(cache, source, outer)[..(positions * cache.Inner)].CopyTo(RunOf(cache, target, outer));
        }

        if (!withEncoded)
            return;
        foreach (var encoded in generation.Encoded)
            other.ValuesOf(encoded, source).CopyTo(ValuesOf(encoded, target));
    }

    /// <inheritdoc/>
    public override void CopyTo(DecodingWorkspace other) => caches.Span.CopyTo(((CpuDecodingWorkspace)other).caches.Span);

    /// <summary>The values of a sample that were computed when the session began.</summary>
    private Span<float> ValuesOf(EncodedDescription encoded, int sample) => caches.Span.Slice((encoded.Offset * capacity) + (sample * encoded.Length), encoded.Length);

    /// <summary>The values of all positions in a sequence of a buffer.</summary>
    private Span<float> RunOf(CacheDescription cache, int sample, int outer)
    {
        var length = generation.Context * cache.Inner;
        return caches.Span.Slice((cache.Offset * capacity) + (((sample * cache.Outer) + outer) * length), length);
    }
}
