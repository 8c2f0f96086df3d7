using ILGPU;
using ILGPU.Runtime;
using ModelDsl.Ilgpu.Compiled;

namespace ModelDsl.Ilgpu;

/// <summary>The Euclidean norm of a buffer: blocks of a fixed length are summed in a fixed order, and their sums are added in order on the host in double precision.</summary>
internal sealed class GradientNorm : IDisposable
{
    private const int Threads = 256;

    /// <summary>The number of floats per block.</summary>
    private const int Block = 4096;

    private readonly IlgpuDevice device;
    private readonly IlgpuBuffer buffer;
    private readonly IlgpuBuffer sums;
    private readonly float[] host;
    private Action<KernelConfig, ArrayView<float>, ArrayView<float>, int>? squares;

    /// <summary>Prepares the norm of a buffer.</summary>
    /// <param name="device">The device.</param>
    /// <param name="buffer">The buffer.</param>
    public GradientNorm(IlgpuDevice device, IlgpuBuffer buffer)
    {
        this.device = device;
        this.buffer = buffer;
        host = new float[(buffer.Length + Block - 1) / Block];
        sums = new IlgpuBuffer(device, host.Length, "The norm of gradients");
    }

    /// <summary>Computes the norm of a part of the buffer.</summary>
    /// <param name="start">The index of its first float.</param>
    /// <param name="length">Its length.</param>
    public double Compute(int start, int length)
    {
        var blocks = (length + Block - 1) / Block;
        if (blocks == 0)
            return 0;
        device.Use("the norm of gradients was computed", (Norm: this, Blocks: blocks, Start: start, Length: length), static range => range.Norm.Launch(range.Blocks, range.Start, range.Length));
        sums.Read(0, host);
        var total = 0.0;
        foreach (var sum in host.AsSpan(0, blocks))
            total += sum;
        return Math.Sqrt(total);
    }

    private void Launch(int blocks, int start, int length)
    {
        squares ??= device.Kernels.Load<ArrayView<float>, ArrayView<float>, int>(Squares);
        squares(new KernelConfig(blocks, Threads), buffer.View.SubView(start, length), sums.View, length);
    }

    /// <inheritdoc/>
    public void Dispose() => sums.Dispose();

    internal static void Squares(ArrayView<float> values, ArrayView<float> sums, int length)
    {
        var shared = SharedMemory.Allocate<float>(Threads);
        var start = Grid.IdxX * Block;
        var end = Math.Min(start + Block, length);
        var sum = 0f;
        for (var i = start + Group.IdxX; i < end; i += Threads)
            sum += values[i] * values[i];
        sum = Compiled.Threads.Sum(shared, Group.IdxX, sum, Threads, 1);
        if (Group.IdxX == 0)
            sums[Grid.IdxX] = sum;
    }
}
