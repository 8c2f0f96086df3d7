using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ModelDsl.Compiled;

#pragma warning disable CA1815, CA2225 // vectors are not compared as values, and generated code uses them through their interface

/// <summary>Sixteen floats in one 512-bit register.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly unsafe struct Vector16In512 : IVector16<Vector16In512>
{
    private readonly Vector512<float> a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector16In512(Vector512<float> a) => this.a = a;

    /// <summary>Creates a vector from a register.</summary>
    /// <param name="register">The register.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static explicit operator Vector16In512(Vector512<float> register) => new(register);

    /// <summary>The register.</summary>
    /// <param name="vector">The floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static explicit operator Vector512<float>(Vector16In512 vector) => vector.a;

    /// <inheritdoc/>
    public static Vector16In512 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector512<float>.Zero);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 Create(float value) => new(Vector512.Create(value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 Load(float* source) => new(Vector512.Load(source));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 Load(float* source, int count) => new(Lanes512.Load(source, count));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 Load(int* source, int count) => new(Lanes512.Load(source, count));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 LoadStrided(float* source, int stride, int count) => new(Lanes512.LoadStrided(source, stride, count));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 LoadStrided(int* source, int stride, int count) => new(Lanes512.LoadStrided(source, stride, count));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector16In512 value, float* target) => Vector512.Store(value.a, target);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector16In512 value, float* target, int count) => Lanes512.Store(value.a, target, count);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreStrided(Vector16In512 value, float* target, int stride, int count) => Lanes512.StoreStrided(value.a, target, stride, count);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 From(int start) => new(Lanes512.From(start));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 Keep(Vector16In512 value, int count, float fill) => new(Lanes512.Keep(value.a, count, fill));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float First(Vector16In512 value) => value.a.ToScalar();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector16In512 value) => Lanes512.Sum(value.a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Vector16In512 value) => Lanes512.Max(value.a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 MultiplyAdd(Vector16In512 x, Vector16In512 y, Vector16In512 z) => new(Vector512.FusedMultiplyAdd(x.a, y.a, z.a));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MultiplyAdd(float x, float y, float z) => MathF.FusedMultiplyAdd(x, y, z);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 Abs(Vector16In512 x) => new(Vector512.Abs(x.a));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 Sqrt(Vector16In512 x) => new(Vector512.Sqrt(x.a));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 Floor(Vector16In512 x) => new(Vector512.Floor(x.a));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 Ceiling(Vector16In512 x) => new(Vector512.Ceiling(x.a));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 Round(Vector16In512 x) => new(Vector512.Round(x.a));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 Max(Vector16In512 x, Vector16In512 y) => new(Vector512.Max(x.a, y.a));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 Min(Vector16In512 x, Vector16In512 y) => new(Vector512.Min(x.a, y.a));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 MaxNative(Vector16In512 x, Vector16In512 y) => new(Vector512.MaxNative(x.a, y.a));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 MinNative(Vector16In512 x, Vector16In512 y) => new(Vector512.MinNative(x.a, y.a));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 LessThan(Vector16In512 x, Vector16In512 y) => new(Vector512.LessThan(x.a, y.a));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 LessThanOrEqual(Vector16In512 x, Vector16In512 y) => new(Vector512.LessThanOrEqual(x.a, y.a));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 Equal(Vector16In512 x, Vector16In512 y) => new(Vector512.Equals(x.a, y.a));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 Select(Vector16In512 condition, Vector16In512 x, Vector16In512 y) => new(Vector512.ConditionalSelect(condition.a, x.a, y.a));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 HalfPowerOfTwo(Vector16In512 x) => new(((Vector512.ConvertToInt32Native(x.a) + Vector512.Create(126)) << 23).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 Exponent(Vector16In512 x) => new(Vector512.ConvertToSingle((x.a.AsInt32() >> 23) - Vector512.Create(126)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 HasBit(Vector16In512 x, int added, int bit) => new(Vector512.Equals((Vector512.ConvertToInt32Native(x.a) + Vector512.Create(added)) & Vector512.Create(bit), Vector512.Create(bit)).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 operator +(Vector16In512 x, Vector16In512 y) => new(x.a + y.a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 operator -(Vector16In512 x, Vector16In512 y) => new(x.a - y.a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 operator *(Vector16In512 x, Vector16In512 y) => new(x.a * y.a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 operator /(Vector16In512 x, Vector16In512 y) => new(x.a / y.a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 operator &(Vector16In512 x, Vector16In512 y) => new(x.a & y.a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 operator |(Vector16In512 x, Vector16In512 y) => new(x.a | y.a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 operator -(Vector16In512 x) => new(-x.a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16In512 operator ~(Vector16In512 x) => new(~x.a);
}
