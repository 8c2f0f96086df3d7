using ModelDsl.Compiled;

namespace ModelDsl.Devices;

/// <summary>
/// A model on a device: its buffers and its compiled program. <see cref="Model"/> checks arguments and synchronizes threads:
/// arguments are valid, and only one call runs at a time, except for workspaces, which run concurrently.
/// </summary>
public abstract class DeviceModel : IDisposable
{
    /// <summary>The description of the model, which sets it when it is created.</summary>
    internal ModelDescription? Description { get; set; }

    /// <summary>The flat parameter buffer, including pads.</summary>
    public abstract DeviceBuffer Parameters { get; }

    /// <summary>The flat gradient buffer: as long as the trainable prefix of <see cref="Parameters"/>.</summary>
    public abstract DeviceBuffer Gradients { get; }

    /// <summary>The number of samples that the memory of a training step has room for.</summary>
    public abstract int BatchCapacity { get; }

    /// <summary>The number of floats in the workspace that an inference needs per sample; predictions of many samples are divided so that the workspace stays small.</summary>
    public virtual int InferenceFloats => 1;

    /// <summary>Makes room for training on batches of the given size. Never shrinks.</summary>
    /// <param name="samples">The number of samples, at least 1.</param>
    public abstract void EnsureBatchCapacity(int samples);

    /// <summary>Starts the training forward pass.</summary>
    /// <param name="batch">The samples, which must not change until the pass is complete.</param>
    /// <param name="seed">The model's seed, for dropout masks.</param>
    /// <param name="number">The number of training steps before this one, for dropout masks.</param>
    /// <param name="loss">The index of the loss that is trained; 0 for a model with a single loss.</param>
    public abstract void Forward(Batch batch, ulong seed, uint number, int loss);

    /// <summary>Starts the backward pass of the step that <see cref="Forward"/> began.</summary>
    /// <param name="batch">The same batch.</param>
    public abstract void Backward(Batch batch);

    /// <summary>Whether a backward pass announces gradients that are final before its end.</summary>
    internal virtual bool AnnouncesGradients => false;

    /// <summary>Starts the backward pass, and announces gradients that are final before its end. A device that cannot do so announces none.</summary>
    /// <param name="batch">The same batch.</param>
    /// <param name="completed">What is told which gradients are final; null for nothing.</param>
    internal virtual void Backward(Batch batch, ICompletedGradients? completed) => Backward(batch);

    /// <summary>Called before parameters or states change, while nothing reads them.</summary>
    internal virtual void ParametersChange()
    {
    }

    /// <summary>Called instead if only states change.</summary>
    internal virtual void StatesChange() => ParametersChange();

    /// <summary>Called after an optimizer's update.</summary>
    /// <exception cref="NonFiniteNumberException">The model checks its numbers, and a parameter is infinite or NaN.</exception>
    internal virtual void Updated()
    {
    }

    /// <summary>
    /// Saves a copy of the states before <see cref="Backward(Batch)"/> changes them. It runs in every step of a model that has states, so it must neither allocate in each step
    /// nor wait for the device.
    /// </summary>
    public abstract void SaveStates();

    /// <summary>Restores the values that <see cref="SaveStates"/> saved.</summary>
    public abstract void RestoreStates();

    /// <summary>Waits for the step and reads its mean loss.</summary>
    public abstract float ReadLoss();

    /// <summary>Waits for the step and reads a raw output: (number of samples) · (length of the output) floats, valid until the next step.</summary>
    /// <param name="output">The index of the output in the model's description.</param>
    public abstract ReadOnlySpan<float> ReadOutput(int output);

    /// <summary>The Euclidean norm of a part of the gradient buffer. A fixed number of partial sums gives the same bits on any number of threads.</summary>
    /// <param name="start">The index of the part's first float, a multiple of 16.</param>
    /// <param name="length">Its length, a multiple of 16.</param>
    public abstract double GradientNorm(int start, int length);

    /// <summary>Allocates memory for a sum of gradients. The default is in main memory, which works on every device, but copies all gradients.</summary>
    /// <param name="start">The index of the first gradient, a multiple of 16.</param>
    /// <param name="length">The number of gradients, a multiple of 16.</param>
    public virtual GradientSum CreateGradientSum(int start, int length) => new HostGradientSum(Gradients, start, length);

    /// <summary>Creates an optimizer's pass over the flat buffers.</summary>
    /// <typeparam name="TRule">The update rule for one element.</typeparam>
    /// <param name="states">The number of state buffers, which are initialized to zero.</param>
    /// <param name="segments">The trainable parameters to update: one contiguous range of the buffers, divided by weight decay.</param>
    public abstract UpdatePass<TRule> CreatePass<TRule>(int states, UpdateSegment[] segments)
        where TRule : struct, IUpdateRule;

    /// <summary>Adds noise to gradients.</summary>
    /// <param name="noise">The noise, by the positions of gradients in the buffer.</param>
    /// <param name="segments">The segments whose gradients get noise.</param>
    /// <param name="pads">The ranges of the buffer that must stay 0.</param>
    internal virtual void AddNoise(in NormalNoise noise, IReadOnlyList<UpdateSegment> segments, (int Start, int Length)[] pads) =>
        HostNoise.Add(Gradients, in noise, segments, pads);

    /// <summary>Creates the pass of <see cref="Lamb"/>. The default is in main memory, which works on every device, but copies parameters and gradients.</summary>
    /// <param name="segments">The trainable parameters to update, a segment for each.</param>
    public virtual LambPass CreateLambPass(UpdateSegment[] segments) => new HostLambPass(new HostCopies(this, segments), segments);

    /// <summary>Creates the pass of <see cref="Adafactor"/>. The default is in main memory, which works on every device, but copies parameters and gradients.</summary>
    /// <param name="segments">The trainable parameters to update, a segment for each.</param>
    internal virtual AdafactorPass CreateAdafactorPass(UpdateSegment[] segments) =>
        new HostAdafactorPass(new HostCopies(this, segments), Description!, segments);

    /// <summary>Creates memory for one inference at a time.</summary>
    public abstract InferenceWorkspace CreateWorkspace();

    /// <summary>Creates the memory of a session.</summary>
    /// <param name="samples">How many samples it has, at least 1.</param>
    /// <exception cref="NotSupportedException">The device has no sessions.</exception>
    public virtual DecodingWorkspace CreateDecodingWorkspace(int samples) => throw new NotSupportedException(
        "Sessions run on CPUs only, and this model is on another device: load its weights into a model that is created with device: Device.Cpu, or call Predict.");

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the device's memory.</summary>
    /// <param name="disposing">False when called by a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
