using System.ComponentModel;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace ModelDsl.Ilgpu.Compiled;

/// <summary>The buffers and scalars of one step, all in the memory of the device.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct DeviceStep
{
    /// <summary>The accelerator on which kernels run.</summary>
    public required Accelerator Accelerator { get; init; }

    /// <summary>Loads kernels.</summary>
    public required KernelLoader Kernels { get; init; }

    /// <summary>The number of samples in this batch, at least 1.</summary>
    public required int N { get; init; }

    /// <summary>The model's seed, for dropout masks.</summary>
    public ulong Seed { get; init; }

    /// <summary>The number of training steps before this one, for dropout masks.</summary>
    public uint Number { get; init; }

    /// <summary>The index of the loss that the step trains, for a model with several losses.</summary>
    public int Loss { get; init; }

    /// <summary>Whether the device has tensor cores that multiply TF32 matrices.</summary>
    public bool HasTensorCores => Accelerator is CudaAccelerator cuda && cuda.Architecture >= CudaArchitecture.SM_80;

    /// <summary>Whether the device runs joint kernels whose parts have barriers.</summary>
    public bool JoinsKernels => Kernels.JoinsKernels;

    internal int Capacity { get; init; }

    internal ArrayView<float> AllParameters { get; init; }

    internal ArrayView<float> AllGradients { get; init; }

    internal ArrayView<float> AllBatched { get; init; }

    internal ArrayView<float> AllFixed { get; init; }

    internal ColumnBuffers Columns { get; init; }

    /// <summary>Returns a parameter.</summary>
    /// <param name="offset">The offset in the flat buffer.</param>
    /// <param name="length">The length, including pads.</param>
    public ArrayView<float> Parameter(int offset, int length) => AllParameters.SubView(offset, length);

    /// <summary>Returns the gradient of a parameter.</summary>
    /// <param name="offset">The offset in the flat buffer.</param>
    /// <param name="length">The length, including pads.</param>
    public ArrayView<float> Gradient(int offset, int length) => AllGradients.SubView(offset, length);

    /// <summary>Returns a value with a batch axis.</summary>
    /// <param name="offset">The planned offset in floats per sample.</param>
    /// <param name="length">The length per sample.</param>
    public ArrayView<float> Batched(int offset, int length) => AllBatched.SubView((long)offset * Capacity, (long)length * Capacity);

    /// <summary>Returns a value without a batch axis.</summary>
    /// <param name="offset">The planned offset.</param>
    /// <param name="length">The length.</param>
    public ArrayView<float> Fixed(int offset, int length) => AllFixed.SubView(offset, length);

    /// <summary>Returns a column of floats.</summary>
    /// <param name="column">The index among inputs and targets.</param>
    public ArrayView<float> Floats(int column) => Columns.Floats(column);

    /// <summary>Returns a column of integers.</summary>
    /// <param name="column">The index among inputs and targets.</param>
    public ArrayView<int> Ints(int column) => Columns.Ints(column);
}
