using System.Collections.Concurrent;
using ILGPU;
using ILGPU.Runtime;
using ModelDsl.Compiled;
using ModelDsl.Devices;
using ModelDsl.Ilgpu.Compiled;

namespace ModelDsl.Ilgpu;

/// <summary>A model on an ILGPU device.</summary>
internal sealed class IlgpuModel : DeviceModel
{
    private readonly IlgpuDevice device;
    private readonly ModelDescription description;
    private readonly IlgpuProgram program;
    private readonly IlgpuBuffer parameters;
    private readonly IlgpuBuffer gradients;
    private readonly IlgpuBuffer savedStates;
    private readonly DeviceArena arena;
    private readonly BatchUpload upload;
    private readonly ConcurrentBag<IlgpuWorkspace> workspaces = [];
    private GradientNorm? norm;
    private DeviceStep step;

    /// <summary>Allocates the model's buffers. The buffers of a step are allocated when the batch size is known.</summary>
    /// <param name="device">The device.</param>
    /// <param name="description">The model's description.</param>
    /// <param name="program">The model's program.</param>
    public IlgpuModel(IlgpuDevice device, ModelDescription description, IlgpuProgram program)
    {
        this.device = device;
        this.description = description;
        this.program = program;
        parameters = new IlgpuBuffer(device, description.ParameterFloats, $"The parameters of {description.Name}");
        gradients = new IlgpuBuffer(device, description.TrainableFloats, $"The gradients of {description.Name}");
        savedStates = new IlgpuBuffer(device, description.StatesFloats, $"The states of {description.Name}");
        arena = new DeviceArena(device, description, program.Train, BatchUpload.Sets);
        lock (device.Gate)
        {
            device.Accelerator.Bind();
            upload = new BatchUpload(device, [.. description.Inputs, .. description.Targets]);
        }
    }

    /// <inheritdoc/>
    public override DeviceBuffer Parameters => parameters;

    /// <inheritdoc/>
    public override DeviceBuffer Gradients => gradients;

    /// <inheritdoc/>
    public override int InferenceFloats => program.Inference.BatchedFloats;

    /// <inheritdoc/>
    public override int BatchCapacity => arena.Capacity;

    /// <inheritdoc/>
    public override void EnsureBatchCapacity(int samples) => arena.EnsureCapacity(samples, upload.EnsureCapacity);

    /// <inheritdoc/>
    public override void Forward(Batch batch, ulong seed, uint number, int loss)
    {
        EnsureBatchCapacity(batch.Count);
        device.Use("the forward pass was started", (Model: this, Batch: batch, Seed: seed, Number: number, Loss: loss), static pass => pass.Model.Start(pass.Batch, pass.Seed, pass.Number, pass.Loss));
    }

    /// <inheritdoc/>
    public override void Backward(Batch batch) => device.Use("the backward pass was started", this, static model => model.program.Backward(in model.step));

    /// <inheritdoc/>
    public override void SaveStates() =>
        device.Use("states were saved", this, static model => model.States.CopyTo(model.device.Accelerator.DefaultStream, model.savedStates.View.SubView(0, model.savedStates.Length)));

    /// <inheritdoc/>
    public override void RestoreStates() =>
        device.Use("states were restored", this, static model => model.States.CopyFrom(model.device.Accelerator.DefaultStream, model.savedStates.View.SubView(0, model.savedStates.Length)));

    /// <inheritdoc/>
    public override float ReadLoss() => arena.ReadFixed((program.Losses.Length == 0 ? program.Train : program.Losses[step.Loss]).LossOffset);

    /// <inheritdoc/>
    public override ReadOnlySpan<float> ReadOutput(int output) =>
        arena.Read(program.Outputs[output].Train, step.Capacity, step.N * description.Outputs[output].Length);

    /// <inheritdoc/>
    public override double GradientNorm(int start, int length) => (norm ??= new GradientNorm(device, gradients)).Compute(start, length);

    /// <inheritdoc/>
    public override GradientSum CreateGradientSum(int start, int length) => new IlgpuGradientSum(device, gradients, start, length);

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">An embedding has sparse updates.</exception>
    public override UpdatePass<TRule> CreatePass<TRule>(int states, UpdateSegment[] segments)
    {
        var sparse = Array.FindIndex(segments, segment => segment.SparseParameter >= 0);
        return sparse < 0 ? new IlgpuUpdatePass<TRule>(device, parameters, gradients, states, segments) : throw new NotSupportedException(
            $"'{description.Parameters[segments[sparse].SparseParameter].Name}' of {description.Name} has sparse updates, which only CPUs have: train it on a CpuDevice, or remove SparseUpdates.");
    }

    /// <inheritdoc/>
    public override LambPass CreateLambPass(UpdateSegment[] segments) => new IlgpuLambPass(device, parameters, gradients, segments);

    /// <inheritdoc/>
    public override InferenceWorkspace CreateWorkspace()
    {
        var workspace = new IlgpuWorkspace(device, description, program, parameters);
        workspaces.Add(workspace);
        return workspace;
    }

    private void Start(Batch batch, ulong seed, uint number, int loss)
    {
        upload.Next(batch);
        step = new DeviceStep
        {
            Accelerator = device.Accelerator,
            Kernels = device.Kernels,
            N = batch.Count,
            Capacity = DeviceArena.Padded(batch.Count),
            AllParameters = parameters.View,
            AllGradients = gradients.View,
            AllBatched = arena.Batched.View,
            AllFixed = arena.Fixed.View,
            Columns = upload.Current,
            Seed = seed,
            Number = number,
            Loss = loss,
        };
        program.Forward(in step);
    }

    private ArrayView<float> States => parameters.View.SubView(description.StatesOffset, savedStates.Length);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var workspace in workspaces)
                workspace.Dispose();
            upload.Dispose();
            arena.Dispose();
            gradients.Dispose();
            parameters.Dispose();
            savedStates.Dispose();
            norm?.Dispose();
        }

        base.Dispose(disposing);
    }
}
