using ModelDsl.Compiled;
using ModelDsl.Memory;

namespace ModelDsl.Devices.Cpu;

/// <summary>The memory of one inference at a time on the CPU.</summary>
/// <param name="device">The device.</param>
/// <param name="description">The model's description.</param>
/// <param name="program">The model's program.</param>
/// <param name="parameters">The model's parameters.</param>
internal sealed unsafe class CpuWorkspace(CpuDevice device, ModelDescription description, CpuProgram program, CpuBuffer parameters)
    : InferenceWorkspace, IWork
{
    private readonly Arena arena = new(program.Inference, description.Name, device.Threads);
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
            Batched = arena.Batched,
            Fixed = arena.Fixed,
            Workers = arena.Workers,
            Columns = batch.Pointers,
        };
        this.parts = parts;
        device.RunInference(this, batch.Count * program.Inference.ForwardFlops, single: IsOwn(batch));
        GC.KeepAlive(batch);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void Run(Worker worker) => program.Infer(in step, worker, parts);

    /// <inheritdoc/>
    public override ReadOnlySpan<float> ReadOutput(int output, bool activated)
    {
        var offsets = program.Outputs[output];
        return arena.Read(activated ? offsets.OutputActivation : offsets.Inference, step.Capacity, step.N * description.Outputs[output].Length);
    }

    /// <inheritdoc/>
    public override float ReadLoss(int loss) => arena.ReadFixed(program.Inference.OffsetOf(loss));
}
