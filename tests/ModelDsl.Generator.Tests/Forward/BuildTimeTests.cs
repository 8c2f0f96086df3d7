using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Forward;

/// <summary>What is computed while a network is compiled is what C# computes when it runs.</summary>
public class BuildTimeTests
{
    private static readonly string[] Bodies =
    [
        // Numbers take the type of the variable they are put into.
        "{ double d = 3; d++; d /= 2; return (int)(d * 10); }",
        "{ float f = 1; f += 2; f--; f *= 1.5f; return (int)(f * 10); }",
        "{ var s = 0; foreach (double d in new[] { 1, 2, 5 }) s += (int)(d / 2 * 10); return s; }",
        "{ var s = 0; foreach (int i in new[] { 1.9, 2.9 }) s += i; return s; }",
        "{ (double a, double b) = (7, 2); return (int)(a / b * 10); }",
        "{ double a; int b; (a, b) = (3, 4); return (int)(a / 2 * 10) + b; }",
        "{ var (a, b) = (3, 4.5); (a, b) = (a + 1, b * 2); return (int)(a * b); }",
        "{ double[] d = [1, 2]; return (int)(d[0] / d[1] * 10); }",
        "{ var d = new double[] { 1, 2 }; return (int)(d[0] / d[1] * 10); }",
        "{ (double, int) p = (1, 2); return (int)(p.Item1 / p.Item2 * 10); }",
        "=> (int)(Half(3) * 10) + (int)(Half(x: 5) * 10);",
        "=> (int)(Given(7) / 2 * 10);",
        "=> (int)((Given(1) > 0 ? 1 : 2.5) / 2 * 10);",

        // Operators.
        "{ int i = 7; i -= 1; i *= 3; i /= 2; i %= 7; i <<= 3; i |= 5; i ^= 2; i &= 0x3f; i >>= 1; return i + 1; }",
        "{ int a = -7, b = 2; return (a / b + 10) * 10 + (a % b + 5) + (1 << (b + 33)); }",
        "{ int a = 5; return ~a + 20 + -a + +a; }",
        "{ double a = -7.5, b = 2; return (int)(a % b * 10 + 30) + (a < b ? 1 : 0) + (a >= b ? 2 : 0) + (a != b ? 4 : 0); }",
        "{ float f = 0.1f; double d = 0.1; return f == d ? 1 : f > d ? 2 : 3; }",
        "{ float f = 0.1f; return f * 3 == 0.3f ? 1 : 2; }",
        "{ bool b = true; b &= 3 > Given(2); b ^= false; b |= false; return b && !(Given(1) == 2) || false ? 7 : 8; }",
        "{ int n = Given(0) > 0 && 1 / (int)Given(0) > 0 ? 3 : 4; return n; }",
        "{ var kind = Init.Zeros; return kind == Init.Ones ? 1 : kind != Init.Zeros ? 2 : 3; }",

        // Texts.
        "{ var s = \"a\" + (int)Given(1) + 2.5 + true; return s == \"a12.5True\" ? 3 : 4; }",
        "{ string s = $\"{1 + (int)Given(1)}x\"; s += 3; return s == \"2x3\" ? 5 : 6; }",
        "{ string s = \"\"; for (int i = 0; i < 3; i++) s = $\"{i}{s}\"; return s != \"210\" ? 5 : 6; }",

        // Functions.
        "{ int a = 3, b = -4; return Math.Max(a, b) * 1 + Math.Min(a, b) * -2 + Math.Abs(b) * 3 + Math.Clamp(b, 0, 9); }",
        "{ double d = 2.5; return (int)(Math.Floor(d) + 10 * Math.Ceiling(d) + Math.Round(d) + Math.Round(3.5 * d / d) + Math.Pow(d, 2) + Math.Sqrt(d) + Math.Exp(d) + Math.Log(d) + Math.Log2(d)); }",
        "{ float f = 2; return (int)(MathF.Sqrt(f) * 50 + MathF.Max(f, 3)); }",
        "=> (int)(Math.Max((int)Given(3), 2.5) / 2 * 10);",

        "=> (int)(1e3 * (Math.Sin(Given(1)) + Math.Cos(0.5) + Math.Tan(0.5) + Math.Tanh(0.5) + Math.Atan(Given(2))));",

        // Arrays that are filled.
        "{ var a = new double[3]; a[0] = 7; a[1] += a[0] / 2; a[2]--; var b = a; b[0] = 1; return (int)(a[0] * 100 + a[1] * 10 + a[2] * 3); }",
        "{ int[] a = [1, 2, 3]; a[1] *= 5; a[(int)Given(2)] = a[1] - 4; a[0]++; return a[0] * 100 + a[1] * 10 + a[2]; }",
        "{ var a = new float[2]; a[0] = 1; a[1] = a[0] / 3; return (int)(a[1] * 1000) + a.Length; }",
        "{ var a = new bool[2]; a[1] |= true; return a[0] ? 1 : a[1] ? 2 : 3; }",
        "{ var a = new string[2]; a[0] = \"x\"; a[1] = a[0] + 1; a[1] += \"y\"; return a[1] == \"x1y\" ? 4 : 5; }",
        "{ var s = new int[5]; for (int i = 0; i < s.Length; i++) s[i] = i * i; var t = 0; foreach (var v in s) t += v; return t; }",

        // Control flow.
        "{ int s = 0; for (int i = 0, j = 9; i < j; i++, j -= 2) { if (i == 1) continue; for (int k = 0; ; k++) { if (k > i) break; s += k + 1; } } return s; }",
        "{ int n = 20, s = 0; do { n /= 2; s++; if (n == 5) continue; if (n == 1) break; } while (n > 0); return s * 10 + n; }",
        "{ int n = 3; while (n < 50) { n *= 3; } { int m = n; n = m + 1; } return n; }",
        "{ var (i, w) = Pair(); return i * 10 + w; }",
        "{ if (Given(1) > 2) return 1; else if (Given(1) > 0) { return 2; } return 3; }",
        "=> Fibonacci(9);",
        "=> Optional(2) * 10 + Optional(b: 3, a: 1);",
        "=> Total(1, 2, 3) + Total() + Total([4, 5]);",
        "=> Util<int>.Twice(21) + 4.Thrice();",

        // Arrays and tuples.
        "{ int[] w = [3, 1, 4]; var s = w.Length; for (int i = 0; i < w.Length; i++) s = s * 3 + w[i]; return s; }",
        "{ int[] a = { 1, 2 }, b = a; a = new[] { 5 }; return b[1] * 10 + a[0]; }",
        "{ var p = (a: 1, b: (c: 2, d: 3)); var q = p; p = (4, (5, 6)); return q.a * 100 + q.b.c * 10 + p.b.d; }",
        "{ var t = (1, 2, 3, 4, 5, 6, 7, 8, 9); return t.Item9 * 10 + t.Item7; }",
        "{ int a = 1, b = 2, c = 3; (a, b, c) = (c, a, b); (_, a) = (b, a + 1); return a * 100 + b * 10 + c; }",
        "{ const int Width = 5; double half = Width / 2 + Width / 2.0; return (int)(half * 10) + checked(Width * 2) + unchecked(Width + 1); }",
    ];

