using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ModelDsl.Compiled;

#pragma warning disable CA1815, CA2225 // vectors are not compared as values, and generated code uses them through their interface

/// <summary>Sixteen floats in four 128-bit registers.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly unsafe struct Vector16In128 : IVector16<Vector16In128>
{
    private readonly Vector128<float> a;
    private readonly Vector128<float> b;
    private readonly Vector128<float> c;
    private readonly Vector128<float> d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector16In128(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d) => (this.a, this.b, this.c, this.d) = (a, b, c, d);

    /// <summary>Creates a vector of sixteen floats that repeats the floats of one register.</summary>
    /// <param name="register">The register.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static explicit operator Vector16In128(Vector128<float> register) => new(register, register, register, register);

    /// <summary>The first register.</summary>
    /// <param name="vector">The floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static explicit operator Vector128<float>(Vector16In128 vector) => vector.a;

    /// <inheritdoc/>
    public static Vector16In128 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 Create(float value)
    {
        var register = Vector128.Create(value);
        return new(register, register, register, register);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 Load(float* source) => new(Vector128.Load(source), Vector128.Load(source + 4), Vector128.Load(source + 8), Vector128.Load(source + 12));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 Load(float* source, int count) => new(
        Lanes128.Load(source, count),
        count > 4 ? Lanes128.Load(source + 4, count - 4) : Vector128<float>.Zero,
        count > 8 ? Lanes128.Load(source + 8, count - 8) : Vector128<float>.Zero,
        count > 12 ? Lanes128.Load(source + 12, count - 12) : Vector128<float>.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 Load(int* source, int count) => new(
        Lanes128.Load(source, count),
        count > 4 ? Lanes128.Load(source + 4, count - 4) : Vector128<float>.Zero,
        count > 8 ? Lanes128.Load(source + 8, count - 8) : Vector128<float>.Zero,
        count > 12 ? Lanes128.Load(source + 12, count - 12) : Vector128<float>.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 LoadStrided(float* source, int stride, int count) => new(
        Lanes128.LoadStrided(source, stride, count),
        count > 4 ? Lanes128.LoadStrided(source + (4 * stride), stride, count - 4) : Vector128<float>.Zero,
        count > 8 ? Lanes128.LoadStrided(source + (8 * stride), stride, count - 8) : Vector128<float>.Zero,
        count > 12 ? Lanes128.LoadStrided(source + (12 * stride), stride, count - 12) : Vector128<float>.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 LoadStrided(int* source, int stride, int count) => new(
        Lanes128.LoadStrided(source, stride, count),
        count > 4 ? Lanes128.LoadStrided(source + (4 * stride), stride, count - 4) : Vector128<float>.Zero,
        count > 8 ? Lanes128.LoadStrided(source + (8 * stride), stride, count - 8) : Vector128<float>.Zero,
        count > 12 ? Lanes128.LoadStrided(source + (12 * stride), stride, count - 12) : Vector128<float>.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector16In128 value, float* target)
    {
        Vector128.Store(value.a, target);
        Vector128.Store(value.b, target + 4);
        Vector128.Store(value.c, target + 8);
        Vector128.Store(value.d, target + 12);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector16In128 value, float* target, int count)
    {
        Lanes128.Store(value.a, target, count);
        if (count > 4) Lanes128.Store(value.b, target + 4, count - 4);
        if (count > 8) Lanes128.Store(value.c, target + 8, count - 8);
        if (count > 12) Lanes128.Store(value.d, target + 12, count - 12);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreStrided(Vector16In128 value, float* target, int stride, int count)
    {
        Lanes128.StoreStrided(value.a, target, stride, count);
        if (count > 4) Lanes128.StoreStrided(value.b, target + (4 * stride), stride, count - 4);
        if (count > 8) Lanes128.StoreStrided(value.c, target + (8 * stride), stride, count - 8);
        if (count > 12) Lanes128.StoreStrided(value.d, target + (12 * stride), stride, count - 12);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 From(int start) => new(Lanes128.From(start), Lanes128.From(start + 4), Lanes128.From(start + 8), Lanes128.From(start + 12));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 Keep(Vector16In128 value, int count, float fill) => new(Lanes128.Keep(value.a, count, fill), Lanes128.Keep(value.b, count - 4, fill), Lanes128.Keep(value.c, count - 8, fill), Lanes128.Keep(value.d, count - 12, fill));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float First(Vector16In128 value) => value.a.ToScalar();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector16In128 value) => Lanes128.Sum(value.a, value.b, value.c, value.d);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Vector16In128 value) => Lanes128.Max(value.a, value.b, value.c, value.d);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 MultiplyAdd(Vector16In128 x, Vector16In128 y, Vector16In128 z) => new(Lanes128.MultiplyAdd(x.a, y.a, z.a), Lanes128.MultiplyAdd(x.b, y.b, z.b), Lanes128.MultiplyAdd(x.c, y.c, z.c), Lanes128.MultiplyAdd(x.d, y.d, z.d));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MultiplyAdd(float x, float y, float z) => Lanes128.MultiplyAdd(x, y, z);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 Abs(Vector16In128 x) => new(Vector128.Abs(x.a), Vector128.Abs(x.b), Vector128.Abs(x.c), Vector128.Abs(x.d));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 Sqrt(Vector16In128 x) => new(Vector128.Sqrt(x.a), Vector128.Sqrt(x.b), Vector128.Sqrt(x.c), Vector128.Sqrt(x.d));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 Floor(Vector16In128 x) => new(Vector128.Floor(x.a), Vector128.Floor(x.b), Vector128.Floor(x.c), Vector128.Floor(x.d));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 Ceiling(Vector16In128 x) => new(Vector128.Ceiling(x.a), Vector128.Ceiling(x.b), Vector128.Ceiling(x.c), Vector128.Ceiling(x.d));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 Round(Vector16In128 x) => new(Vector128.Round(x.a), Vector128.Round(x.b), Vector128.Round(x.c), Vector128.Round(x.d));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 Max(Vector16In128 x, Vector16In128 y) => new(Vector128.Max(x.a, y.a), Vector128.Max(x.b, y.b), Vector128.Max(x.c, y.c), Vector128.Max(x.d, y.d));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 Min(Vector16In128 x, Vector16In128 y) => new(Vector128.Min(x.a, y.a), Vector128.Min(x.b, y.b), Vector128.Min(x.c, y.c), Vector128.Min(x.d, y.d));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 MaxNative(Vector16In128 x, Vector16In128 y) => new(Vector128.MaxNative(x.a, y.a), Vector128.MaxNative(x.b, y.b), Vector128.MaxNative(x.c, y.c), Vector128.MaxNative(x.d, y.d));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 MinNative(Vector16In128 x, Vector16In128 y) => new(Vector128.MinNative(x.a, y.a), Vector128.MinNative(x.b, y.b), Vector128.MinNative(x.c, y.c), Vector128.MinNative(x.d, y.d));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 LessThan(Vector16In128 x, Vector16In128 y) => new(Vector128.LessThan(x.a, y.a), Vector128.LessThan(x.b, y.b), Vector128.LessThan(x.c, y.c), Vector128.LessThan(x.d, y.d));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 LessThanOrEqual(Vector16In128 x, Vector16In128 y) => new(Vector128.LessThanOrEqual(x.a, y.a), Vector128.LessThanOrEqual(x.b, y.b), Vector128.LessThanOrEqual(x.c, y.c), Vector128.LessThanOrEqual(x.d, y.d));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 Equal(Vector16In128 x, Vector16In128 y) => new(Vector128.Equals(x.a, y.a), Vector128.Equals(x.b, y.b), Vector128.Equals(x.c, y.c), Vector128.Equals(x.d, y.d));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 Select(Vector16In128 condition, Vector16In128 x, Vector16In128 y) => new(Vector128.ConditionalSelect(condition.a, x.a, y.a), Vector128.ConditionalSelect(condition.b, x.b, y.b), Vector128.ConditionalSelect(condition.c, x.c, y.c), Vector128.ConditionalSelect(condition.d, x.d, y.d));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 HalfPowerOfTwo(Vector16In128 x) => new(((Vector128.ConvertToInt32Native(x.a) + Vector128.Create(126)) << 23).AsSingle(), ((Vector128.ConvertToInt32Native(x.b) + Vector128.Create(126)) << 23).AsSingle(), ((Vector128.ConvertToInt32Native(x.c) + Vector128.Create(126)) << 23).AsSingle(), ((Vector128.ConvertToInt32Native(x.d) + Vector128.Create(126)) << 23).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 Exponent(Vector16In128 x) => new(Vector128.ConvertToSingle((x.a.AsInt32() >> 23) - Vector128.Create(126)), Vector128.ConvertToSingle((x.b.AsInt32() >> 23) - Vector128.Create(126)), Vector128.ConvertToSingle((x.c.AsInt32() >> 23) - Vector128.Create(126)), Vector128.ConvertToSingle((x.d.AsInt32() >> 23) - Vector128.Create(126)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 HasBit(Vector16In128 x, int added, int bit) => new(Vector128.Equals((Vector128.ConvertToInt32Native(x.a) + Vector128.Create(added)) & Vector128.Create(bit), Vector128.Create(bit)).AsSingle(), Vector128.Equals((Vector128.ConvertToInt32Native(x.b) + Vector128.Create(added)) & Vector128.Create(bit), Vector128.Create(bit)).AsSingle(), Vector128.Equals((Vector128.ConvertToInt32Native(x.c) + Vector128.Create(added)) & Vector128.Create(bit), Vector128.Create(bit)).AsSingle(), Vector128.Equals((Vector128.ConvertToInt32Native(x.d) + Vector128.Create(added)) & Vector128.Create(bit), Vector128.Create(bit)).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 operator +(Vector16In128 x, Vector16In128 y) => new(x.a + y.a, x.b + y.b, x.c + y.c, x.d + y.d);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 operator -(Vector16In128 x, Vector16In128 y) => new(x.a - y.a, x.b - y.b, x.c - y.c, x.d - y.d);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 operator *(Vector16In128 x, Vector16In128 y) => new(x.a * y.a, x.b * y.b, x.c * y.c, x.d * y.d);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 operator /(Vector16In128 x, Vector16In128 y) => new(x.a / y.a, x.b / y.b, x.c / y.c, x.d / y.d);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 operator &(Vector16In128 x, Vector16In128 y) => new(x.a & y.a, x.b & y.b, x.c & y.c, x.d & y.d);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 operator |(Vector16In128 x, Vector16In128 y) => new(x.a | y.a, x.b | y.b, x.c | y.c, x.d | y.d);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 operator -(Vector16In128 x) => new(-x.a, -x.b, -x.c, -x.d);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In128 operator ~(Vector16In128 x) => new(~x.a, ~x.b, ~x.c, ~x.d);
}
