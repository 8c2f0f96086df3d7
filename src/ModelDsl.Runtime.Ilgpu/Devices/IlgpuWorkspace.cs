using ModelDsl.Compiled;
using ModelDsl.Devices;
using ModelDsl.Ilgpu.Compiled;

namespace ModelDsl.Ilgpu;

/// <summary>The memory of one inference at a time on an ILGPU device.</summary>
/// <param name="device">The device.</param>
/// <param name="description">The model's description.</param>
/// <param name="program">The model's program.</param>
/// <param name="parameters">The model's parameters.</param>
internal sealed class IlgpuWorkspace(IlgpuDevice device, ModelDescription description, IlgpuProgram program, IlgpuBuffer parameters)
    : InferenceWorkspace, IDisposable
{
    private readonly DeviceArena arena = new(device, description, program.Inference, columnSets: 1);
    private readonly ColumnBuffers columns = new(device, [.. description.Inputs, .. description.Targets]);
    private int samples;

    /// <inheritdoc/>
    public override void Run(Batch batch, InferParts parts)
    {
        arena.EnsureCapacity(batch.Count, columns.EnsureCapacity);
        samples = batch.Count;
        device.Use("a prediction was started", (Workspace: this, Batch: batch, Parts: parts), static run => run.Workspace.Start(run.Batch, run.Parts));
    }

    private void Start(Batch batch, InferParts parts)
    {
        columns.Upload(batch, device.Accelerator.DefaultStream);
        var step = new DeviceStep
        {
            Accelerator = device.Accelerator,
            Kernels = device.Kernels,
            N = samples,
            Capacity = DeviceArena.Padded(samples),
            AllParameters = parameters.View,
            AllBatched = arena.Batched.View,
            AllFixed = arena.Fixed.View,
            Columns = columns,
        };
        program.Infer(in step, parts);
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<float> ReadOutput(int output, bool activated)
    {
        var offsets = program.Outputs[output];
        return arena.Read(activated ? offsets.OutputActivation : offsets.Inference, DeviceArena.Padded(samples), samples * description.Outputs[output].Length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        columns.Dispose();
        arena.Dispose();
    }

    /// <inheritdoc/>
    public override float ReadLoss(int loss) => arena.ReadFixed(program.Inference.OffsetOf(loss));
}
