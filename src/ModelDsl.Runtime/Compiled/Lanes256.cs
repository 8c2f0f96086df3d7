using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ModelDsl.Compiled;

/// <summary>Operations of generated kernels for 256-bit registers that <see cref="Vector256"/> does not have: partial loads and stores, and reductions in a fixed order.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class Lanes256
{
    /// <summary>Loads the first lanes. The other lanes are zero, and their memory is not read.</summary>
    /// <param name="source">The address of the first float.</param>
    /// <param name="count">The number of lanes to load: none if negative, all if more than a register holds.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(float* source, int count)
    {
        if (count >= Vector256<float>.Count) return Vector256.Load(source);
        return Avx.IsSupported ? Avx.MaskLoad(source, Mask(count)) : LoadEach(source, count);
    }

    /// <summary>Loads integers into the first lanes, as floats. The other lanes are zero, and their memory is not read.</summary>
    /// <param name="source">The address of the first integer.</param>
    /// <param name="count">The number of lanes to load: none if negative, all if more than a register holds.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(int* source, int count) => Vector256.ConvertToSingle(Load((float*)source, count).AsInt32());

    /// <summary>Loads integers that lie <paramref name="stride"/> integers apart, as floats. Lanes from <paramref name="count"/> on are zero, and their memory is not read.</summary>
    /// <param name="source">The address of the first integer.</param>
    /// <param name="stride">The distance, in integers.</param>
    /// <param name="count">The number of lanes to load.</param>
    public static Vector256<float> LoadStrided(int* source, int stride, int count) => Vector256.ConvertToSingle(LoadStrided((float*)source, stride, count).AsInt32());

    /// <summary>Loads floats that lie <paramref name="stride"/> floats apart. Lanes from <paramref name="count"/> on are zero, and their memory is not read.</summary>
    /// <param name="source">The address of the first float.</param>
    /// <param name="stride">The distance, in floats.</param>
    /// <param name="count">The number of lanes to load.</param>
    public static Vector256<float> LoadStrided(float* source, int stride, int count)
    {
        var lanes = stackalloc float[Vector256<float>.Count];
        for (var lane = 0; lane < Vector256<float>.Count; lane++) lanes[lane] = lane < count ? source[lane * stride] : 0;
        return Vector256.Load(lanes);
    }

    /// <summary>Stores the first lanes only.</summary>
    /// <param name="value">The value.</param>
    /// <param name="target">The address of the first float.</param>
    /// <param name="count">The number of lanes to store.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> value, float* target, int count)
    {
        if (count >= Vector256<float>.Count) Vector256.Store(value, target);
        else if (Avx.IsSupported) Avx.MaskStore(target, Mask(count), value);
        else StoreEach(value, target, count);
    }

    /// <summary>Stores the first lanes to elements that lie <paramref name="stride"/> floats apart.</summary>
    /// <param name="value">The value.</param>
    /// <param name="target">The address of the first float.</param>
    /// <param name="stride">The distance, in floats.</param>
    /// <param name="count">The number of lanes to store.</param>
    public static void StoreStrided(Vector256<float> value, float* target, int stride, int count)
    {
        for (var lane = 0; lane < Math.Min(count, Vector256<float>.Count); lane++) target[lane * stride] = value.GetElement(lane);
    }

    /// <summary>Returns the numbers start, start + 1, … in the lanes.</summary>
    /// <param name="start">The first number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> From(int start) => Vector256.Create((float)start) + Vector256<float>.Indices;

    /// <summary>Keeps the first lanes of a vector and replaces the others by a number.</summary>
    /// <param name="value">The vector.</param>
    /// <param name="count">The number of lanes to keep.</param>
    /// <param name="fill">The value of the other lanes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Keep(Vector256<float> value, int count, float fill) =>
        Vector256.ConditionalSelect(Mask(count), value, Vector256.Create(fill));

    /// <summary>The sum of all sixteen lanes: lane l with l + 8, then l + 4, l + 2 and l + 1, in the same order at every width.</summary>
    /// <param name="a">The first 8 lanes.</param>
    /// <param name="b">The second 8 lanes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector256<float> a, Vector256<float> b)
    {
        var eight = a + b;
        var four = eight.GetLower() + eight.GetUpper();
        var two = four + Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1));
        return two.ToScalar() + two.GetElement(1);
    }

    /// <summary>The largest of all sixteen lanes; NaN if any lane is NaN.</summary>
    /// <param name="a">The first 8 lanes.</param>
    /// <param name="b">The second 8 lanes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Vector256<float> a, Vector256<float> b)
    {
        var eight = Vector256.Max(a, b);
        var four = Vector128.Max(eight.GetLower(), eight.GetUpper());
        var two = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return MathF.Max(two.ToScalar(), two.GetElement(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Mask(int count) => Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle();

    private static Vector256<float> LoadEach(float* source, int count)
    {
        var value = Vector256<float>.Zero;
        for (var lane = 0; lane < count; lane++) value = value.WithElement(lane, source[lane]);
        return value;
    }

    private static void StoreEach(Vector256<float> value, float* target, int count)
    {
        for (var lane = 0; lane < count; lane++) target[lane] = value.GetElement(lane);
    }
}
