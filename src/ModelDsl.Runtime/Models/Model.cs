using ModelDsl.Checkpoints;
using ModelDsl.Compiled;
using ModelDsl.Devices;
using ModelDsl.Initialization;
using ModelDsl.Models;
using ModelDsl.Parameters;

namespace ModelDsl;

/// <summary>
/// The base class of generated models: parameters, training steps, predictions and files. Only one thread at a time can train a model; any number of threads
/// can predict at the same time.
/// </summary>
public abstract partial class Model : IDisposable
{
    private readonly DeviceModel device;
    private readonly AccessGate gate;
    private readonly WorkspacePool workspaces;
    private Batch? forwarded;
    private int forwardedCount;
    private bool awaitsBackward;
    private uint steps;
    private int weightsVersion;
    private readonly bool[] hasGradient;
    private volatile bool disposed;

    /// <summary>Creates a model with initial parameters.</summary>
    /// <param name="description">The description of the model from the generator.</param>
    /// <param name="seed">The seed of initial values and dropout masks.</param>
    /// <param name="device">The device that computes the model; null for <see cref="Device.Cpu"/>.</param>
    protected Model(ModelDescription description, int seed, Device? device)
        : this(description, device, seed)
    {
        Initializer.Fill(this, (uint)seed);
    }

    /// <summary>Creates a model with the parameters of a file, which must contain exactly the parameters of the model.</summary>
    /// <param name="description">The description of the model from the generator.</param>
    /// <param name="file">The file.</param>
    /// <param name="device">The device that computes the model; null for <see cref="Device.Cpu"/>.</param>
    /// <param name="seed">The seed of dropout masks.</param>
    /// <exception cref="CheckpointMismatchException">The file contains other parameters; the message lists the differences.</exception>
    protected Model(ModelDescription description, SafetensorsFile file, Device? device, int seed = 0)
        : this(description, device, seed)
    {
        ArgumentNullException.ThrowIfNull(file);
        CheckpointLoader.Load(this, file, LoadOptions.Default);
    }

    private Model(ModelDescription description, Device? device, int seed)
    {
        ArgumentNullException.ThrowIfNull(description);
        Description = description;
        hasGradient = new bool[description.Parameters.Length];
        Device = device ?? Device.Cpu;
        Seed = seed;
        gate = new AccessGate(description.Name);
        this.device = Device.Load(this);
        this.device.Description = description;
        workspaces = new WorkspacePool(this.device);

        States = new ParameterCollection<State>(
            description.Name,
            description.States.Select(state => new State(this, state, this.device.Parameters, new LayoutMap(state.Shape, state.Layout))));
        var gradients = new List<Gradient>();
        var parameters = new List<Parameter>();
        foreach (var parameter in description.Parameters)
        {
            var map = new LayoutMap(parameter.Shape, parameter.Layout);
            var gradient = parameter.Trainable ? new Gradient(this, parameter, this.device.Gradients, map) : null;
            if (gradient is not null)
                gradients.Add(gradient);
            parameters.Add(new Parameter(this, parameter, this.device.Parameters, map, gradient));
        }

        foreach (var constant in description.Constants)
        {
            var values = new float[constant.Layout.Floats];
            new LayoutMap(constant.Shape, constant.Layout).Scatter(constant.Values, values);
            this.device.Parameters.Write(constant.Offset, values);
        }

        Parameters = new ParameterCollection<Parameter>(description.Name, parameters);
        Gradients = new ParameterCollection<Gradient>(description.Name, gradients);
    }

    /// <summary>The description of the model from the generator.</summary>
    public ModelDescription Description { get; }

    /// <summary>The device that computes the model.</summary>
    public Device Device { get; }

    /// <summary>The seed of initial values and dropout masks.</summary>
    public int Seed { get; }

    /// <summary>All parameters, by name and in the order of the model.</summary>
    public ParameterCollection<Parameter> Parameters { get; }

    /// <summary>
    /// Values that the model keeps from step to step in addition to its parameters, such as the running statistics of a batch normalization. Training steps change
    /// them, optimizers do not. They are saved and loaded with the parameters.
    /// </summary>
    public ParameterCollection<State> States { get; }

    /// <summary>The gradients of the mean loss with respect to the trainable parameters, from the last backward pass.</summary>
    public ParameterCollection<Gradient> Gradients { get; }

