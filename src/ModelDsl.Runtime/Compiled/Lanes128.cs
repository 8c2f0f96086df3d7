using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ModelDsl.Compiled;

/// <summary>Operations of generated kernels for 128-bit registers that <see cref="Vector128"/> does not have: partial loads and stores, and reductions in a fixed order.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class Lanes128
{
    /// <summary>
    /// Whether the processor has an instruction for fused multiply-adds. In software they take about twenty times as long as a multiplication and an addition.
    /// </summary>
    private static bool IsFused
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Fma.IsSupported || AdvSimd.IsSupported;
    }

    /// <summary>
    /// a · b + c. It is rounded once if the processor has an instruction for it, as kernels for wider registers do. Otherwise the product is rounded, and then
    /// the sum.
    /// </summary>
    /// <param name="a">The first factor.</param>
    /// <param name="b">The second factor.</param>
    /// <param name="c">The addend.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        IsFused ? Vector128.FusedMultiplyAdd(a, b, c) : (a * b) + c;

    /// <inheritdoc cref="MultiplyAdd(Vector128{float}, Vector128{float}, Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MultiplyAdd(float a, float b, float c) => IsFused ? MathF.FusedMultiplyAdd(a, b, c) : (a * b) + c;

    /// <summary>Loads the first lanes. The other lanes are zero, and their memory is not read.</summary>
    /// <param name="source">The address of the first float.</param>
    /// <param name="count">The number of lanes to load: none if negative, all if more than a register holds.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(float* source, int count)
    {
        if (count >= Vector128<float>.Count) return Vector128.Load(source);
        return Avx.IsSupported ? Avx.MaskLoad(source, Mask(count)) : LoadEach(source, count);
    }

    /// <summary>Loads integers into the first lanes, as floats. The other lanes are zero, and their memory is not read.</summary>
    /// <param name="source">The address of the first integer.</param>
    /// <param name="count">The number of lanes to load: none if negative, all if more than a register holds.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(int* source, int count) => Vector128.ConvertToSingle(Load((float*)source, count).AsInt32());

    /// <summary>Loads integers that lie <paramref name="stride"/> integers apart, as floats. Lanes from <paramref name="count"/> on are zero, and their memory is not read.</summary>
    /// <param name="source">The address of the first integer.</param>
    /// <param name="stride">The distance, in integers.</param>
    /// <param name="count">The number of lanes to load.</param>
    public static Vector128<float> LoadStrided(int* source, int stride, int count) => Vector128.ConvertToSingle(LoadStrided((float*)source, stride, count).AsInt32());

    /// <summary>Loads floats that lie <paramref name="stride"/> floats apart. Lanes from <paramref name="count"/> on are zero, and their memory is not read.</summary>
    /// <param name="source">The address of the first float.</param>
    /// <param name="stride">The distance, in floats.</param>
    /// <param name="count">The number of lanes to load.</param>
    public static Vector128<float> LoadStrided(float* source, int stride, int count)
    {
        var lanes = stackalloc float[Vector128<float>.Count];
        for (var lane = 0; lane < Vector128<float>.Count; lane++) lanes[lane] = lane < count ? source[lane * stride] : 0;
        return Vector128.Load(lanes);
    }

    /// <summary>Stores the first lanes only.</summary>
    /// <param name="value">The value.</param>
    /// <param name="target">The address of the first float.</param>
    /// <param name="count">The number of lanes to store.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> value, float* target, int count)
    {
        if (count >= Vector128<float>.Count) Vector128.Store(value, target);
        else if (Avx.IsSupported) Avx.MaskStore(target, Mask(count), value);
        else StoreEach(value, target, count);
    }

    /// <summary>Stores the first lanes to elements that lie <paramref name="stride"/> floats apart.</summary>
    /// <param name="value">The value.</param>
    /// <param name="target">The address of the first float.</param>
    /// <param name="stride">The distance, in floats.</param>
    /// <param name="count">The number of lanes to store.</param>
    public static void StoreStrided(Vector128<float> value, float* target, int stride, int count)
    {
        for (var lane = 0; lane < Math.Min(count, Vector128<float>.Count); lane++) target[lane * stride] = value.GetElement(lane);
    }

    /// <summary>Returns the numbers start, start + 1, … in the lanes.</summary>
    /// <param name="start">The first number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> From(int start) => Vector128.Create((float)start) + Vector128<float>.Indices;

    /// <summary>Keeps the first lanes of a vector and replaces the others by a number.</summary>
    /// <param name="value">The vector.</param>
    /// <param name="count">The number of lanes to keep.</param>
    /// <param name="fill">The value of the other lanes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Keep(Vector128<float> value, int count, float fill) =>
        Vector128.ConditionalSelect(Mask(count), value, Vector128.Create(fill));

    /// <summary>The sum of all sixteen lanes: lane l with l + 8, then l + 4, l + 2 and l + 1, in the same order at every width.</summary>
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

    /// <summary>The largest of all sixteen lanes; NaN if any lane is NaN.</summary>
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
