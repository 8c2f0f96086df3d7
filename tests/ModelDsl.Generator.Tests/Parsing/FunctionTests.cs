namespace ModelDsl.Generator.Tests.Parsing;

public class FunctionTests
{
    [Theory]
    [InlineData("=> x / (1f + MathF.Exp(-x));")]
    [InlineData("=> 2 * x + 1;")]
    [InlineData("=> -(+x) * (x - 3) / 4;")]
    [InlineData("=> 1 / 3 + 7 % 4 + x;")]
    [InlineData("=> (float)(1.5 * x - (double)x / 3);")]
    public void Arithmetic(string body) => Function(body).MustAgree();

    [Theory]
    [InlineData("=> x > 0 ? x : 0.1f * x;")]
    [InlineData("=> x > 0 && x < 2 || !(x >= -1) ? x : 7;")]
    [InlineData("=> x == 1 | x != x ? 3 : x <= 1 & x > -2 ? 4 : x;")]
    [InlineData("=> x is > 0 and < 2 or < -3 ? x : -x;")]
    [InlineData("=> x is not 1f ? x : 5;")]
    [InlineData("=> x is float.NaN ? 1 : x + 2;")]
    [InlineData("{ bool positive = x > 0, small = MathF.Abs(x) < 1; return positive == small ? x : positive ^ small ? 2 * x : 3; }")]
    public void Conditions(string body) => Function(body).MustAgree();

    [Theory]
    [InlineData("=> x switch { < 0 => 0.1f * x, 0 => 0, > 3f => 3, _ => x };")]
    [InlineData("=> x switch { < 0 or > 5 => 1, float.NaN => 2, var y when y * y < 2 => y, not 2f => 3, _ => x };")]
    [InlineData("=> (x > 0) switch { true => x, false => -x };")]
    public void Switches(string body) => Function(body).MustAgree();

    [Theory]
    [InlineData("{ var y = x * x; float z = y + 1; return z / 2; }")]
    [InlineData("{ var y = x; y += 1; y *= y; y -= x; y /= 2; ++y; x = y; return x; }")]
    [InlineData("{ if (x < 0) return -x; return x * x; }")]
    [InlineData("{ float y; if (x < 0) { y = -x; } else y = 2 * x; return y; }")]
    [InlineData("{ var y = x; if (x < 0) y = 0; if (y > 1) { y = 1; } return y; }")]
    [InlineData("{ if (x < 0) { if (x < -2) return 1; x = 5 * x; } else if (x > 2) return x; x += 1; if (x > 2) return 2; return 3 * x; }")]
    [InlineData("{ const float C = 2; const int D = 3; { var y = C * x; if (y > D) { return y; } } ; return D; }")]
    public void Statements(string body) => Function(body).MustAgree();

    [Theory]
    [InlineData("=> MathF.Log(1 + MathF.Exp(-MathF.Abs(x))) + MathF.Max(x, 0);")]
    [InlineData("=> MathF.Sqrt(MathF.Abs(x)) + MathF.Tanh(x) + MathF.Min(x, 1f) + Math.Clamp(x, -1, 1);")]
    [InlineData("=> MathF.Abs(x) > 1000 ? 0 : MathF.Sin(x) + MathF.Cos(x) + MathF.Tan(0.1f * x);")]
    [InlineData("=> MathF.Floor(x) + MathF.Ceiling(x) + MathF.Round(x) + MathF.Truncate(x) + x;")]
    [InlineData("=> float.IsNaN(x) ? 1 : MathF.Sign(x) * x + Math.Sign(x) * 2;")]
    [InlineData("=> MathF.Cbrt(x) + MathF.Sinh(x / 100) + MathF.Cosh(x / 100);")]
    [InlineData("=> x <= 0 ? x : MathF.Log(x) + MathF.Log2(x) + MathF.Log10(x) + MathF.Log(x, 3) + MathF.Pow(x, 0.3f);")]
    [InlineData("=> MathF.Abs(x) > 10 ? 0 : MathF.Pow(x, 2) + MathF.Pow(2, x) + float.Exp2(x) + float.ExpM1(x) + float.LogP1(MathF.Abs(x));")]
    [InlineData("=> float.IsFinite(x) ? float.Hypot(x, 2) + float.Lerp(x, 1, 0.3f) + MathF.FusedMultiplyAdd(x, 2, 1) : float.IsInfinity(x) ? 1 : 2;")]
    [InlineData("=> (float)Math.Exp(-x * Math.PI) + float.Pi * float.E;")]
    public void Library(string body) => Function(body).MustAgree();

    [Fact]
    public void Losses() =>
        new UserFunction("static float F(float x, float y) { var d = x - y; return MathF.Abs(d) < 1 ? 0.5f * d * d : MathF.Abs(d) - 0.5f; }").MustAgree();

    [Fact]
    public void Calls_with_default_and_named_arguments_into_other_classes() => new UserFunction(
        """
        private const float Scale = 3;
        private static float F(float x) => Own(x) + Own(b: x, a: 1) + Elsewhere.Leaky(x) + Elsewhere.Leaky(x, 2) + Scale * Elsewhere.Half;
        private static float Own(float a, float b = 2) => a - b * Deep(a);
        private static float Deep(float z) { z += 1; return z; }
        """,
        "static class Elsewhere { public const float Half = 0.5f; public static float Leaky(float x, int slope = 5) => x < 0 ? x / slope : x; }").MustAgree();

    [Fact]
    public void A_function_of_a_class_around_a_block()
    {
        var function = new UserFunction(
            "static float F(float x) => x + G(x); static float G(float x) => x; [Block, Activation(nameof(F))] partial class Inner;");
        function.MustAgree();
    }

    [Fact]
    public void Sequential_branches_do_not_multiply()
    {
        var steps = string.Concat(Enumerable.Range(0, 60).Select(i => $"if (x > {i}) y += x; else y -= 1;"));
        Function($"{{ var y = 0f; {steps} return y; }}");
    }

    [Fact]
    public void Shared_parts_are_compared_once()
    {
        var squares = $"{{ {string.Concat(Enumerable.Repeat("x *= x; ", 60))} return x; }}";
        Assert.Equal(Function(squares).Body, Function(squares).Body);
        Assert.NotEqual(Function(squares).Body, Function(squares.Replace("return x", "return x + 1", StringComparison.Ordinal)).Body);
    }

    [Fact]
    public void What_is_known_is_folded() => Assert.Equal("Add(x0, 6)", Function("=> x + 2 * 3;").Body.ToString());

    private static UserFunction Function(string body) => new($"static float F(float x) {body}");
}