    private const string Helpers =
        """
        public static class Extensions { public static int Thrice(this int x) => 3 * x; }
        public static class Util<T> { public static int Twice(int x) => 2 * x; }
        public static class Numbers
        {
            static double Half(double x) => x / 2;
            static double Given(int n) => n;
            static int Fibonacci(int n) => n < 2 ? n : Fibonacci(n - 1) + Fibonacci(n - 2);
            static int Optional(int a, int b = 7) => a * 3 + b;
            static int Total(params int[] all) { var sum = 0; foreach (var one in all) sum += one; return sum; }
            static (int, int) Pair() => (3, 7);

        """;

    [Fact]
    public void Numbers_are_those_of_CSharp()
    {
        var numbers = Helpers + string.Concat(Bodies.Select((body, index) => $"    public static int F{index}() {body}\n")) + "}\n";
        var run = TestCompilation.Load(TestCompilation.Create(numbers)).GetType("Numbers")!;
        var expected = Bodies.Select((_, index) => (int)run.GetMethod($"F{index}")!.Invoke(null, null)!).ToList();
        Assert.All(expected, size => Assert.InRange(size, 1, 5000));

        var models = Bodies.Select((_, index) => $"[Model, Input(1), MeanSquaredError] partial class Net{index} {{ static Tensor Forward(Tensor x) => x.Dense(Numbers.F{index}()); }}\n");
        var compilation = TestCompilation.Create(numbers + string.Concat(models));
        var failures = new List<string>();
        for (var i = 0; i < Bodies.Length; i++)
        {
            var model = Lowering.Lower(ModelParser.ReadModel(compilation.GetTypeByMetadataName($"Net{i}")!, compilation, default));
            var actual = model.Problems.Count > 0 ? $"{model.Problems[0].Id} {string.Join(" | ", model.Problems[0].Arguments)}" : $"{model.Parameters[0].Shape[0].Value}";
            if (actual != $"{expected[i]}") failures.Add($"{Bodies[i]} is {expected[i]}, not {actual}");
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }
}
