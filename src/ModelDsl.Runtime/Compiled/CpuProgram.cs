using System.ComponentModel;
using ModelDsl.Devices;

namespace ModelDsl.Compiled;

/// <summary>
/// The interface between the CPU device and generated code. A generated model has one sealed program per vector width. Every worker of a step
/// calls each method at the same time; the method splits its phases over the workers, which wait for each other at <see cref="Worker.Barrier"/>.
/// </summary>
/// <remarks>Results do not depend on the number of workers: work is split over outputs, and long sums into a fixed number of partial sums.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class CpuProgram : DeviceProgram
{
    /// <summary>Whether training steps check the numbers that they compute. Then the device checks the numbers that they are given.</summary>
    public virtual bool ChecksNumbers => false;

    /// <summary>What is told during a backward pass which gradients are final; null for nothing.</summary>
    internal ICompletedGradients? Completed { get; set; }

    /// <summary>Runs the training forward pass, which computes the outputs and the mean loss.</summary>
    /// <param name="step">The buffers and scalars of this step.</param>
    /// <param name="worker">The worker of the calling thread.</param>
    /// <exception cref="NotSupportedException">The model is for prediction only.</exception>
    public virtual void Forward(in Step step, Worker worker) => throw new NotSupportedException("The model was compiled for prediction only.");

    /// <summary>Computes the gradients of the mean loss with respect to all trainable parameters, and overwrites the gradient buffer with them.</summary>
    /// <param name="step">The buffers and scalars of the same step.</param>
    /// <param name="worker">The worker of the calling thread.</param>
    /// <exception cref="NotSupportedException">The model is for prediction only.</exception>
    public virtual void Backward(in Step step, Worker worker) => throw new NotSupportedException("The model was compiled for prediction only.");

    /// <summary>Announces in a backward pass that all gradients from an offset on are final. Every worker calls it after a barrier.</summary>
    /// <param name="worker">The worker of the calling thread.</param>
    /// <param name="from">The offset of the first gradient that is final.</param>
    /// <param name="to">The offset from which on gradients were final before.</param>
    protected void GradientsCompleted(Worker worker, int from, int to) => Completed?.Complete(worker, from, to);

    /// <summary>The length of the copies of parameters that inference and sessions read, in floats; 0 if there are none.</summary>
    public virtual int ParameterCopyFloats => 0;

    /// <summary>Copies parameters into the layouts that products of inference and of sessions read. It runs before these plans when parameters have changed.</summary>
    /// <param name="step">The parameters and the copies; the other buffers are null.</param>
    /// <param name="worker">The worker of the calling thread.</param>
    public virtual void CopyParameters(in Step step, Worker worker)
    {
    }

    /// <summary>Runs the inference plan.</summary>
    /// <param name="step">The buffers of a workspace.</param>
    /// <param name="worker">The worker of the calling thread.</param>
    /// <param name="parts">What to compute in addition to the raw outputs.</param>
    public abstract void Infer(in Step step, Worker worker, InferParts parts);

    /// <summary>
    /// Runs a plan of a session. It reads tokens, their positions and the buffers of the session, updates these buffers and, if <see cref="Step.NeedsLogits"/> is set, computes logits.
    /// </summary>
    /// <param name="step">The buffers of a session.</param>
    /// <param name="worker">The worker of the calling thread.</param>
    /// <param name="plan">The index of the plan in the model's description.</param>
    /// <exception cref="NotSupportedException">The model generates no tokens.</exception>
    public virtual void Decode(in Step step, Worker worker, int plan) => throw new NotSupportedException("The model was compiled without sessions.");
}

/// <summary>What an inference computes in addition to the raw outputs. <see cref="InferStages"/> creates values for inferences that end before them.</summary>
[Flags]
[EditorBrowsable(EditorBrowsableState.Never)]
public enum InferParts
{
    /// <summary>Only the raw outputs.</summary>
    None = 0,

    /// <summary>The outputs after the output activation of the loss: probabilities.</summary>
    OutputActivation = 1,

    /// <summary>The mean loss, which needs targets.</summary>
    Loss = 2,
}

/// <summary>The buffers and scalars of one step. All pointers point into pinned buffers, which have 64 readable bytes after their end.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly unsafe struct Step
{
    /// <summary>The number of samples in this batch, at least 1.</summary>
    public required int N { get; init; }

    /// <summary>The number of samples that the batched arena has room for: a multiple of 16, at least <see cref="N"/>.</summary>
    public required int Capacity { get; init; }

    /// <summary>The flat parameter buffer.</summary>
    public required float* Parameters { get; init; }

    /// <summary>The copies of parameters; null in training, and if there are none.</summary>
    public float* ParameterCopies { get; init; }

    /// <summary>Whether <see cref="Fixed"/> still has the copies of parameters that this pass would make: an earlier step with the same parameters has made them.</summary>
    public bool HasCopies { get; init; }

    /// <summary>The flat gradient buffer; null in inference.</summary>
    public float* Gradients { get; init; }

    /// <summary>The arena of values with a batch axis: a buffer planned at offset o starts at <c>o · Capacity</c>.</summary>
    public required float* Batched { get; init; }

    /// <summary>The arena of values without a batch axis.</summary>
    public required float* Fixed { get; init; }

    /// <summary>The buffers of a session: a buffer planned at offset o starts at <c>o · Capacity</c>; null without a session.</summary>
    public float* Caches { get; init; }

    /// <summary>Whether a plan of a session computes logits, or only updates the buffers of the session.</summary>
    public bool NeedsLogits { get; init; }

    /// <summary>The memory of all workers, in their order; null if the plan needs none.</summary>
    public float* Workers { get; init; }

    /// <summary>Pointers to the columns, inputs first and then targets: <c>float*</c> or <c>int*</c> by the column's type.</summary>
    public required void** Columns { get; init; }

    /// <summary>The model's seed, for dropout masks.</summary>
    public ulong Seed { get; init; }

    /// <summary>The number of training steps before this one, for dropout masks.</summary>
    public uint Number { get; init; }

    /// <summary>The index of the loss that the step trains, for a model with several losses.</summary>
    public int Loss { get; init; }

    /// <summary>The index of the bucket whose plans the step runs, for a model with buckets; their number for all positions.</summary>
    public int Bucket { get; init; }
}
