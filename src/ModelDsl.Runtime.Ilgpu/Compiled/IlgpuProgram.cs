using System.ComponentModel;
using ModelDsl.Compiled;

namespace ModelDsl.Ilgpu.Compiled;

/// <summary>
/// The seam between the ILGPU device and generated code. Each method starts a fixed list of kernels in the device's stream and returns without
/// waiting for them. A kernel is compiled when it is first launched.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class IlgpuProgram
{
    /// <summary>The memory and the work of a training step; with several losses, enough for the step of any of them.</summary>
    public abstract PlanDescription Train { get; }

    /// <summary>The memory and the work of a training step of each of several losses; empty for a single one.</summary>
    public virtual PlanDescription[] Losses => [];

    /// <summary>The memory and the work of inference.</summary>
    public abstract PlanDescription Inference { get; }

    /// <summary>Where the plans leave the model's outputs.</summary>
    public abstract OutputPlaces[] Outputs { get; }

    /// <summary>Starts the training forward pass: outputs and the mean loss.</summary>
    /// <param name="step">The buffers and scalars of this step.</param>
    public abstract void Forward(in DeviceStep step);

    /// <summary>Starts computing the gradients of the mean loss by all trainable parameters.</summary>
    /// <param name="step">The buffers and scalars of the same step.</param>
    public abstract void Backward(in DeviceStep step);

    /// <summary>Starts the inference plan.</summary>
    /// <param name="step">The buffers of a workspace.</param>
    /// <param name="parts">What is wanted beside the raw outputs.</param>
    public abstract void Infer(in DeviceStep step, InferParts parts);
}

/// <summary>Where the plans leave an output, in floats per sample of the arena of values with a batch axis.</summary>
/// <param name="Train">Where a training step leaves the raw output.</param>
/// <param name="Inference">Where inference leaves the raw output.</param>
/// <param name="Link">Where inference leaves the output after the loss's link.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct OutputPlaces(int Train, int Inference, int Link);