    /// <summary>The mean loss of the last <see cref="Forward"/>. Reading it waits for the device.</summary>
    /// <exception cref="InvalidOperationException">The model is for prediction only, or <see cref="Forward"/> has not been called.</exception>
    public float LastLoss
    {
        get
        {
            ThrowIfDisposed();
            PredictionOnly.Reject(Description);
            ThrowIfNotForwarded();
            return device.ReadLoss();
        }
    }

    /// <summary>The number of samples that a training step has room for without allocating.</summary>
    public int BatchCapacity => device.BatchCapacity;

    /// <summary>
    /// Runs the training forward pass, which computes the outputs and the mean loss. The model's memory grows if the batch is larger than all batches before it. For outputs over 8,192 or more
    /// classes it also computes the gradients of their layer, so gradients of an earlier <see cref="Backward(Batch)"/> are overwritten.
    /// </summary>
    /// <param name="batch">The samples: the model's inputs, then its targets.</param>
    /// <exception cref="ArgumentException">
    /// The batch is empty, has other columns, or a label, token id or target is out of range; or it has one sample and a layer needs several.
    /// </exception>
    /// <exception cref="InvalidOperationException">The model is for prediction only, or another thread is training it.</exception>
    /// <exception cref="NonFiniteNumberException">The project sets <c>ModelDslCheckNumbers</c>, and a number is infinite or NaN. <see cref="UndoStep"/> undoes the step.</exception>
    public void Forward(Batch batch)
    {
        ThrowIfDisposed();
        PredictionOnly.Reject(Description);
        if (Description.Losses.Length > 0)
            throw SeveralLosses();
        BatchCheck.Check(Description, batch, withTargets: true);
        BatchCheck.CheckTraining(Description, batch);
        gate.EnterTraining();
        try
        {
            forwarded = null;
            changes = StepChanges.Forward;
            device.Forward(batch, (uint)Seed, NextStep(batch), loss: 0);
            forwarded = batch;
            forwardedCount = batch.Count;
            awaitsBackward = true;
        }
        finally
        {
            gate.ExitTraining();
        }
    }

    /// <summary>
    /// Computes the gradients of the mean loss of the last <see cref="Forward"/>, and overwrites earlier gradients. It can be called once after each <c>Forward</c>, because it
    /// overwrites the values that <c>Forward</c> has computed. For a model with <see cref="States"/>, it updates them, and other threads cannot use the model meanwhile.
    /// </summary>
    /// <param name="batch">The same batch, unchanged.</param>
    /// <exception cref="InvalidOperationException">
    /// <see cref="Forward"/> has not been called with this batch, or <c>Backward</c> was called after it; the model is for prediction only; or another thread is training the model.
    /// </exception>
    public void Backward(Batch batch) => Backward(batch, completed: null);

    /// <summary>Computes the gradients, and announces those that are final before the end of the pass.</summary>
    /// <param name="batch">The same batch, unchanged.</param>
    /// <param name="completed">What is told which gradients are final; null for nothing.</param>
    internal void Backward(Batch batch, ICompletedGradients? completed)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(batch);
        PredictionOnly.Reject(Description);
        if (Description.Losses.Length > 0)
            throw SeveralLosses();
        if (!ReferenceEquals(batch, forwarded) || batch.Count != forwardedCount)
            throw new InvalidOperationException($"Backward of {Description.Name} needs a Forward of the same batch before it: call Forward with this batch first.");
        if (!awaitsBackward)
        {
            throw new InvalidOperationException(
                $"Backward of {Description.Name} has already run for this Forward, and has overwritten the values that Forward computed: call Forward with the batch again.");
        }

