using ModelDsl.Compiled;

namespace ModelDsl.Generator.Tests.Emit;

/// <summary>The elementary functions of generated kernels against double precision, at every register width.</summary>
public class VectorMathTests
{
    private static readonly string[] Functions = ["Exp", "Log", "Sigmoid", "Tanh", "Softplus", "Erf", "Sin", "Cos", "Pow", "Sign"];

    /// <summary>A function, what it should give, where it is tried, and how many units in the last place it may be off.</summary>
    public static TheoryData<string, double, double, double> Ranges => new()
    {
        { "Exp", -86.98, 88.7, 2 },
        { "Log", 1e-38, 3e38, 2 },
        { "Log", 0.5, 2, 2 },
        { "Sigmoid", -80, 80, 4 },
        { "Tanh", -12, 12, 3 },
        { "Tanh", -0.7, 0.7, 3 },
        { "Softplus", -80, 80, 4 },
        { "Erf", -5, 5, 8 },
        { "Erf", -0.1, 0.1, 8 },
        { "Sign", -2, 2, 0 },
    };

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Functions_are_accurate_to_a_few_units_in_the_last_place(string function, double from, double to, double units)
    {
        var x = Grid(from, to);
        var results = Apply(function, 512, x, x);
        Assert.All(x.Zip(results), pair => Assert.True(
            Ulps(pair.Second, Exact(function, pair.First, 0)) <= units,
            $"{function}({pair.First:r}) gave {pair.Second:r}, not {Exact(function, pair.First, 0):r}: {Ulps(pair.Second, Exact(function, pair.First, 0)):f1} units."));
    }

    [Theory]
    [InlineData("Sin", 3)]
    [InlineData("Cos", 3)]
    [InlineData("Sin", 8000)]
    [InlineData("Cos", 8000)]
    public void Sines_are_accurate_to_the_precision_of_1(string function, double to)
    {
        var x = Grid(-to, to);
        Assert.All(x.Zip(Apply(function, 512, x, x)), pair => Assert.Equal(Exact(function, pair.First, 0), pair.Second, 1.5e-7));
    }

    [Fact]
    public void Powers_are_as_accurate_as_their_exponents_allow()
    {
        var random = new Random(5);
        var x = Enumerable.Range(0, 20_000).Select(_ => (float)Math.Pow(10, (random.NextDouble() * 8) - 4)).ToArray();
        var y = x.Select(_ => (float)((random.NextDouble() * 12) - 6)).ToArray();
        var results = Apply("Pow", 512, x, y);
        for (var i = 0; i < x.Length; i++)
        {
            var exact = Math.Pow(x[i], y[i]);
            var size = Math.Abs(y[i] * Math.Log(x[i]));
            if (exact is > 1.2e-38 and < 3e38)
                Assert.True(Math.Abs(results[i] - exact) <= exact * 1.2e-7 * (3 + size), $"{x[i]:r} to the power {y[i]:r} gave {results[i]:r}, not {exact:r}.");
        }
    }

    [Theory]
    [InlineData("Exp", float.NegativeInfinity, 0f)]
    [InlineData("Exp", -200f, 0f)]
    [InlineData("Exp", 0f, 1f)]
    [InlineData("Exp", 89f, float.PositiveInfinity)]
    [InlineData("Exp", float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData("Log", 0f, float.NegativeInfinity)]
    [InlineData("Log", 1f, 0f)]
    [InlineData("Log", -1f, float.NaN)]
    [InlineData("Log", float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData("Sigmoid", float.NegativeInfinity, 0f)]
    [InlineData("Sigmoid", 0f, 0.5f)]
    [InlineData("Sigmoid", float.PositiveInfinity, 1f)]
    [InlineData("Tanh", float.NegativeInfinity, -1f)]
    [InlineData("Tanh", 0f, 0f)]
    [InlineData("Tanh", float.PositiveInfinity, 1f)]
    [InlineData("Softplus", float.NegativeInfinity, 0f)]
    [InlineData("Softplus", 1e30f, 1e30f)]
    [InlineData("Softplus", float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData("Erf", float.NegativeInfinity, -1f)]
    [InlineData("Erf", 0f, 0f)]
    [InlineData("Erf", float.PositiveInfinity, 1f)]
    [InlineData("Sin", 0f, 0f)]
    [InlineData("Cos", 0f, 1f)]
    [InlineData("Sign", -0f, 0f)]
    [InlineData("Sign", float.NegativeInfinity, -1f)]
    public void Special_values_give_their_limits(string function, float x, float expected) =>
        Assert.Equal(expected, Assert.Single(Apply(function, 128, [x], [x])), 1e-7f);

    [Theory]
    [InlineData(2f, 0f, 1f)]
    [InlineData(float.NaN, 0f, 1f)]
    [InlineData(0f, 2f, 0f)]
    [InlineData(0f, -1f, float.PositiveInfinity)]
    [InlineData(-2f, 3f, -8f)]
    [InlineData(-2f, 2f, 4f)]
    [InlineData(-2f, 0.5f, float.NaN)]
    public void Powers_of_special_values_are_those_of_MathF(float x, float y, float expected)
    {
        Assert.Equal(MathF.Pow(x, y), expected);
        Assert.Equal(expected, Assert.Single(Apply("Pow", 128, [x], [y])), 2e-6f);
    }

    [Fact]
    public void What_is_not_a_number_stays_none() =>
        Assert.All(Functions, function => Assert.True(float.IsNaN(Apply(function, 512, [float.NaN], [1f])[0]), function));

    [Fact]
    public void Every_width_gives_the_same_bits()
    {
        float[] x =
        [
            .. Grid(-100, 100), .. Grid(-1, 1), .. Grid(1e-38, 3e38), float.Epsilon, -float.Epsilon, 1e-40f, float.MaxValue, float.MinValue,
            float.PositiveInfinity, float.NegativeInfinity, 0f, -0f, float.NaN,
        ];
        foreach (var function in Functions)
        {
            var y = x.Select((_, i) => (i % 13) - 6f).ToArray();
            var bits = Bits(Apply(function, 512, x, y));
            Assert.Equal(bits, Bits(Apply(function, 256, x, y)));
            Assert.Equal(bits, Bits(Apply(function, 128, x, y)));
        }

        static int[] Bits(float[] values) => [.. values.Select(value => float.IsNaN(value) ? -1 : BitConverter.SingleToInt32Bits(value))];
    }

    private static double Exact(string function, double x, double y) => function switch
    {
        "Exp" => Math.Exp(x),
        "Log" => Math.Log(x),
        "Sigmoid" => 1 / (1 + Math.Exp(-x)),
        "Tanh" => Math.Tanh(x),
        "Softplus" => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x))),
        "Erf" => Erf(x),
        "Sin" => Math.Sin(x),
        "Cos" => Math.Cos(x),
        "Sign" => Math.Sign(x),
        _ => Math.Pow(x, y),
    };

