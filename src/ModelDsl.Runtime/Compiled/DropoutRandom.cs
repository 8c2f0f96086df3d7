using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ModelDsl.Initialization;

namespace ModelDsl.Compiled;

/// <summary>
/// The random numbers of generated kernels: Philox4x32-10, indexed by the logical element. They depend only on the seed, the step, the layer,
/// the row and the column, so the backward pass draws the same numbers as the forward pass, on any device and with vectors of any width.
/// </summary>
/// <remarks>
/// Element e of a row is word e mod 4 of the draw with the key <c>seed</c> and the counter <c>(step, stream, row, e div 4)</c>. Its
/// number is <c>(word div 256) · 2⁻²⁴</c>.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class DropoutRandom
{
    /// <summary>The number of values that are drawn together.</summary>
    public const int BlockLength = 16;

    /// <summary>Draws the uniform numbers in [0, 1) of elements 16 · block to 16 · block + 15 of a row.</summary>
    /// <param name="seed">The model's seed: <see cref="Step.Seed"/>.</param>
    /// <param name="step">The step: <see cref="Step.Number"/>.</param>
    /// <param name="stream">The number of the layer instance.</param>
    /// <param name="row">The row, such as the sample or sample · positions + position.</param>
    /// <param name="block">The index of the block of 16 elements in the row.</param>
    /// <param name="destination">Space for 16 floats. All are written, even if the row ends earlier.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Uniform16(ulong seed, uint step, uint stream, uint row, uint block, float* destination)
    {
        // Lane j computes draw 4 · block + j: four draws at the same time, whose words are transposed at the end.
        var c0 = Vector128.Create(step);
        var c1 = Vector128.Create(stream);
        var c2 = Vector128.Create(row);
        var c3 = Vector128.Create(4 * block) + Vector128.Create(0u, 1, 2, 3);
        var k0 = Vector128.Create((uint)seed);
        var k1 = Vector128.Create((uint)(seed >> 32));
        for (var round = 0; round < Philox.Rounds; round++)
        {
            MultiplyWide(c0, Philox.Multiplier0, out var high0, out var low0);
            MultiplyWide(c2, Philox.Multiplier1, out var high1, out var low1);
            c0 = high1 ^ c1 ^ k0;
            c1 = low1;
            c2 = high0 ^ c3 ^ k1;
            c3 = low0;
            k0 += Vector128.Create(Philox.Weyl0);
            k1 += Vector128.Create(Philox.Weyl1);
        }

        Transpose(ref c0, ref c1, ref c2, ref c3);
        ToUniform(c0).Store(destination);
        ToUniform(c1).Store(destination + 4);
        ToUniform(c2).Store(destination + 8);
        ToUniform(c3).Store(destination + 12);
    }

    /// <summary>
    /// The uniform number in [0, 1) of one element. It defines <see cref="Uniform16"/>, and devices without vectors use it.
    /// </summary>
    /// <param name="seed">The model's seed.</param>
    /// <param name="step">The step.</param>
    /// <param name="stream">The number of the layer instance.</param>
    /// <param name="row">The row.</param>
    /// <param name="element">The element of the row.</param>
    public static float Uniform(ulong seed, uint step, uint stream, uint row, uint element)
    {
        var (x0, x1, x2, x3) = Philox.Draw(seed, step, stream, row, element / 4);
        return Philox.ToUniform((element % 4) switch
        {
            0 => x0,
            1 => x1,
            2 => x2,
            _ => x3,
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyWide(Vector128<uint> x, uint factor, out Vector128<uint> high, out Vector128<uint> low)
    {
        var factors = Vector128.Create(factor);
        if (Sse41.IsSupported)
        {
            // Multiplies the even lanes, and the odd lanes shifted into even lanes.
            var even = Sse2.Multiply(x, factors).AsUInt32();
            var odd = Sse2.Multiply(Sse2.ShiftRightLogical(x.AsUInt64(), 32).AsUInt32(), factors).AsUInt32();
            low = Sse41.Blend(even.AsUInt16(), Sse2.ShiftLeftLogical(odd.AsUInt64(), 32).AsUInt16(), 0b1100_1100).AsUInt32();
            high = Sse41.Blend(Sse2.ShiftRightLogical(even.AsUInt64(), 32).AsUInt16(), odd.AsUInt16(), 0b1100_1100).AsUInt32();
            return;
        }

        low = x * factors;
        var (lower, upper) = Vector128.Widen(x);
        high = Vector128.Narrow((lower * factor) >>> 32, (upper * factor) >>> 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(ref Vector128<uint> r0, ref Vector128<uint> r1, ref Vector128<uint> r2, ref Vector128<uint> r3)
    {
        var (a, b, c, d) = (r0, r1, r2, r3);
        if (Sse2.IsSupported)
        {
            var ab0 = Sse2.UnpackLow(a, b).AsUInt64();
            var ab1 = Sse2.UnpackHigh(a, b).AsUInt64();
            var cd0 = Sse2.UnpackLow(c, d).AsUInt64();
            var cd1 = Sse2.UnpackHigh(c, d).AsUInt64();
            r0 = Sse2.UnpackLow(ab0, cd0).AsUInt32();
            r1 = Sse2.UnpackHigh(ab0, cd0).AsUInt32();
            r2 = Sse2.UnpackLow(ab1, cd1).AsUInt32();
            r3 = Sse2.UnpackHigh(ab1, cd1).AsUInt32();
            return;
        }

        r0 = Vector128.Create(a[0], b[0], c[0], d[0]);
        r1 = Vector128.Create(a[1], b[1], c[1], d[1]);
        r2 = Vector128.Create(a[2], b[2], c[2], d[2]);
        r3 = Vector128.Create(a[3], b[3], c[3], d[3]);
    }

    /// <summary>24 bits fit a signed integer and a float exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ToUniform(Vector128<uint> words) =>
        Vector128.ConvertToSingle((words >>> 8).AsInt32()) * Vector128.Create(1f / (1 << 24));
}
