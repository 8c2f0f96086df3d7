using ILGPU;
using ILGPU.Runtime;
using ModelDsl.Devices;

namespace ModelDsl.Ilgpu;

/// <summary>A sum of gradients in the memory of the device.</summary>
/// <param name="device">The device.</param>
/// <param name="gradients">The gradients.</param>
/// <param name="start">The index of the first gradient.</param>
/// <param name="length">The number of gradients.</param>
internal sealed class IlgpuGradientSum(IlgpuDevice device, IlgpuBuffer gradients, int start, int length) : GradientSum
{
    private const int Threads = 256;

    private readonly IlgpuBuffer sums = new(device, length, "The sum of gradients");
    private Action<KernelConfig, ArrayView<float>, ArrayView<float>, int, float, byte>? add;
    private Action<KernelConfig, ArrayView<float>, ArrayView<float>, int, float>? write;

    /// <inheritdoc/>
    public override void Add(float weight, bool isFirst)
    {
        if (length == 0)
            return;
        device.Use("gradients were added", (Sum: this, Weight: weight, IsFirst: isFirst), static addend => addend.Sum.LaunchAdd(addend.Weight, addend.IsFirst));
    }

    /// <inheritdoc/>
    public override void WriteMean(float divisor)
    {
        if (length == 0)
            return;
        device.Use("the mean of gradients was computed", (Sum: this, Divisor: divisor), static mean => mean.Sum.LaunchDivide(mean.Divisor));
    }

    private void LaunchAdd(float weight, bool isFirst)
    {
        add ??= device.Kernels.Load<ArrayView<float>, ArrayView<float>, int, float, byte>(AddWeighted);
        add(Config, gradients.View.SubView(start, length), sums.View, length, weight, isFirst ? (byte)1 : (byte)0);
    }

    private void LaunchDivide(float divisor)
    {
        write ??= device.Kernels.Load<ArrayView<float>, ArrayView<float>, int, float>(Divide);
        write(Config, gradients.View.SubView(start, length), sums.View, length, divisor);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            sums.Dispose();
        base.Dispose(disposing);
    }

    private KernelConfig Config => new((length + Threads - 1) / Threads, Threads);

    internal static void AddWeighted(ArrayView<float> gradients, ArrayView<float> sums, int length, float weight, byte isFirst)
    {
        var i = Grid.GlobalIndex.X;
        if (i < length)
            sums[i] = isFirst != 0 ? weight * gradients[i] : sums[i] + (weight * gradients[i]);
    }

    internal static void Divide(ArrayView<float> gradients, ArrayView<float> sums, int length, float divisor)
    {
        var i = Grid.GlobalIndex.X;
        if (i < length)
            gradients[i] = sums[i] / divisor;
    }
}
