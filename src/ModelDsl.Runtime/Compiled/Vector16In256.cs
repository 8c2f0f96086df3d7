using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ModelDsl.Compiled;

#pragma warning disable CA1815, CA2225 // vectors are not compared as values, and generated code uses them through their interface

/// <summary>Sixteen floats in two 256-bit registers.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly unsafe struct Vector16In256 : IVector16<Vector16In256>
{
    private readonly Vector256<float> a;
    private readonly Vector256<float> b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector16In256(Vector256<float> a, Vector256<float> b) => (this.a, this.b) = (a, b);

    /// <summary>Creates a vector of sixteen floats that repeats the floats of one register.</summary>
    /// <param name="register">The register.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static explicit operator Vector16In256(Vector256<float> register) => new(register, register);

    /// <summary>The first register.</summary>
    /// <param name="vector">The floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static explicit operator Vector256<float>(Vector16In256 vector) => vector.a;

    /// <inheritdoc/>
    public static Vector16In256 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector256<float>.Zero, Vector256<float>.Zero);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 Create(float value)
    {
        var register = Vector256.Create(value);
        return new(register, register);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 Load(float* source) => new(Vector256.Load(source), Vector256.Load(source + 8));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 Load(float* source, int count) => new(
        Lanes256.Load(source, count),
        count > 8 ? Lanes256.Load(source + 8, count - 8) : Vector256<float>.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 Load(int* source, int count) => new(
        Lanes256.Load(source, count),
        count > 8 ? Lanes256.Load(source + 8, count - 8) : Vector256<float>.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 LoadStrided(float* source, int stride, int count) => new(
        Lanes256.LoadStrided(source, stride, count),
        count > 8 ? Lanes256.LoadStrided(source + (8 * stride), stride, count - 8) : Vector256<float>.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 LoadStrided(int* source, int stride, int count) => new(
        Lanes256.LoadStrided(source, stride, count),
        count > 8 ? Lanes256.LoadStrided(source + (8 * stride), stride, count - 8) : Vector256<float>.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector16In256 value, float* target)
    {
        Vector256.Store(value.a, target);
        Vector256.Store(value.b, target + 8);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector16In256 value, float* target, int count)
    {
        Lanes256.Store(value.a, target, count);
        if (count > 8) Lanes256.Store(value.b, target + 8, count - 8);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreStrided(Vector16In256 value, float* target, int stride, int count)
    {
        Lanes256.StoreStrided(value.a, target, stride, count);
        if (count > 8) Lanes256.StoreStrided(value.b, target + (8 * stride), stride, count - 8);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 From(int start) => new(Lanes256.From(start), Lanes256.From(start + 8));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 Keep(Vector16In256 value, int count, float fill) => new(Lanes256.Keep(value.a, count, fill), Lanes256.Keep(value.b, count - 8, fill));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float First(Vector16In256 value) => value.a.ToScalar();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector16In256 value) => Lanes256.Sum(value.a, value.b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Vector16In256 value) => Lanes256.Max(value.a, value.b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 MultiplyAdd(Vector16In256 x, Vector16In256 y, Vector16In256 z) => new(Vector256.FusedMultiplyAdd(x.a, y.a, z.a), Vector256.FusedMultiplyAdd(x.b, y.b, z.b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MultiplyAdd(float x, float y, float z) => MathF.FusedMultiplyAdd(x, y, z);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 Abs(Vector16In256 x) => new(Vector256.Abs(x.a), Vector256.Abs(x.b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 Sqrt(Vector16In256 x) => new(Vector256.Sqrt(x.a), Vector256.Sqrt(x.b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 Floor(Vector16In256 x) => new(Vector256.Floor(x.a), Vector256.Floor(x.b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 Ceiling(Vector16In256 x) => new(Vector256.Ceiling(x.a), Vector256.Ceiling(x.b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 Round(Vector16In256 x) => new(Vector256.Round(x.a), Vector256.Round(x.b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 Max(Vector16In256 x, Vector16In256 y) => new(Vector256.Max(x.a, y.a), Vector256.Max(x.b, y.b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 Min(Vector16In256 x, Vector16In256 y) => new(Vector256.Min(x.a, y.a), Vector256.Min(x.b, y.b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 MaxNative(Vector16In256 x, Vector16In256 y) => new(Vector256.MaxNative(x.a, y.a), Vector256.MaxNative(x.b, y.b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 MinNative(Vector16In256 x, Vector16In256 y) => new(Vector256.MinNative(x.a, y.a), Vector256.MinNative(x.b, y.b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 LessThan(Vector16In256 x, Vector16In256 y) => new(Vector256.LessThan(x.a, y.a), Vector256.LessThan(x.b, y.b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 LessThanOrEqual(Vector16In256 x, Vector16In256 y) => new(Vector256.LessThanOrEqual(x.a, y.a), Vector256.LessThanOrEqual(x.b, y.b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 Equal(Vector16In256 x, Vector16In256 y) => new(Vector256.Equals(x.a, y.a), Vector256.Equals(x.b, y.b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 Select(Vector16In256 condition, Vector16In256 x, Vector16In256 y) => new(Vector256.ConditionalSelect(condition.a, x.a, y.a), Vector256.ConditionalSelect(condition.b, x.b, y.b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 HalfPowerOfTwo(Vector16In256 x) => new(((Vector256.ConvertToInt32Native(x.a) + Vector256.Create(126)) << 23).AsSingle(), ((Vector256.ConvertToInt32Native(x.b) + Vector256.Create(126)) << 23).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 Exponent(Vector16In256 x) => new(Vector256.ConvertToSingle((x.a.AsInt32() >> 23) - Vector256.Create(126)), Vector256.ConvertToSingle((x.b.AsInt32() >> 23) - Vector256.Create(126)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 HasBit(Vector16In256 x, int added, int bit) => new(Vector256.Equals((Vector256.ConvertToInt32Native(x.a) + Vector256.Create(added)) & Vector256.Create(bit), Vector256.Create(bit)).AsSingle(), Vector256.Equals((Vector256.ConvertToInt32Native(x.b) + Vector256.Create(added)) & Vector256.Create(bit), Vector256.Create(bit)).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 operator +(Vector16In256 x, Vector16In256 y) => new(x.a + y.a, x.b + y.b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 operator -(Vector16In256 x, Vector16In256 y) => new(x.a - y.a, x.b - y.b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 operator *(Vector16In256 x, Vector16In256 y) => new(x.a * y.a, x.b * y.b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 operator /(Vector16In256 x, Vector16In256 y) => new(x.a / y.a, x.b / y.b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 operator &(Vector16In256 x, Vector16In256 y) => new(x.a & y.a, x.b & y.b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 operator |(Vector16In256 x, Vector16In256 y) => new(x.a | y.a, x.b | y.b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 operator -(Vector16In256 x) => new(-x.a, -x.b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In256 operator ~(Vector16In256 x) => new(~x.a, ~x.b);
}
