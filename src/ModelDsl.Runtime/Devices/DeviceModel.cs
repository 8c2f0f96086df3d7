namespace ModelDsl.Devices;

/// <summary>
/// A model on a device: its buffers and its compiled program. <see cref="Model"/> checks arguments and keeps threads apart;
/// what arrives here is valid, and one call at a time except for workspaces, which run beside each other.
/// </summary>
public abstract class DeviceModel : IDisposable
{
    /// <summary>The flat parameter buffer, pads included.</summary>
    public abstract DeviceBuffer Parameters { get; }

    /// <summary>The flat gradient buffer: as long as the trainable prefix of <see cref="Parameters"/>.</summary>
    public abstract DeviceBuffer Gradients { get; }

    /// <summary>The number of samples the training arena has room for.</summary>
    public abstract int BatchCapacity { get; }

    /// <summary>Floats of work space that an inference takes per sample; predictions of many samples are cut so that it stays small.</summary>
    public virtual int InferenceFloats => 1;

    /// <summary>Makes room for training on batches of so many samples. Never shrinks.</summary>
    /// <param name="samples">Number of samples, at least 1.</param>
    public abstract void EnsureBatchCapacity(int samples);

    /// <summary>Starts the training forward pass.</summary>
    /// <param name="batch">The samples; they stay as they are until the pass is over.</param>
    /// <param name="seed">The model's seed, for dropout masks.</param>
    /// <param name="number">The number of training steps before this one, likewise.</param>
    /// <param name="loss">Where a model has several losses: the place of the one that is trained; otherwise 0.</param>
    public abstract void Forward(Batch batch, ulong seed, uint number, int loss);

    /// <summary>Starts the backward pass of the step that <see cref="Forward"/> began.</summary>
    /// <param name="batch">The same batch.</param>
    public abstract void Backward(Batch batch);

    /// <summary>
    /// Copies the states aside, before <see cref="Backward"/> changes them: part of every step of a model that has any, so it must neither allocate again and again nor
    /// wait for the device.
    /// </summary>
    public abstract void SaveStates();

    /// <summary>Gives the states the values that <see cref="SaveStates"/> has copied.</summary>
    public abstract void RestoreStates();

    /// <summary>Waits for the step and reads its mean loss.</summary>
    public abstract float ReadLoss();

    /// <summary>Waits for the step and reads a raw output: count · length floats, valid until the next step.</summary>
    /// <param name="output">The output's place in the model's description.</param>
    public abstract ReadOnlySpan<float> ReadOutput(int output);

    /// <summary>The Euclidean norm of a part of the gradient buffer, summed in fixed pieces: the same bits on any number of threads.</summary>
    /// <param name="start">The part's first float, a multiple of 16.</param>
    /// <param name="length">Its length, a multiple of 16.</param>
    public abstract double GradientNorm(int start, int length);

    /// <summary>Prepares an optimizer's pass over the flat buffers.</summary>
    /// <typeparam name="TRule">What happens to one element.</typeparam>
    /// <param name="states">Number of state buffers; they start as zeros.</param>
    /// <param name="segments">The trainable parameters to update, one run of the buffers divided by weight decay.</param>
    public abstract UpdatePass<TRule> CreatePass<TRule>(int states, UpdateSegment[] segments)
        where TRule : struct, IUpdateRule;

    /// <summary>Creates memory for one inference at a time.</summary>
    public abstract InferenceWorkspace CreateWorkspace();

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
