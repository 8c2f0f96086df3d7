using ModelDsl.Checkpoints;
using ModelDsl.Compiled;
using ModelDsl.Devices;
using ModelDsl.Initialization;
using ModelDsl.Models;
using ModelDsl.Parameters;

namespace ModelDsl;

/// <summary>
/// The base of every generated model: parameters, training steps, predictions, files. One thread trains a model at a time; predictions
/// may come from any number of threads.
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
    private readonly bool[] hasGradient;
    private volatile bool disposed;

    /// <summary>Creates a model with fresh parameters.</summary>
    /// <param name="description">What the generator knows about the model.</param>
    /// <param name="seed">The seed of initial values and dropout masks.</param>
    /// <param name="device">Where the model computes; null for <see cref="Device.Cpu"/>.</param>
    protected Model(ModelDescription description, int seed, Device? device)
        : this(description, device, seed)
    {
        Initializer.Fill(this, (uint)seed);
    }

    /// <summary>Creates a model with the parameters of a file, which must hold exactly these.</summary>
    /// <param name="description">What the generator knows about the model.</param>
    /// <param name="file">The file.</param>
    /// <param name="device">Where the model computes; null for <see cref="Device.Cpu"/>.</param>
    /// <param name="seed">The seed of dropout masks.</param>
    /// <exception cref="CheckpointMismatchException">The file holds other parameters; the message says how they differ.</exception>
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

    /// <summary>What the generator knows about the model.</summary>
    public ModelDescription Description { get; }

    /// <summary>Where the model computes.</summary>
    public Device Device { get; }

    /// <summary>The seed of initial values and dropout masks.</summary>
    public int Seed { get; }

    /// <summary>All parameters, by name and in order.</summary>
    public ParameterCollection<Parameter> Parameters { get; }

    /// <summary>
    /// What the model keeps from step to step beside its parameters, such as the running statistics of a batch normalisation: training steps change
    /// it, optimizers do not. Saved and loaded with the parameters.
    /// </summary>
    public ParameterCollection<State> States { get; }

    /// <summary>The gradients of the mean loss by the trainable parameters, as the last backward pass left them.</summary>
    public ParameterCollection<Gradient> Gradients { get; }

    /// <summary>The mean loss of the last <see cref="Forward"/>. Reading it waits for the device; not reading it costs nothing.</summary>
    /// <exception cref="InvalidOperationException">The model has no loss, or nothing has gone forward yet.</exception>
    public float LastLoss
    {
        get
        {
            ThrowIfDisposed();
            if (Description.Loss == LossKind.None)
                throw new InvalidOperationException($"{Description.Name} has no loss.");
            ThrowIfNotForwarded();
            return device.ReadLoss();
        }
    }

    /// <summary>The number of samples a training step has room for without allocating.</summary>
    public int BatchCapacity => device.BatchCapacity;

    /// <summary>
    /// Runs the training forward pass: outputs and mean loss. Grows the model's memory when the batch is the largest so far.
    /// </summary>
    /// <param name="batch">The samples: the model's inputs, then its targets.</param>
    /// <exception cref="ArgumentException">
    /// The batch is empty, has other columns, or a label, token id or target is out of range; or it has one sample and a layer needs more.
    /// </exception>
    /// <exception cref="InvalidOperationException">Another thread is training the model.</exception>
    public void Forward(Batch batch)
    {
        ThrowIfDisposed();
        if (Description.Losses.Length > 0)
            throw SeveralLosses();
        BatchCheck.Check(Description, batch, withTargets: true);
        BatchCheck.CheckTraining(Description, batch);
        gate.EnterTraining();
        try
        {
            forwarded = null;
            device.Forward(batch, (uint)Seed, steps++, loss: 0);
            changes = StepChanges.Forward;
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
    /// Computes the gradients of the mean loss of the last <see cref="Forward"/>, overwriting earlier ones: once, since it writes over what that has left
    /// in memory. A model with <see cref="States"/> brings them up to date, and cannot be used by other threads meanwhile.
    /// </summary>
    /// <param name="batch">The same batch, unchanged.</param>
    /// <exception cref="InvalidOperationException">
    /// It did not go forward before, or has gone backward since; the model has no loss, or another thread is training the model.
    /// </exception>
    public void Backward(Batch batch)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(batch);
        if (Description.Losses.Length > 0)
            throw SeveralLosses();
        if (Description.Loss == LossKind.None)
            throw new InvalidOperationException($"{Description.Name} has no loss to differentiate; declare one to train it.");
        if (!ReferenceEquals(batch, forwarded) || batch.Count != forwardedCount)
            throw new InvalidOperationException($"Backward of {Description.Name} goes with the Forward before it: call Forward with this batch first.");
        if (!awaitsBackward)
        {
            throw new InvalidOperationException(
                $"Backward of {Description.Name} has already run for this Forward, and has written over what Forward left in memory: call Forward with the batch again.");
        }

        // Predictions read parameters and states: the former change in an optimizer's update, the latter here.
        using var access = States.Count > 0 ? Write() : Train();
        awaitsBackward = false;
        BackwardUndoably(batch);
        GradientsWritten();
    }

    /// <summary>The raw outputs (logits) of the last <see cref="Forward"/>: samples · values, valid until the next one.</summary>
    /// <param name="output">The output's place in the model's declaration.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such output.</exception>
    /// <exception cref="InvalidOperationException">Nothing has gone forward yet.</exception>
    public ReadOnlySpan<float> LastOutputs(int output = 0)
    {
        ThrowIfDisposed();
        CheckOutput(output);
        if (Description.Losses.Length > 0)
            throw SeveralLosses();
        if (Description.Outputs[output].IsInside)
            throw new InvalidOperationException($"Training steps do not keep '{Description.Outputs[output].Name}', which lies inside {Description.Name}: predict it.");
        ThrowIfNotForwarded();
        return device.ReadOutput(output);
    }

    /// <summary>Makes room for training on batches of so many samples, so that no later step allocates.</summary>
    /// <param name="samples">Number of samples, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="samples"/> is less than 1.</exception>
    /// <exception cref="InvalidOperationException">
    /// Another thread is training the model, or the memory would be too large for one buffer or for the machine.
    /// </exception>
    public void EnsureBatchCapacity(int samples)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        using var access = Train();
        if (samples <= device.BatchCapacity)
            return;

        // What the last Forward left is lost with the old memory.
        forwarded = null;
        device.EnsureBatchCapacity(samples);
    }

    /// <summary>A table of the layers with output shapes, parameters, FLOPs and bytes per sample.</summary>
    public string Summary() => ModelSummary.Format(Description);

    /// <summary>Ends the use of the model. Spans into its memory stay valid.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the use of the model.</summary>
    /// <param name="disposing">False when called by a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || disposed)
            return;
        disposed = true;
        forwarded = null;
        device.Dispose();
    }

    /// <summary>Everything that is saved, with what fills it at first: parameters, then states.</summary>
    internal IEnumerable<ParameterTensor> Tensors => Parameters.Concat<ParameterTensor>(States);

    /// <summary>
    /// Gives the calling thread the model for a whole training run: use by other threads is an error until the result is disposed.
    /// </summary>
    internal Access BeginTraining()
    {
        ThrowIfDisposed();
        gate.BeginSession();
        return new Access(gate, AccessKind.Session);
    }

    /// <summary>Lets an optimizer change the parameters, or a part of them, alone, until the result is disposed.</summary>
    internal Access BeginUpdate(out DeviceModel device, string part = "")
    {
        ThrowIfDisposed();
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

    internal Access Write()
    {
        ThrowIfDisposed();
        gate.EnterWrite();
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
            throw new InvalidOperationException($"Nothing has gone through {Description.Name} yet: call Forward first.");
    }

    private void CheckOutput(int output)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(output);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(output, Description.Outputs.Length);
    }
}