    /// <summary>Kahan's way to keep the digits of a small u.</summary>
    private static double Log1p(double u) => 1 + u == 1 ? u : Math.Log(1 + u) * (u / (1 + u - 1));

    /// <summary>The series 2/√π · Σ (−1)ⁿ x²ⁿ⁺¹ / (n! (2n+1)); where its terms would cancel, 1 less the continued fraction of the complement.</summary>
    private static double Erf(double x)
    {
        if (Math.Abs(x) < 2.5)
        {
            var (sum, term) = (x, x);
            for (var n = 1; n < 100; n++)
            {
                term *= -x * x / n;
                sum += term / ((2 * n) + 1);
            }

            return 2 / Math.Sqrt(Math.PI) * sum;
        }

        var fraction = 0.0;
        for (var k = 60; k > 0; k--)
            fraction = k / 2.0 / (Math.Abs(x) + fraction);
        return Math.Sign(x) * (1 - (Math.Exp(-x * x) / Math.Sqrt(Math.PI) / (Math.Abs(x) + fraction)));
    }

    /// <summary>The distance in units of the last place of a float of the expected size; subnormal results count as the smallest normal ones.</summary>
    private static double Ulps(float value, double exact)
    {
        var size = Math.Max(Math.Abs(exact), 1.17549435e-38);
        return Math.Abs(value - exact) / Math.Pow(2, Math.Floor(Math.Log2(size)) - 23);
    }

    /// <summary>Twenty thousand places: evenly spread, or by their exponents where the range is one of positive numbers.</summary>
    private static float[] Grid(double from, double to) =>
    [
        .. Enumerable.Range(0, 20_000).Select(i => i / 19_999.0)
            .Select(part => (float)Math.Clamp(from > 0 ? from * Math.Pow(to / from, part) : from + ((to - from) * part), (float)from, (float)to)),
    ];

    private static float[] Apply(string function, int bits, float[] x, float[] y) => bits switch
    {
        512 => Apply<Vector16In512>(function, x, y),
        256 => Apply<Vector16In256>(function, x, y),
        _ => Apply<Vector16In128>(function, x, y),
    };

    private static unsafe float[] Apply<TVector>(string function, float[] x, float[] y)
        where TVector : struct, IVector16<TVector>
    {
        var results = new float[x.Length];
        fixed (float* a = x, b = y, r = results)
        {
            for (var i = 0; i < x.Length; i += 16)
                TVector.Store(Of(function, TVector.Load(a + i, x.Length - i), TVector.Load(b + i, y.Length - i)), r + i, x.Length - i);
        }

        return results;
    }

    private static TVector Of<TVector>(string function, TVector x, TVector y)
        where TVector : struct, IVector16<TVector> => function switch
        {
            "Exp" => VectorMath.Exp(x),
            "Log" => VectorMath.Log(x),
            "Sigmoid" => VectorMath.Sigmoid(x),
            "Tanh" => VectorMath.Tanh(x),
            "Softplus" => VectorMath.Softplus(x),
            "Erf" => VectorMath.Erf(x),
            "Sin" => VectorMath.Sin(x),
            "Cos" => VectorMath.Cos(x),
            "Pow" => VectorMath.Pow(x, y),
            "Sign" => VectorMath.Sign(x),
            _ => throw new ArgumentOutOfRangeException(nameof(function), function, "No such function."),
        };
}
