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

    internal DecodingWorkspace CreateDecodingWorkspace(int samples) => device.CreateDecodingWorkspace(samples);

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(disposed, this);

    private void CheckOutput(int output)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(output);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(output, Description.Outputs.Length);
    }
}
