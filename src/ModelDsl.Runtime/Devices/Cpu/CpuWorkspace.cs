using ModelDsl.Compiled;
using ModelDsl.Memory;

namespace ModelDsl.Devices.Cpu;

/// <summary>The memory of one inference at a time on the CPU.</summary>
/// <param name="device">The device.</param>
/// <param name="description">The model's description.</param>
/// <param name="program">The model's program.</param>
/// <param name="parameters">The model's parameters.</param>
/// <param name="copies">The copies of parameters.</param>
internal sealed unsafe class CpuWorkspace(CpuDevice device, ModelDescription description, CpuProgram program, CpuBuffer parameters, ParameterCopies copies)
    : InferenceWorkspace, IWork
{
    private readonly BucketPlansDescription[] plans = BucketPlansDescription.AllOf(program);
    private readonly Arena arena = new(PlanDescription.Largest(BucketPlansDescription.AllOf(program).Select(static bucket => bucket.Inference)), description.Name, device.Threads);
    private Step step;
    private InferParts parts;

    /// <inheritdoc/>
    public ParallelBackOff BackOff { get; } = new();

    /// <inheritdoc/>
    public override void Run(Batch batch, InferParts parts)
    {
        arena.EnsureCapacity(batch.Count);
        step = new Step
        {
            N = batch.Count,
            Capacity = arena.CapacityFor(batch.Count),
            Parameters = parameters.Pointer,
            ParameterCopies = copies.Current(),
            Batched = arena.Batched,
            Fixed = arena.Fixed,
            Workers = arena.Workers,
            Columns = batch.Pointers,
            Bucket = plans.Length == 1 ? 0 : description.Buckets!.BucketOf(batch),
        };
        this.parts = parts;
        device.RunInference(this, batch.Count * plans[step.Bucket].Inference.ForwardFlops, single: IsOwn(batch));
        GC.KeepAlive(batch);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void Run(Worker worker) => program.Infer(in step, worker, parts);

    /// <inheritdoc/>
    public override ReadOnlySpan<float> ReadOutput(int output, bool activated)
    {
        var offsets = plans[step.Bucket].Outputs[output];
        return arena.Read(activated ? offsets.OutputActivation : offsets.Inference, step.Capacity, step.N * description.Outputs[output].Length);
    }

    /// <inheritdoc/>
    public override float ReadLoss(int loss) => arena.ReadFixed(plans[step.Bucket].Inference.OffsetOf(loss));
}
