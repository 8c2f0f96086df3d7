using System.ComponentModel;
using ModelDsl.Compiled;

namespace ModelDsl.Ilgpu.Compiled;

/// <summary>
/// The interface between the ILGPU device and generated code. Each method launches a fixed list of kernels in the stream of the device and returns without
/// waiting for them. A kernel is compiled when it is first launched.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class IlgpuProgram : DeviceProgram
{
    /// <summary>Starts the training forward pass, which computes the outputs and the mean loss.</summary>
    /// <param name="step">The buffers and scalars of this step.</param>
    /// <exception cref="NotSupportedException">The model is for prediction only.</exception>
    public virtual void Forward(in DeviceStep step) => throw new NotSupportedException("The model was compiled for prediction only.");

    /// <summary>Starts the computation of the gradients of the mean loss with respect to all trainable parameters.</summary>
    /// <param name="step">The buffers and scalars of the same step.</param>
    /// <exception cref="NotSupportedException">The model is for prediction only.</exception>
    public virtual void Backward(in DeviceStep step) => throw new NotSupportedException("The model was compiled for prediction only.");

    /// <summary>Starts the inference plan.</summary>
    /// <param name="step">The buffers of a workspace.</param>
    /// <param name="parts">What to compute in addition to the raw outputs.</param>
    public abstract void Infer(in DeviceStep step, InferParts parts);
}
