using System.ComponentModel;
using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelDsl.Ilgpu.Compiled;

/// <summary>
/// The elementary functions of generated kernels, in plain arithmetic: the same polynomials as on the CPU, without approximate instructions of a device.
/// Results differ from those of the CPU by rounding only, if a device contracts products and sums.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class KernelMath
{
    private const int ExponentBits = 23;

    /// <summary>The quotient of a number that is not negative and a divisor, as a product and a shift.</summary>
    /// <param name="dividend">The dividend.</param>
    /// <param name="factor">2^<paramref name="shift"/> divided by the divisor, rounded up.</param>
    /// <param name="shift">The number of bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Quotient(int dividend, uint factor, int shift) => (int)((ulong)(uint)dividend * factor >> shift);

    // The sum of numbers that cannot be compared is NaN. float.IsNaN is not used, because isnan of PoCL 3.1 returns false for NaN.

    /// <summary>The greater operand; NaN if either operand is NaN.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Maximum(float x, float y) => x > y ? x : x <= y ? y : x + y;

    /// <summary>The lesser operand; NaN if either operand is NaN.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Minimum(float x, float y) => x < y ? x : x >= y ? y : x + y;

    /// <summary>The nearest integer; the even one if two are equally near.</summary>
    /// <param name="x">The operand.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Round(float x)
    {
        var low = MathF.Floor(x);
        var rest = x - low;
        var half = low * 0.5f;
        var odd = MathF.Floor(half) != half;
        return rest > 0.5f || (rest == 0.5f && odd) ? low + 1f : low;
    }

    /// <summary>The sign: −1, 0 or 1; NaN stays NaN.</summary>
    /// <param name="x">The operand.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sign(float x) => x > 0f ? 1f : x < 0f ? -1f : x;

    /// <summary>eˣ; 0 below −86.99, where the result would be almost subnormal.</summary>
    /// <param name="x">The operand.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Exp(float x)
    {
        // eˣ = 2ⁿ · eʳ with n = round(x / ln 2): |r| is at most ln 2 / 2, where a polynomial is accurate. Comparisons with NaN are false.
        x = x < -87f ? -87f : x > 88.8f ? 88.8f : x;
        var n = MathF.Floor((x * 1.442695f) + 0.5f);
        var r = (n * -0.693359375f) + x;
        r = (n * 2.12194440e-4f) + r;
        var p = (1.9875691500e-4f * r) + 1.3981999507e-3f;
        p = (p * r) + 8.3334519073e-3f;
        p = (p * r) + 4.1665795894e-2f;
        p = (p * r) + 1.6666665459e-1f;
        p = (p * r) + 5.0000001201e-1f;
        p = (p * r * r) + r + 1f;

        // Twice p and half the scale: the largest results have n = 128, which is not a valid exponent of a float.
        var scale = Interop.IntAsFloat((uint)((int)n + 126) << ExponentBits);
        return (p + p) * scale;
    }

    /// <summary>The natural logarithm.</summary>
    /// <param name="x">The operand.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Log(float x)
    {
        // log x = e ln 2 + log m with m between √½ and √2.
        var isTiny = x < 1.17549435e-38f;
        var bits = Interop.FloatAsInt(isTiny ? x * 8388608f : x);
        var e = (float)((int)(bits >> ExponentBits) - 126) - (isTiny ? 23f : 0f);
        var m = Interop.IntAsFloat((bits & 0x007fffffu) | 0x3f000000u);
        var isLow = m < 0.70710678f;
        e -= isLow ? 1f : 0f;
        m = m - 1f + (isLow ? m : 0f);
        var z = m * m;
        var p = (7.0376836292e-2f * m) - 1.1514610310e-1f;
        p = (p * m) + 1.1676998740e-1f;
        p = (p * m) - 1.2420140846e-1f;
        p = (p * m) + 1.4249322787e-1f;
        p = (p * m) - 1.6668057665e-1f;
        p = (p * m) + 2.0000714765e-1f;
        p = (p * m) - 2.4999993993e-1f;
        p = (p * m) + 3.3333331174e-1f;
        var y = p * m * z;
        y = (e * -2.12194440e-4f) + y;
        y = (z * -0.5f) + y;
        var result = (e * 0.693359375f) + (m + y);
        return x == 0f ? float.NegativeInfinity : x == float.PositiveInfinity ? x : x > 0f ? result : float.NaN;
    }

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    /// <param name="x">The operand.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sigmoid(float x) => 1f / (1f + Exp(-x));

    /// <summary>The hyperbolic tangent. A polynomial is used near 0, where the exponential would lose digits.</summary>
    /// <param name="x">The operand.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Tanh(float x)
    {
        var size = MathF.Abs(x);
        var z = x * x;
        var p = (-5.70498872745e-3f * z) + 2.06390887954e-2f;
        p = (p * z) - 5.37397155531e-2f;
        p = (p * z) + 1.33314422036e-1f;
        p = (p * z) - 3.33332819422e-1f;
        var near = (p * z * x) + x;
        var far = 1f - (2f / (Exp(size + size) + 1f));
        return size < 0.625f ? near : x < 0f ? -far : far;
    }

    /// <summary>log(1 + eˣ).</summary>
    /// <param name="x">The operand.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Softplus(float x)
    {
        // With u = e^−|x|: the factor u / ((1 + u) − 1) makes log(1 + u) accurate for small u.
        var u = Exp(-MathF.Abs(x));
        var w = 1f + u;
        var d = w - 1f;
        return Maximum(x, 0f) + (d == 0f ? u : Log(w) * (u / d));
    }

    /// <summary>The error function.</summary>
    /// <param name="x">The operand.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Erf(float x)
    {
        x = x < -4f ? -4f : x > 4f ? 4f : x;
        var z = x * x;
        var p = (-2.72614225801306e-10f * z) + 2.77068142495902e-08f;
        p = (p * z) - 2.10102402082508e-06f;
        p = (p * z) - 5.69250639462346e-05f;
        p = (p * z) - 7.34990630326855e-04f;
        p = (p * z) - 2.95459980854025e-03f;
        p = (p * z) - 1.60960333262415e-02f;
        var q = (-1.45660718464996e-05f * z) - 2.13374055278905e-04f;
        q = (q * z) - 1.68282697438203e-03f;
        q = (q * z) - 7.37332916720468e-03f;
        q = (q * z) - 1.42647390514189e-02f;
        return x * p / q;
    }

    /// <summary>The sine, with full precision for |x| up to 8,000.</summary>
    /// <param name="x">The operand.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sin(float x) => Trigonometric(x, 0);

    /// <summary>The cosine, with full precision for |x| up to 8,000.</summary>
    /// <param name="x">The operand.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Cos(float x) => Trigonometric(x, 1);

    /// <summary>xʸ, computed by the logarithm; negative x only with integer y.</summary>
    /// <param name="x">The base.</param>
    /// <param name="y">The exponent.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Power(float x, float y)
    {
        var size = Exp(y * Log(MathF.Abs(x)));
        var half = y * 0.5f;
        var isWhole = y == MathF.Floor(y);
        var isEven = half == MathF.Floor(half);
        var signed = isEven ? size : isWhole ? -size : float.NaN;
        return y == 0f ? 1f : x < 0f ? signed : size;
    }

    /// <summary>
    /// Returns the uniform number in [0, 1) of one element: word element mod 4 of Philox4x32-10 with the key <paramref name="seed"/> and the counter (step, stream, row,
    /// element div 4). It has the same bits as on the CPU.
    /// </summary>
    /// <param name="seed">The model's seed.</param>
    /// <param name="step">The step.</param>
    /// <param name="stream">The number of the layer instance.</param>
    /// <param name="row">The row.</param>
    /// <param name="element">The element of the row.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Uniform(ulong seed, uint step, uint stream, uint row, uint element)
    {
        var (c0, c1, c2, c3) = (step, stream, row, element >> 2);
        var k0 = (uint)seed;
        var k1 = (uint)(seed >> 32);
        for (var round = 0; round < 10; round++)
        {
            var p0 = 0xD2511F53ul * c0;
            var p1 = 0xCD9E8D57ul * c2;
            c0 = (uint)(p1 >> 32) ^ c1 ^ k0;
            c1 = (uint)p1;
            c2 = (uint)(p0 >> 32) ^ c3 ^ k1;
            c3 = (uint)p0;
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }

        var word = element & 3;
        var drawn = word == 0 ? c0 : word == 1 ? c1 : word == 2 ? c2 : c3;
        return (float)(int)(drawn >> 8) * (1f / (1 << 24));
    }

    /// <summary>x = n · π/2 + r; the quadrant n mod 4 decides between sin r and cos r, and the sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Trigonometric(float x, int quarter)
    {
        var n = MathF.Floor((x * 0.63661977f) + 0.5f);
        var r = (n * -1.5703125f) + x;
        r = (n * -4.837512969970703e-4f) + r;
        r = (n * -7.549789948768648e-8f) + r;
        var quadrant = (int)n + quarter;
        var z = r * r;
        var sine = (-1.9515295891e-4f * z) + 8.3321608736e-3f;
        sine = (sine * z) - 1.6666654611e-1f;
        sine = (sine * z * r) + r;
        var cosine = (2.443315711809948e-5f * z) - 1.388731625493765e-3f;
        cosine = (cosine * z) + 4.166664568298827e-2f;
        cosine = (cosine * z * z) + ((z * -0.5f) + 1f);
        var value = (quadrant & 1) == 1 ? cosine : sine;
        return (quadrant & 2) == 2 ? -value : value;
    }
}