        // Predictions read parameters and states. The optimizer's update changes the parameters; this method changes the states.
        using var access = States.Count > 0 ? Write() : Train();
        awaitsBackward = false;
        BackwardUndoably(batch, completed: completed);
        GradientsWritten();
    }

    /// <summary>The raw outputs (logits) of the last <see cref="Forward"/> for all samples, valid until the next one.</summary>
    /// <param name="output">The index of the output in the model's declaration.</param>
    /// <exception cref="ArgumentOutOfRangeException">The model has no output with this index.</exception>
    /// <exception cref="InvalidOperationException"><see cref="Forward"/> has not been called; the model is for prediction only; or training steps do not keep the output, see <see cref="ModelAttribute.KeepOutputs"/>.</exception>
    public ReadOnlySpan<float> LastOutputs(int output = 0)
    {
        ThrowIfDisposed();
        CheckOutput(output);
        PredictionOnly.Reject(Description);
        if (Description.Losses.Length > 0)
            throw SeveralLosses();
        if (Description.Outputs[output].IsInside)
            throw new InvalidOperationException($"Training steps do not keep '{Description.Outputs[output].Name}', which lies inside {Description.Name}: predict it.");
        if (Description.Outputs[output].IsDropped)
        {
            throw new InvalidOperationException(
                $"Training steps of {Description.Name} do not keep '{Description.Outputs[output].Name}', which has {Description.Outputs[output].Shape[^1]:N0} classes: predict it, or declare [Model(KeepOutputs = true)].");
        }

        ThrowIfNotForwarded();
        return device.ReadOutput(output);
    }

    /// <summary>Makes room for training on batches of the given size, so that later steps do not allocate.</summary>
    /// <param name="samples">The number of samples, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="samples"/> is less than 1.</exception>
    /// <exception cref="InvalidOperationException">
    /// The model is for prediction only, another thread is training it, or the memory would be too large for one buffer or for the machine.
    /// </exception>
    public void EnsureBatchCapacity(int samples)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        PredictionOnly.Reject(Description);
        using var access = Train();
        if (samples <= device.BatchCapacity)
            return;

        // The results of the last Forward are lost with the old memory.
        forwarded = null;
        device.EnsureBatchCapacity(samples);
    }

    /// <summary>Returns a table of the layers with their output shapes, parameters, FLOPs and bytes per sample.</summary>
    public string Summary() => ModelSummary.Format(Description);

    /// <summary>Releases the resources of the model. Spans over its memory stay valid.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the resources of the model.</summary>
    /// <param name="disposing">False when called by a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || disposed)
            return;
        disposed = true;
        forwarded = null;
        device.Dispose();
    }

    /// <summary>All tensors that are saved, with their initial values: parameters, then states.</summary>
    internal IEnumerable<ParameterTensor> Tensors => Parameters.Concat<ParameterTensor>(States);

    /// <summary>The model on its device.</summary>
    internal DeviceModel OnDevice => device;

    /// <summary>The number of training steps, which the masks of dropout depend on. Setting it forgets the last step, which a checkpoint does not contain.</summary>
    internal uint TrainingSteps
    {
        get => steps;
        set => (steps, forwarded, changes, accumulated, beforeMicroBatches, mean) = (value, null, StepChanges.None, 0, null, null);
    }

    internal DecodingWorkspace CreateDecodingWorkspace(int samples) => device.CreateDecodingWorkspace(samples);

    /// <summary>
    /// Reserves the model for the calling thread during a training run: until the result is disposed, use by other threads is an error.
    /// </summary>
    internal Access BeginTraining()
    {
        ThrowIfDisposed();
        gate.BeginSession();
        return new Access(gate, AccessKind.Session);
    }

    /// <summary>Reserves the model, or a part of it, for an optimizer's update until the result is disposed.</summary>
    internal Access BeginUpdate(out DeviceModel device, string part = "")
    {
        ThrowIfDisposed();
        PredictionOnly.Reject(Description);
        CheckGradients(part);
        device = this.device;
        return Write();
    }

    internal Access Read()
    {
        ThrowIfDisposed();
        gate.EnterRead();
        return new Access(gate, AccessKind.Read);
    }

    /// <summary>How often parameters or states may have been changed.</summary>
    internal int WeightsVersion => Volatile.Read(ref weightsVersion);

    internal Access Write()
    {
        ThrowIfDisposed();
        gate.EnterWrite();
        Interlocked.Increment(ref weightsVersion);
        return new Access(gate, AccessKind.Write);
    }

    private Access Train()
    {
        gate.EnterTraining();
        return new Access(gate, AccessKind.Training);
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(disposed, this);

    private void ThrowIfNotForwarded()
    {
        if (forwarded is null)
            throw new InvalidOperationException($"Forward of {Description.Name} has not been called yet: call it first.");
    }

    private void CheckOutput(int output)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(output);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(output, Description.Outputs.Length);
    }
}
