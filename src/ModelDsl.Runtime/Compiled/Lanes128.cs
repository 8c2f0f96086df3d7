using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ModelDsl.Compiled;

/// <summary>What generated kernels for 128-bit registers need beside <see cref="Vector128"/>: parts of a register, and lanes combined in a fixed order.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class Lanes128
{
    /// <summary>
    /// Whether the processor multiplies and adds with one rounding. In software that takes about twenty times as long as a multiplication and an addition.
    /// </summary>
    private static bool IsFused
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Fma.IsSupported || AdvSimd.IsSupported;
    }

    /// <summary>
    /// a · b + c: rounded once where the processor has an instruction for it, as kernels for wider registers do; otherwise the product is rounded, and then
    /// the sum.
    /// </summary>
    /// <param name="a">The first factor.</param>
    /// <param name="b">The second factor.</param>
    /// <param name="c">What is added.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        IsFused ? Vector128.FusedMultiplyAdd(a, b, c) : (a * b) + c;

    /// <inheritdoc cref="MultiplyAdd(Vector128{float}, Vector128{float}, Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MultiplyAdd(float a, float b, float c) => IsFused ? MathF.FusedMultiplyAdd(a, b, c) : (a * b) + c;

    /// <summary>Loads the first lanes; the others are zero and not read.</summary>
    /// <param name="source">The first lane's address.</param>
    /// <param name="count">How many lanes there are; none when negative, all when more than a register holds.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(float* source, int count)
    {
        if (count >= Vector128<float>.Count) return Vector128.Load(source);
        return Avx.IsSupported ? Avx.MaskLoad(source, Mask(count)) : LoadEach(source, count);
    }

    /// <summary>Loads integers into the first lanes, as floats; the others are zero and not read.</summary>
    /// <param name="source">The first lane's address.</param>
    /// <param name="count">How many lanes there are; none when negative, all when more than a register holds.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(int* source, int count) => Vector128.ConvertToSingle(Load((float*)source, count).AsInt32());

    /// <summary>Loads integers that lie <paramref name="stride"/> elements apart, as floats; lanes from <paramref name="count"/> on are zero and not read.</summary>
    /// <param name="source">The first lane's address.</param>
    /// <param name="stride">The distance, in integers.</param>
    /// <param name="count">How many lanes there are.</param>
    public static Vector128<float> LoadStrided(int* source, int stride, int count) => Vector128.ConvertToSingle(LoadStrided((float*)source, stride, count).AsInt32());

    /// <summary>Loads lanes that lie <paramref name="stride"/> floats apart; lanes from <paramref name="count"/> on are zero and not read.</summary>
    /// <param name="source">The first lane's address.</param>
    /// <param name="stride">The distance, in floats.</param>
    /// <param name="count">How many lanes there are.</param>
    public static Vector128<float> LoadStrided(float* source, int stride, int count)
    {
        var lanes = stackalloc float[Vector128<float>.Count];
        for (var lane = 0; lane < Vector128<float>.Count; lane++) lanes[lane] = lane < count ? source[lane * stride] : 0;
        return Vector128.Load(lanes);
    }

    /// <summary>Stores the first lanes and nothing behind them.</summary>
    /// <param name="value">The value.</param>
    /// <param name="target">The first lane's address.</param>
    /// <param name="count">How many lanes to store.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> value, float* target, int count)
    {
        if (count >= Vector128<float>.Count) Vector128.Store(value, target);
        else if (Avx.IsSupported) Avx.MaskStore(target, Mask(count), value);
        else StoreEach(value, target, count);
    }

    /// <summary>Stores the first lanes to elements that lie <paramref name="stride"/> floats apart.</summary>
    /// <param name="value">The value.</param>
    /// <param name="target">The first lane's address.</param>
    /// <param name="stride">The distance, in floats.</param>
    /// <param name="count">How many lanes to store.</param>
    public static void StoreStrided(Vector128<float> value, float* target, int stride, int count)
    {
        for (var lane = 0; lane < Math.Min(count, Vector128<float>.Count); lane++) target[lane * stride] = value.GetElement(lane);
    }

    /// <summary>The numbers start, start + 1, … in the lanes.</summary>
    /// <param name="start">The first number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> From(int start) => Vector128.Create((float)start) + Vector128<float>.Indices;

    /// <summary>The value in the first lanes, another in the rest.</summary>
    /// <param name="value">The value.</param>
    /// <param name="count">How many lanes keep it.</param>
    /// <param name="fill">What the others hold.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Keep(Vector128<float> value, int count, float fill) =>
        Vector128.ConditionalSelect(Mask(count), value, Vector128.Create(fill));

    /// <summary>The sum of all sixteen lanes: lane l with l + 8, then 4, 2 and 1, the same tree at every width.</summary>
    /// <param name="a">The first 4 lanes.</param>
    /// <param name="b">The second 4 lanes.</param>
    /// <param name="c">The third 4 lanes.</param>
    /// <param name="d">The fourth 4 lanes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d)
    {
        var four = (a + c) + (b + d);
        var two = four + Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1));
        return two.ToScalar() + two.GetElement(1);
    }

    /// <summary>The largest of all sixteen lanes; NaN when one of them is.</summary>
    /// <param name="a">The first 4 lanes.</param>
    /// <param name="b">The second 4 lanes.</param>
    /// <param name="c">The third 4 lanes.</param>
    /// <param name="d">The fourth 4 lanes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d)
    {
        var four = Vector128.Max(Vector128.Max(a, c), Vector128.Max(b, d));
        var two = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return MathF.Max(two.ToScalar(), two.GetElement(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Mask(int count) => Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).AsSingle();

    private static Vector128<float> LoadEach(float* source, int count)
    {
        var value = Vector128<float>.Zero;
        for (var lane = 0; lane < count; lane++) value = value.WithElement(lane, source[lane]);
        return value;
    }

    private static void StoreEach(Vector128<float> value, float* target, int count)
    {
        for (var lane = 0; lane < count; lane++) target[lane] = value.GetElement(lane);
    }
}
