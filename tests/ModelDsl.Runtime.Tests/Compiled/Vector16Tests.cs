using ModelDsl.Compiled;

namespace ModelDsl.Runtime.Tests.Compiled;

/// <summary>Sixteen floats are the same sixteen floats in registers of every width.</summary>
public unsafe class Vector16Tests
{
    private static readonly float[] Numbers =
        [1.5f, -2, 0, -0f, 3e38f, 1e-40f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 7, -8.5f, 100.25f, -1, 2.5f, 0.1f, 16];

    private static readonly float[] Others =
        [2, -2, 0, 0f, 3e38f, -1e-40f, 1, 5, float.NaN, -7, 8.5f, 0.25f, 1, 2.5f, -0.1f, -16];

    public static TheoryData<int> Counts => [.. Enumerable.Range(-1, 19)];

    [Theory]
    [MemberData(nameof(Counts))]
    public void Lanes_behind_a_count_are_neither_read_nor_written(int count)
    {
        var expected = Numbers.Select((number, lane) => lane < count ? number : 0).ToArray();
        Assert.Equal(Bits(expected), Bits(Loaded<Vector16In512>(count)));
        Assert.Equal(Bits(expected), Bits(Loaded<Vector16In256>(count)));
        Assert.Equal(Bits(expected), Bits(Loaded<Vector16In128>(count)));
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void Strides_and_fills_are_the_same_at_every_width(int count)
    {
        var expected = Bits(Strided<Vector16In512>(count));
        Assert.Equal(expected, Bits(Strided<Vector16In256>(count)));
        Assert.Equal(expected, Bits(Strided<Vector16In128>(count)));
    }

    [Fact]
    public void Every_operation_gives_the_same_bits_at_every_width()
    {
        var expected = Bits(Operations<Vector16In512>());
        Assert.Equal(expected, Bits(Operations<Vector16In256>()));
        Assert.Equal(expected, Bits(Operations<Vector16In128>()));
    }

    private static float[] Loaded<T>(int count)
        where T : struct, IVector16<T>
    {
        // A buffer of exactly this number of floats, with a mark after the stored ones that must not change.
        var source = Numbers[..Math.Clamp(count, 0, 16)];
        var target = Enumerable.Repeat(42f, 17).ToArray();
        var all = new float[16];
        fixed (float* from = source, to = target, whole = all)
        {
            var value = T.Load(from, count);
            T.Store(value, to, count);
            T.Store(value, whole);
        }

        Assert.Equal(Bits([.. source, .. Enumerable.Repeat(42f, 17 - source.Length)]), Bits(target));
        return all;
    }

    private static float[] Strided<T>(int count)
        where T : struct, IVector16<T>
    {
        var source = Enumerable.Range(0, 48).Select(i => (float)i).ToArray();
        var integers = Enumerable.Range(0, 48).ToArray();
        var target = new float[48 + (4 * 16)];
        fixed (float* from = source, to = target)
        {
            fixed (int* whole = integers)
            {
                T.StoreStrided(T.LoadStrided(from, 3, Math.Min(count, 16)), to, 3, count);
                T.Store(T.LoadStrided(whole, 2, Math.Min(count, 16)), to + 48);
                T.Store(T.Load(whole, count), to + 64);
                T.Store(T.Keep(T.From(5), count, -1), to + 80);
                T.Store(T.Create(T.First(T.From(count))), to + 96);
            }
        }

        return target;
    }

    private static float[] Operations<T>()
        where T : struct, IVector16<T>
    {
        var results = new List<float>();
        fixed (float* numbers = Numbers, others = Others)
        {
            var (x, y) = (T.Load(numbers), T.Load(others));
            var whole = T.From(-3);
            T[] values =
            [
                x + y, x - y, x * y, x / y, -x, T.MultiplyAdd(x, y, x), T.Abs(x), T.Sqrt(x), T.Floor(x), T.Ceiling(x), T.Round(x), T.Max(x, y), T.Min(x, y), T.MaxNative(x, y), T.MinNative(x, y),
                T.Select(T.LessThan(x, y), x, y), T.Select(T.LessThanOrEqual(x, y), x, y), T.Select(T.Equal(x, y), x, T.Zero), T.Select(T.LessThan(x, y) & T.Equal(y, y), x, y),
                T.Select(T.LessThan(x, y) | T.Equal(x, x), x, y), T.Select(~T.LessThan(x, y), x, y), T.HalfPowerOfTwo(whole), T.Exponent(T.From(1)), T.Select(T.HasBit(whole, 1, 2), x, y),
                T.Create(T.Sum(whole)), T.Create(T.Max(whole)), T.Create(T.Max(x)), T.Create(T.MultiplyAdd(1.1f, 2.2f, 3.3f)),
            ];
            var lanes = stackalloc float[16];
            foreach (var value in values)
            {
                T.Store(value, lanes);
                for (var lane = 0; lane < 16; lane++)
                    results.Add(lanes[lane]);
            }
        }

        return [.. results];
    }

    private static int[] Bits(float[] values) => [.. values.Select(value => float.IsNaN(value) ? -1 : BitConverter.SingleToInt32Bits(value))];
}
