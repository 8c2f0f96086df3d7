using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ModelDsl.Compiled;

/// <summary>Operations of generated kernels for 512-bit registers that <see cref="Vector512"/> does not have: partial loads and stores, and reductions in a fixed order.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class Lanes512
{
    /// <summary>Loads the first lanes. The other lanes are zero, and their memory is not read.</summary>
    /// <param name="source">The address of the first float.</param>
    /// <param name="count">The number of lanes to load: none if negative, all if more than a register holds.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* source, int count)
    {
        if (count >= Vector512<float>.Count) return Vector512.Load(source);
        return Avx512F.IsSupported ? Avx512F.MaskLoad(source, Mask(count), Vector512<float>.Zero) : LoadEach(source, count);
    }

    /// <summary>Loads integers into the first lanes, as floats. The other lanes are zero, and their memory is not read.</summary>
    /// <param name="source">The address of the first integer.</param>
    /// <param name="count">The number of lanes to load: none if negative, all if more than a register holds.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(int* source, int count) => Vector512.ConvertToSingle(Load((float*)source, count).AsInt32());

    /// <summary>Loads integers that lie <paramref name="stride"/> integers apart, as floats. Lanes from <paramref name="count"/> on are zero, and their memory is not read.</summary>
    /// <param name="source">The address of the first integer.</param>
    /// <param name="stride">The distance, in integers.</param>
    /// <param name="count">The number of lanes to load.</param>
    public static Vector512<float> LoadStrided(int* source, int stride, int count) => Vector512.ConvertToSingle(LoadStrided((float*)source, stride, count).AsInt32());

    /// <summary>Loads floats that lie <paramref name="stride"/> floats apart. Lanes from <paramref name="count"/> on are zero, and their memory is not read.</summary>
    /// <param name="source">The address of the first float.</param>
    /// <param name="stride">The distance, in floats.</param>
    /// <param name="count">The number of lanes to load.</param>
    public static Vector512<float> LoadStrided(float* source, int stride, int count)
    {
        var lanes = stackalloc float[Vector512<float>.Count];
        for (var lane = 0; lane < Vector512<float>.Count; lane++) lanes[lane] = lane < count ? source[lane * stride] : 0;
        return Vector512.Load(lanes);
    }

    /// <summary>Stores the first lanes only.</summary>
    /// <param name="value">The value.</param>
    /// <param name="target">The address of the first float.</param>
    /// <param name="count">The number of lanes to store.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> value, float* target, int count)
    {
        if (count >= Vector512<float>.Count) Vector512.Store(value, target);
        else if (Avx512F.IsSupported) Avx512F.MaskStore(target, Mask(count), value);
        else StoreEach(value, target, count);
    }

    /// <summary>Stores the first lanes to elements that lie <paramref name="stride"/> floats apart.</summary>
    /// <param name="value">The value.</param>
    /// <param name="target">The address of the first float.</param>
    /// <param name="stride">The distance, in floats.</param>
    /// <param name="count">The number of lanes to store.</param>
    public static void StoreStrided(Vector512<float> value, float* target, int stride, int count)
    {
        for (var lane = 0; lane < Math.Min(count, Vector512<float>.Count); lane++) target[lane * stride] = value.GetElement(lane);
    }

    /// <summary>Returns the numbers start, start + 1, … in the lanes.</summary>
    /// <param name="start">The first number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> From(int start) => Vector512.Create((float)start) + Vector512<float>.Indices;

    /// <summary>Keeps the first lanes of a vector and replaces the others by a number.</summary>
    /// <param name="value">The vector.</param>
    /// <param name="count">The number of lanes to keep.</param>
    /// <param name="fill">The value of the other lanes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Keep(Vector512<float> value, int count, float fill) =>
        Vector512.ConditionalSelect(Mask(count), value, Vector512.Create(fill));

    /// <summary>The sum of all sixteen lanes: lane l with l + 8, then l + 4, l + 2 and l + 1, in the same order at every width.</summary>
    /// <param name="a">The 16 lanes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512<float> a)
    {
        var eight = a.GetLower() + a.GetUpper();
        var four = eight.GetLower() + eight.GetUpper();
        var two = four + Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1));
        return two.ToScalar() + two.GetElement(1);
    }

    /// <summary>The largest of all sixteen lanes; NaN if any lane is NaN.</summary>
    /// <param name="a">The 16 lanes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Vector512<float> a)
    {
        var eight = Vector256.Max(a.GetLower(), a.GetUpper());
        var four = Vector128.Max(eight.GetLower(), eight.GetUpper());
        var two = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return MathF.Max(two.ToScalar(), two.GetElement(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Mask(int count) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();

    private static Vector512<float> LoadEach(float* source, int count)
    {
        var value = Vector512<float>.Zero;
        for (var lane = 0; lane < count; lane++) value = value.WithElement(lane, source[lane]);
        return value;
    }

    private static void StoreEach(Vector512<float> value, float* target, int count)
    {
        for (var lane = 0; lane < count; lane++) target[lane] = value.GetElement(lane);
    }
}
