using ModelDsl.Compiled;
using ModelDsl.Memory;

namespace ModelDsl.Devices.Cpu;

/// <summary>A model on the CPU.</summary>
internal sealed unsafe class CpuModel : DeviceModel
{
    private readonly CpuDevice device;
    private readonly ModelDescription description;
    private readonly CpuProgram program;
    private readonly CpuBuffer parameters;
    private readonly CpuBuffer gradients;
    private readonly ParameterCopies copies;
    private readonly TrainingCopies trainingCopies = new();
    private readonly Arena arena;
    private readonly ForwardWork forward;
    private readonly BackwardWork backward;
    private readonly float[] savedStates;
    private readonly SparseRows?[] sparse;
    private readonly BucketPlansDescription[] plans;
    private readonly GivenNumbers? given;
    private GradientNorm? norm;
    private CpuNoise? noise;
    private Step step;

    /// <summary>Allocates the model's buffers. The buffers of a step are allocated when the batch size is known.</summary>
    /// <param name="device">The device.</param>
    /// <param name="description">The model's description.</param>
    /// <param name="program">The model's program for the device's vectors.</param>
    public CpuModel(CpuDevice device, ModelDescription description, CpuProgram program)
    {
        this.device = device;
        this.description = description;
        this.program = program;
        parameters = new CpuBuffer(description.ParameterFloats, $"The parameters of {description.Name}");
        gradients = new CpuBuffer(description.TrainableFloats, $"The gradients of {description.Name}");
        copies = new ParameterCopies(device, description, program, parameters);
        savedStates = new float[description.StatesFloats];
        plans = BucketPlansDescription.AllOf(program);
        arena = new Arena(PlanDescription.Largest(plans.Select(static bucket => bucket.Train)), description.Name, device.Threads);
        forward = new ForwardWork(this);
        backward = new BackwardWork(this);
        given = program.ChecksNumbers ? new GivenNumbers(description, parameters) : null;
        sparse = [.. description.Parameters.Select(parameter => parameter.SparseIds < 0 ? null : new SparseRows(parameter))];
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
    public override void EnsureBatchCapacity(int samples) => arena.EnsureCapacity(samples);

    /// <inheritdoc/>
    public override void Forward(Batch batch, ulong seed, uint number, int loss)
    {
        given?.BeforeStep(batch, (int)number + 1);
        arena.EnsureCapacity(batch.Count);
        var bucket = plans.Length == 1 ? 0 : description.Buckets!.BucketOf(batch);
        step = new Step
        {
            N = batch.Count,
            Capacity = arena.CapacityFor(batch.Count),
            Parameters = parameters.Pointer,
            Gradients = gradients.Pointer,
            Batched = arena.Batched,
            Fixed = arena.Fixed,
            Workers = arena.Workers,
            Columns = batch.Pointers,
            Seed = seed,
            Number = number,
            Loss = loss,
            Bucket = bucket,
            HasCopies = trainingCopies.BeginForward((bucket * Math.Max(1, description.Losses.Length)) + loss),
        };
        device.Run(forward, batch.Count * Plan.ForwardFlops);
        trainingCopies.EndForward();
        KeepAlive(batch);
    }

    /// <inheritdoc/>
    internal override bool AnnouncesGradients => true;

    /// <inheritdoc/>
    public override void Backward(Batch batch) => Backward(batch, completed: null);

    /// <inheritdoc/>
    internal override void Backward(Batch batch, ICompletedGradients? completed)
    {
        foreach (var rows in sparse)
            rows?.Begin(batch, gradients);
        step = step with { HasCopies = trainingCopies.BeginBackward() };
        program.Completed = completed;
        try
        {
            device.Run(backward, batch.Count * Plan.BackwardFlops);
        }
        finally
        {
            program.Completed = null;
        }

        trainingCopies.EndBackward();

        KeepAlive(batch);
    }

    /// <inheritdoc/>
    internal override void ParametersChange()
    {
        copies.Invalidate();
        trainingCopies.Invalidate();
    }

    /// <inheritdoc/>
    internal override void StatesChange() => copies.Invalidate();

    /// <inheritdoc/>
    internal override void Updated() => given?.AfterUpdate((int)step.Number + 1);

    /// <inheritdoc/>
    public override void SaveStates() => parameters.Read(description.StatesOffset, savedStates);

    /// <inheritdoc/>
    public override void RestoreStates() => parameters.Write(description.StatesOffset, savedStates);

    /// <inheritdoc/>
    public override float ReadLoss() => arena.ReadFixed(Plan.LossOffset);

    /// <inheritdoc/>
    public override ReadOnlySpan<float> ReadOutput(int output)
    {
        return arena.Read(plans[step.Bucket].Outputs[output].Train, step.Capacity, step.N * description.Outputs[output].Length);
    }

    /// <inheritdoc/>
    public override double GradientNorm(int start, int length) => (norm ??= new GradientNorm(device, gradients)).Compute(start, length);

    /// <inheritdoc/>
    public override GradientSum CreateGradientSum(int start, int length) => new CpuGradientSum(
        device, gradients, start, length, description.Parameters.Zip(sparse).Where(static pair => pair.Second is not null).Select(static pair => (pair.First, pair.Second!)));

    /// <inheritdoc/>
    public override UpdatePass<TRule> CreatePass<TRule>(int states, UpdateSegment[] segments) =>
        new CpuUpdatePass<TRule>(device, parameters, gradients, states, segments, sparse);

    /// <inheritdoc/>
    internal override void AddNoise(in NormalNoise noise, IReadOnlyList<UpdateSegment> segments, (int Start, int Length)[] pads) =>
        (this.noise ??= new CpuNoise(device, gradients, sparse)).Add(in noise, segments, pads);

    /// <inheritdoc/>
    public override LambPass CreateLambPass(UpdateSegment[] segments) => new CpuLambPass(device, parameters, gradients, segments);

    /// <inheritdoc/>
    internal override AdafactorPass CreateAdafactorPass(UpdateSegment[] segments) =>
        new CpuAdafactorPass(device, parameters, gradients, description, segments);

    /// <inheritdoc/>
    public override InferenceWorkspace CreateWorkspace() => new CpuWorkspace(device, description, program, parameters, copies);

    /// <inheritdoc/>
    public override DecodingWorkspace CreateDecodingWorkspace(int samples) => new CpuDecodingWorkspace(device, description, program, parameters, copies, samples);

    /// <summary>The plan of the current step.</summary>
    private PlanDescription Plan => plans[step.Bucket] is { Losses.Length: > 0 } several ? several.Losses[step.Loss] : plans[step.Bucket].Train;

    /// <summary>Kernels see only pointers: the objects that own the memory must stay reachable until the kernels are done.</summary>
    private void KeepAlive(Batch batch)
    {
        GC.KeepAlive(batch);
        GC.KeepAlive(this);
    }

    private sealed class ForwardWork(CpuModel model) : IWork
    {
        public ParallelBackOff BackOff { get; } = new();

        public void Run(Worker worker) => model.program.Forward(in model.step, worker);
    }

    private sealed class BackwardWork(CpuModel model) : IWork
    {
        public ParallelBackOff BackOff { get; } = new();

        public void Run(Worker worker) => model.program.Backward(in model.step, worker);
    }
}
