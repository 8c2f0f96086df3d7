using System.ComponentModel;
using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelDsl.Ilgpu.Compiled;

/// <summary>Operations of all threads of a group in generated kernels. All of the threads must call them.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Threads
{
    /// <summary>
    /// The sum of a value over the threads whose indices are equal modulo a width, in a fixed order: thread t adds thread t + half, then a quarter,
    /// and so on.
    /// </summary>
    /// <param name="shared">One float per thread.</param>
    /// <param name="thread">The index of the thread.</param>
    /// <param name="value">The value of the thread.</param>
    /// <param name="threads">The number of threads of the group, a power of two.</param>
    /// <param name="width">The number of separate sums, a power of two.</param>
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

    /// <summary>The maximum of a value over the threads whose indices are equal modulo a width; NaN if any value is NaN.</summary>
    /// <param name="shared">One float per thread.</param>
    /// <param name="thread">The index of the thread.</param>
    /// <param name="value">The value of the thread.</param>
    /// <param name="threads">The number of threads of the group, a power of two.</param>
    /// <param name="width">The number of separate maxima, a power of two.</param>
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
