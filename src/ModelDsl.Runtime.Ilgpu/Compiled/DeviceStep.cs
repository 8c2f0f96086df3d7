using System.ComponentModel;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace ModelDsl.Ilgpu.Compiled;

/// <summary>The buffers and scalars one step works on, all in the device's memory.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct DeviceStep
{
    /// <summary>The device kernels are loaded on.</summary>
    public required Accelerator Accelerator { get; init; }

    /// <summary>Number of samples in this batch, at least 1.</summary>
    public required int N { get; init; }

    /// <summary>The model's seed, for dropout masks.</summary>
    public ulong Seed { get; init; }

    /// <summary>The number of training steps before this one, for dropout masks.</summary>
    public uint Number { get; init; }

    /// <summary>Where a model has several losses: which one the step is of.</summary>
    public int Loss { get; init; }

    /// <summary>Whether the device multiplies matrices of TF32 numbers by itself.</summary>
    public bool HasTensorCores => Accelerator is CudaAccelerator cuda && cuda.Architecture >= CudaArchitecture.SM_80;

    internal int Capacity { get; init; }

    internal ArrayView<float> AllParameters { get; init; }

    internal ArrayView<float> AllGradients { get; init; }

    internal ArrayView<float> AllBatched { get; init; }

    internal ArrayView<float> AllFixed { get; init; }

    internal ColumnBuffers Columns { get; init; }

    /// <summary>A parameter.</summary>
    /// <param name="offset">Its offset in the flat buffer.</param>
    /// <param name="length">Its length, pads included.</param>
    public ArrayView<float> Parameter(int offset, int length) => AllParameters.SubView(offset, length);

    /// <summary>A parameter's gradient.</summary>
    /// <param name="offset">Its offset in the flat buffer.</param>
    /// <param name="length">Its length, pads included.</param>
    public ArrayView<float> Gradient(int offset, int length) => AllGradients.SubView(offset, length);

    /// <summary>A value with a batch axis.</summary>
    /// <param name="offset">Its planned offset in floats per sample.</param>
    /// <param name="length">Its length per sample.</param>
    public ArrayView<float> Batched(int offset, int length) => AllBatched.SubView((long)offset * Capacity, (long)length * Capacity);

    /// <summary>A value without a batch axis.</summary>
    /// <param name="offset">Its planned offset.</param>
    /// <param name="length">Its length.</param>
    public ArrayView<float> Fixed(int offset, int length) => AllFixed.SubView(offset, length);

    /// <summary>A column of floats.</summary>
    /// <param name="column">Its index among inputs and targets.</param>
    public ArrayView<float> Floats(int column) => Columns.Floats(column);

    /// <summary>A column of integers.</summary>
    /// <param name="column">Its index among inputs and targets.</param>
    public ArrayView<int> Ints(int column) => Columns.Ints(column);
}
