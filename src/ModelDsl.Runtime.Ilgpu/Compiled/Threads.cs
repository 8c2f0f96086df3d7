using System.ComponentModel;
using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelDsl.Ilgpu.Compiled;

/// <summary>What the threads of a group do together in generated kernels. All of them must come by.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Threads
{
    /// <summary>
    /// The sum of a value over the threads whose numbers are equal modulo a width, by a fixed tree: thread t adds thread t + half, then a quarter,
    /// and so on.
    /// </summary>
    /// <param name="shared">One float per thread.</param>
    /// <param name="thread">The thread's number.</param>
    /// <param name="value">Its value.</param>
    /// <param name="threads">Threads of the group, a power of two.</param>
    /// <param name="width">How many sums there are side by side, a power of two.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(ArrayView<float> shared, int thread, float value, int threads, int width)
    {
        shared[thread] = value;
        Group.Barrier();
        for (var half = threads / 2; half >= width; half /= 2)
        {
            if (thread < half)
                shared[thread] += shared[thread + half];
            Group.Barrier();
        }

        var result = shared[thread % width];
        Group.Barrier();
        return result;
    }

    /// <summary>The maximum, likewise; NaN wins.</summary>
    /// <param name="shared">One float per thread.</param>
    /// <param name="thread">The thread's number.</param>
    /// <param name="value">Its value.</param>
    /// <param name="threads">Threads of the group, a power of two.</param>
    /// <param name="width">How many maxima there are side by side, a power of two.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(ArrayView<float> shared, int thread, float value, int threads, int width)
    {
        shared[thread] = value;
        Group.Barrier();
        for (var half = threads / 2; half >= width; half /= 2)
        {
            if (thread < half)
                shared[thread] = KernelMath.Maximum(shared[thread], shared[thread + half]);
            Group.Barrier();
        }

        var result = shared[thread % width];
        Group.Barrier();
        return result;
    }
}
