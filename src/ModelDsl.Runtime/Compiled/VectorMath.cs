using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace ModelDsl.Compiled;

/// <summary>
/// The elementary functions of generated kernels, for registers of every width. They use only correctly rounded operations, so every width gives the same
/// bits. The coefficients are those of the Cephes library, except for erf (Eigen's rational approximation). Errors are a few units in the last place.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class VectorMath
{
    /// <summary>eˣ; 0 below −86.99, where the result would be almost subnormal.</summary>
    /// <typeparam name="T">The vector.</typeparam>
    /// <param name="x">The operand.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x)
        where T : struct, IVector16<T>
    {
        // eˣ = 2ⁿ · eʳ with n = round(x / ln 2): |r| is at most ln 2 / 2, where a polynomial is accurate.
        x = T.MaxNative(T.Create(-87f), T.MinNative(T.Create(88.8f), x));
        var n = T.Round(x * T.Create(1.442695f));
        var r = T.MultiplyAdd(n, T.Create(-0.693359375f), x);
        r = T.MultiplyAdd(n, T.Create(2.12194440e-4f), r);
        var p = T.MultiplyAdd(T.Create(1.9875691500e-4f), r, T.Create(1.3981999507e-3f));
        p = T.MultiplyAdd(p, r, T.Create(8.3334519073e-3f));
        p = T.MultiplyAdd(p, r, T.Create(4.1665795894e-2f));
        p = T.MultiplyAdd(p, r, T.Create(1.6666665459e-1f));
        p = T.MultiplyAdd(p, r, T.Create(5.0000001201e-1f));
        p = T.MultiplyAdd(p * r, r, r) + T.Create(1f);

        // Twice p and half the scale: the largest results have n = 128, which is not a valid exponent of a float.
        return (p + p) * T.HalfPowerOfTwo(n);
    }

    /// <summary>The natural logarithm.</summary>
    /// <typeparam name="T">The vector.</typeparam>
    /// <param name="x">The operand.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log<T>(T x)
        where T : struct, IVector16<T>
    {
        // log x = e ln 2 + log m with m between √½ and √2.
        var isTiny = T.LessThan(x, T.Create(1.17549435e-38f));
        var scaled = T.Select(isTiny, x * T.Create(8388608f), x);
        var e = T.Exponent(scaled) - T.Select(isTiny, T.Create(23f), T.Zero);
        var m = (scaled & T.Create(BitConverter.Int32BitsToSingle(0x007fffff))) | T.Create(0.5f);
        var isLow = T.LessThan(m, T.Create(0.70710678f));
        e -= T.Select(isLow, T.Create(1f), T.Zero);
        m = m - T.Create(1f) + T.Select(isLow, m, T.Zero);
        var z = m * m;
        var p = T.MultiplyAdd(T.Create(7.0376836292e-2f), m, T.Create(-1.1514610310e-1f));
        p = T.MultiplyAdd(p, m, T.Create(1.1676998740e-1f));
        p = T.MultiplyAdd(p, m, T.Create(-1.2420140846e-1f));
        p = T.MultiplyAdd(p, m, T.Create(1.4249322787e-1f));
        p = T.MultiplyAdd(p, m, T.Create(-1.6668057665e-1f));
        p = T.MultiplyAdd(p, m, T.Create(2.0000714765e-1f));
        p = T.MultiplyAdd(p, m, T.Create(-2.4999993993e-1f));
        p = T.MultiplyAdd(p, m, T.Create(3.3333331174e-1f));
        var y = p * m * z;
        y = T.MultiplyAdd(e, T.Create(-2.12194440e-4f), y);
        y = T.MultiplyAdd(z, T.Create(-0.5f), y);
        var result = T.MultiplyAdd(e, T.Create(0.693359375f), m + y);
        result = T.Select(T.Equal(x, T.Zero), T.Create(float.NegativeInfinity), result);
        result = T.Select(T.Equal(x, T.Create(float.PositiveInfinity)), x, result);
        return T.Select(T.LessThanOrEqual(T.Zero, x), result, T.Create(float.NaN));
    }

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    /// <typeparam name="T">The vector.</typeparam>
    /// <param name="x">The operand.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sigmoid<T>(T x)
        where T : struct, IVector16<T> => T.Create(1f) / (T.Create(1f) + Exp(-x));

    /// <summary>The hyperbolic tangent. A polynomial is used near 0, where the exponential would lose digits.</summary>
    /// <typeparam name="T">The vector.</typeparam>
    /// <param name="x">The operand.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh<T>(T x)
        where T : struct, IVector16<T>
    {
        var size = T.Abs(x);
        var z = x * x;
        var p = T.MultiplyAdd(T.Create(-5.70498872745e-3f), z, T.Create(2.06390887954e-2f));
        p = T.MultiplyAdd(p, z, T.Create(-5.37397155531e-2f));
        p = T.MultiplyAdd(p, z, T.Create(1.33314422036e-1f));
        p = T.MultiplyAdd(p, z, T.Create(-3.33332819422e-1f));
        var near = T.MultiplyAdd(p * z, x, x);
        var far = T.Create(1f) - (T.Create(2f) / (Exp(size + size) + T.Create(1f)));
        far = T.Select(T.LessThan(x, T.Zero), -far, far);
        return T.Select(T.LessThan(size, T.Create(0.625f)), near, far);
    }

    /// <summary>log(1 + eˣ).</summary>
    /// <typeparam name="T">The vector.</typeparam>
    /// <param name="x">The operand.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Softplus<T>(T x)
        where T : struct, IVector16<T>
    {
        // With u = e^−|x|: the factor u / ((1 + u) − 1) makes log(1 + u) accurate for small u.
        var u = Exp(-T.Abs(x));
        var w = T.Create(1f) + u;
        var d = w - T.Create(1f);
        var log = T.Select(T.Equal(d, T.Zero), u, Log(w) * (u / d));
        return T.MaxNative(T.Zero, x) + log;
    }

    /// <summary>The error function.</summary>
    /// <typeparam name="T">The vector.</typeparam>
    /// <param name="x">The operand.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Erf<T>(T x)
        where T : struct, IVector16<T>
    {
        x = T.MaxNative(T.Create(-4f), T.MinNative(T.Create(4f), x));
        var z = x * x;
        var p = T.MultiplyAdd(T.Create(-2.72614225801306e-10f), z, T.Create(2.77068142495902e-08f));
        p = T.MultiplyAdd(p, z, T.Create(-2.10102402082508e-06f));
        p = T.MultiplyAdd(p, z, T.Create(-5.69250639462346e-05f));
        p = T.MultiplyAdd(p, z, T.Create(-7.34990630326855e-04f));
        p = T.MultiplyAdd(p, z, T.Create(-2.95459980854025e-03f));
        p = T.MultiplyAdd(p, z, T.Create(-1.60960333262415e-02f));
        var q = T.MultiplyAdd(T.Create(-1.45660718464996e-05f), z, T.Create(-2.13374055278905e-04f));
        q = T.MultiplyAdd(q, z, T.Create(-1.68282697438203e-03f));
        q = T.MultiplyAdd(q, z, T.Create(-7.37332916720468e-03f));
        q = T.MultiplyAdd(q, z, T.Create(-1.42647390514189e-02f));
        return x * p / q;
    }

    /// <summary>The sine, with full precision for |x| up to 8,000.</summary>
    /// <typeparam name="T">The vector.</typeparam>
    /// <param name="x">The operand, in radians.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sin<T>(T x)
        where T : struct, IVector16<T> => Trigonometric(x, 0);

    /// <summary>The cosine, with full precision for |x| up to 8,000.</summary>
    /// <typeparam name="T">The vector.</typeparam>
    /// <param name="x">The operand, in radians.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Cos<T>(T x)
        where T : struct, IVector16<T> => Trigonometric(x, 1);

    /// <summary>xʸ, computed by the logarithm; negative x only with integer y.</summary>
    /// <typeparam name="T">The vector.</typeparam>
    /// <param name="x">The base.</param>
    /// <param name="y">The exponent.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Pow<T>(T x, T y)
        where T : struct, IVector16<T>
    {
        var size = Exp(y * Log(T.Abs(x)));
        var half = y * T.Create(0.5f);
        var isWhole = T.Equal(y, T.Floor(y));
        var isEven = T.Equal(half, T.Floor(half));
        var signed = T.Select(isEven, size, T.Select(isWhole, -size, T.Create(float.NaN)));
        var result = T.Select(T.LessThan(x, T.Zero), signed, size);
        return T.Select(T.Equal(y, T.Zero), T.Create(1f), result);
    }

    /// <summary>The sign: −1, 0 or 1.</summary>
    /// <typeparam name="T">The vector.</typeparam>
    /// <param name="x">The operand.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sign<T>(T x)
        where T : struct, IVector16<T>
    {
        var positive = T.Select(T.LessThan(T.Zero, x), T.Create(1f), x);
        return T.Select(T.LessThan(x, T.Zero), T.Create(-1f), positive);
    }

    /// <summary>The sine of x + shift · π/2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Trigonometric<T>(T x, int shift)
        where T : struct, IVector16<T>
    {
        // x = n · π/2 + r; the quadrant (n + shift) mod 4 decides between sin r and cos r, and the sign.
        var n = T.Round(x * T.Create(0.63661977f));
        var r = T.MultiplyAdd(n, T.Create(-1.5703125f), x);
        r = T.MultiplyAdd(n, T.Create(-4.837512969970703e-4f), r);
        r = T.MultiplyAdd(n, T.Create(-7.549789948768648e-8f), r);
        var z = r * r;
        var sine = T.MultiplyAdd(T.Create(-1.9515295891e-4f), z, T.Create(8.3321608736e-3f));
        sine = T.MultiplyAdd(sine, z, T.Create(-1.6666654611e-1f));
        sine = T.MultiplyAdd(sine * z, r, r);
        var cosine = T.MultiplyAdd(T.Create(2.443315711809948e-5f), z, T.Create(-1.388731625493765e-3f));
        cosine = T.MultiplyAdd(cosine, z, T.Create(4.166664568298827e-2f));
        cosine = T.MultiplyAdd(cosine * z, z, T.MultiplyAdd(z, T.Create(-0.5f), T.Create(1f)));
        var value = T.Select(T.HasBit(n, shift, 1), cosine, sine);
        return T.Select(T.HasBit(n, shift, 2), -value, value);
    }
}
