using System.ComponentModel;

namespace ModelDsl.Compiled;

/// <summary>
/// The seam between the CPU device and generated code. A generated model has one sealed program per vector width; each method runs on every
/// worker of a step at once, splits its phases over them and meets at <see cref="Worker.Barrier"/>.
/// </summary>
/// <remarks>Results do not depend on the number of workers: work is split over outputs, and long sums into a fixed number of pieces.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class CpuProgram : DeviceProgram
{
    /// <summary>Runs the training forward pass: outputs and the mean loss.</summary>
    /// <param name="step">The buffers and scalars of this step.</param>
    /// <param name="worker">The worker the calling thread is.</param>
    public abstract void Forward(in Step step, Worker worker);

    /// <summary>Computes the gradients of the mean loss by all trainable parameters into the gradient buffer, overwriting it.</summary>
    /// <param name="step">The buffers and scalars of the same step.</param>
    /// <param name="worker">The worker the calling thread is.</param>
    public abstract void Backward(in Step step, Worker worker);

    /// <summary>Runs the inference plan.</summary>
    /// <param name="step">The buffers of a workspace.</param>
    /// <param name="worker">The worker the calling thread is.</param>
    /// <param name="parts">What is wanted beside the raw outputs.</param>
    public abstract void Infer(in Step step, Worker worker, InferParts parts);
}

/// <summary>What an inference run computes beside the raw outputs; <see cref="InferStages"/> makes values for runs that end before them.</summary>
[Flags]
[EditorBrowsable(EditorBrowsableState.Never)]
public enum InferParts
{
    /// <summary>Only the raw outputs.</summary>
    None = 0,

    /// <summary>The outputs after the loss's link: probabilities.</summary>
    Link = 1,

    /// <summary>The mean loss; targets must be present.</summary>
    Loss = 2,
}

/// <summary>The buffers and scalars one step works on. All pointers are into pinned buffers with 64 readable bytes behind their end.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly unsafe struct Step
{
    /// <summary>Number of samples in this batch, at least 1.</summary>
    public required int N { get; init; }

    /// <summary>Samples the batched arena has room for: a multiple of 16, at least <see cref="N"/>.</summary>
    public required int Capacity { get; init; }

    /// <summary>The flat parameter buffer.</summary>
    public required float* Parameters { get; init; }

    /// <summary>The flat gradient buffer; null in inference.</summary>
    public float* Gradients { get; init; }

    /// <summary>The arena of values with a batch axis: a buffer planned at offset o starts at <c>o · Capacity</c>.</summary>
    public required float* Batched { get; init; }

    /// <summary>The arena of values without a batch axis.</summary>
    public required float* Fixed { get; init; }

    /// <summary>The memory that workers have of their own, one behind the other; null where the plan needs none.</summary>
    public float* Workers { get; init; }

    /// <summary>Pointers to the columns, inputs first and then targets: <c>float*</c> or <c>int*</c> by the column's type.</summary>
    public required void** Columns { get; init; }

    /// <summary>The model's seed, for dropout masks.</summary>
    public ulong Seed { get; init; }

    /// <summary>The number of training steps before this one, for dropout masks.</summary>
    public uint Number { get; init; }

    /// <summary>Where a model has several losses: which one the step is of.</summary>
    public int Loss { get; init; }
}
