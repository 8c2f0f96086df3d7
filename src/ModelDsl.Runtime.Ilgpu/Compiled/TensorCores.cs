using System.ComponentModel;
using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelDsl.Ilgpu.Compiled;

/// <summary>Operations of generated kernels for NVIDIA's tensor cores.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TensorCores
{
    /// <summary>
    /// The instruction with which the threads of a warp add the product of 16 × 8 and 8 × 8 TF32 numbers to 16 × 8 floats. Its operands are the registers of the
    /// result, of both factors, and of the addend.
    /// </summary>
    public const string Multiply = "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32";

    /// <summary>The nearest number with 10 fraction bits, ties away from zero; infinities and NaN are unchanged.</summary>
    /// <param name="x">A number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Round(float x)
    {
        var bits = Interop.FloatAsInt(x);
        return (bits & 0x7FFF_FFFFu) < 0x7F80_0000u ? Interop.IntAsFloat((bits + 0x1000u) & 0xFFFF_E000u) : x;
    }
}
