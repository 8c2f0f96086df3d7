using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ModelDsl.Compiled;

/// <summary>Moves blocks of numbers for generated kernels.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class Blocks
{
    private const int Size = 16;

    /// <summary>Asks the processor to load a block of numbers into its cache. It reads nothing, so addresses beyond the block do no harm.</summary>
    /// <param name="first">The first number.</param>
    /// <param name="stride">The number of floats from one row to the next.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* first, int stride, int rows, int columns)
    {
        if (!Sse.IsSupported) return;
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column += Size) Sse.Prefetch0(&first[((long)row * stride) + column]);
        }
    }

    /// <summary>Asks the processor to load a cache line into its level-2 cache. It reads nothing, so any address does no harm.</summary>
    /// <param name="address">An address in the line.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PrefetchLine(float* address)
    {
        if (Sse.IsSupported) Sse.Prefetch1(address);
    }

    /// <summary>
    /// Copies a block of at most 16 × 16 numbers transposed: <c>target[r · targetStride + c] = source[c · sourceStride + r]</c>. Each target row has
    /// sixteen lanes, with zeros after the last column.
    /// </summary>
    /// <param name="target">The first element of the target.</param>
    /// <param name="targetStride">The number of floats from one target row to the next.</param>
    /// <param name="source">The first element of the source.</param>
    /// <param name="sourceStride">The number of floats from one source row to the next.</param>
    /// <param name="rows">The number of rows of the target, which is the number of values in each source row; at most 16.</param>
    /// <param name="columns">The number of columns of the target, which is the number of rows of the source; at most 16.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* target, int targetStride, float* source, int sourceStride, int rows, int columns)
    {
        if (rows == Size && columns == Size && Vector128.IsHardwareAccelerated)
        {
            for (var r = 0; r < Size; r += 4)
            {
                for (var c = 0; c < Size; c += 4) Transpose4(target + (r * targetStride) + c, targetStride, source + (c * sourceStride) + r, sourceStride);
            }

            return;
        }

        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < Size; c++) target[(r * targetStride) + c] = c < columns ? source[(c * sourceStride) + r] : 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose4(float* target, int targetStride, float* source, int sourceStride)
    {
        var a = Vector128.Load(source);
        var b = Vector128.Load(source + sourceStride);
        var c = Vector128.Load(source + (2 * sourceStride));
        var d = Vector128.Load(source + (3 * sourceStride));
        var (ac0, ac1) = Zip(a, c);
        var (bd0, bd1) = Zip(b, d);
        var (r0, r1) = Zip(ac0, bd0);
        var (r2, r3) = Zip(ac1, bd1);
        r0.Store(target);
        r1.Store(target + targetStride);
        r2.Store(target + (2 * targetStride));
        r3.Store(target + (3 * targetStride));
    }

    /// <summary>Interleaves two vectors: (x₀ y₀ x₁ y₁) and (x₂ y₂ x₃ y₃).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<float> Low, Vector128<float> High) Zip(Vector128<float> x, Vector128<float> y)
    {
        if (System.Runtime.Intrinsics.X86.Sse.IsSupported)
        {
            return (System.Runtime.Intrinsics.X86.Sse.UnpackLow(x, y), System.Runtime.Intrinsics.X86.Sse.UnpackHigh(x, y));
        }

        if (System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.IsSupported)
        {
            return (System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.ZipLow(x, y), System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.ZipHigh(x, y));
        }

        return (Vector128.Create(x[0], y[0], x[1], y[1]), Vector128.Create(x[2], y[2], x[3], y[3]));
    }
}
