using System.Text.RegularExpressions;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>
/// The elementary functions of generated kernels, written once for all register widths: V stands for the vector class. They use nothing but correctly
/// rounded operations, so every width gives the same bits. Coefficients are those of the Cephes library, except for erf (Eigen's rational
/// approximation); errors are a few units in the last place.
/// </summary>
internal static class VectorMath
{
    private static readonly Dictionary<string, (string Text, string[] Needs)> Functions = new()
    {
        ["Exp"] = ("""
            /// <summary>eˣ; 0 below −86.99, where the result would be almost subnormal.</summary>
            private static V<float> Exp(V<float> x)
            {
                // eˣ = 2ⁿ · eʳ with n = round(x / ln 2): r is at most ln 2 / 2, where a polynomial serves.
                x = V.MaxNative(V.Create(-87f), V.MinNative(V.Create(88.8f), x));
                var n = V.Round(x * V.Create(1.442695f));
                var r = V.FusedMultiplyAdd(n, V.Create(-0.693359375f), x);
                r = V.FusedMultiplyAdd(n, V.Create(2.12194440e-4f), r);
                var p = V.FusedMultiplyAdd(V.Create(1.9875691500e-4f), r, V.Create(1.3981999507e-3f));
                p = V.FusedMultiplyAdd(p, r, V.Create(8.3334519073e-3f));
                p = V.FusedMultiplyAdd(p, r, V.Create(4.1665795894e-2f));
                p = V.FusedMultiplyAdd(p, r, V.Create(1.6666665459e-1f));
                p = V.FusedMultiplyAdd(p, r, V.Create(5.0000001201e-1f));
                p = V.FusedMultiplyAdd(p * r, r, r) + V.Create(1f);
                // Twice p and half the scale: the largest results have n = 128, which is no exponent of a float.
                var scale = ((V.ConvertToInt32Native(n) + V.Create(126)) << 23).AsSingle();
                return (p + p) * scale;
            }
            """, []),
        ["Log"] = ("""
            /// <summary>The natural logarithm.</summary>
            private static V<float> Log(V<float> x)
            {
                // log x = e ln 2 + log m with m between √½ and √2.
                var isTiny = V.LessThan(x, V.Create(1.17549435e-38f));
                var scaled = V.ConditionalSelect(isTiny, x * V.Create(8388608f), x);
                var bits = scaled.AsInt32();
                var e = V.ConvertToSingle((bits >> 23) - V.Create(126)) - V.ConditionalSelect(isTiny, V.Create(23f), V<float>.Zero);
                var m = ((bits & V.Create(0x007fffff)) | V.Create(0x3f000000)).AsSingle();
                var isLow = V.LessThan(m, V.Create(0.70710678f));
                e -= V.ConditionalSelect(isLow, V.Create(1f), V<float>.Zero);
                m = m - V.Create(1f) + V.ConditionalSelect(isLow, m, V<float>.Zero);
                var z = m * m;
                var p = V.FusedMultiplyAdd(V.Create(7.0376836292e-2f), m, V.Create(-1.1514610310e-1f));
                p = V.FusedMultiplyAdd(p, m, V.Create(1.1676998740e-1f));
                p = V.FusedMultiplyAdd(p, m, V.Create(-1.2420140846e-1f));
                p = V.FusedMultiplyAdd(p, m, V.Create(1.4249322787e-1f));
                p = V.FusedMultiplyAdd(p, m, V.Create(-1.6668057665e-1f));
                p = V.FusedMultiplyAdd(p, m, V.Create(2.0000714765e-1f));
                p = V.FusedMultiplyAdd(p, m, V.Create(-2.4999993993e-1f));
                p = V.FusedMultiplyAdd(p, m, V.Create(3.3333331174e-1f));
                var y = p * m * z;
                y = V.FusedMultiplyAdd(e, V.Create(-2.12194440e-4f), y);
                y = V.FusedMultiplyAdd(z, V.Create(-0.5f), y);
                var result = V.FusedMultiplyAdd(e, V.Create(0.693359375f), m + y);
                result = V.ConditionalSelect(V.Equals(x, V<float>.Zero), V.Create(float.NegativeInfinity), result);
                result = V.ConditionalSelect(V.Equals(x, V.Create(float.PositiveInfinity)), x, result);
                return V.ConditionalSelect(V.GreaterThanOrEqual(x, V<float>.Zero), result, V.Create(float.NaN));
            }
            """, []),
        ["Sigmoid"] = ("""
            /// <summary>1 / (1 + e⁻ˣ).</summary>
            private static V<float> Sigmoid(V<float> x) => V.Create(1f) / (V.Create(1f) + Exp(-x));
            """, ["Exp"]),
        ["Tanh"] = ("""
            /// <summary>The hyperbolic tangent: a polynomial near 0, where the exponential would lose digits.</summary>
            private static V<float> Tanh(V<float> x)
            {
                var size = V.Abs(x);
                var z = x * x;
                var p = V.FusedMultiplyAdd(V.Create(-5.70498872745e-3f), z, V.Create(2.06390887954e-2f));
                p = V.FusedMultiplyAdd(p, z, V.Create(-5.37397155531e-2f));
                p = V.FusedMultiplyAdd(p, z, V.Create(1.33314422036e-1f));
                p = V.FusedMultiplyAdd(p, z, V.Create(-3.33332819422e-1f));
                var near = V.FusedMultiplyAdd(p * z, x, x);
                var far = V.Create(1f) - (V.Create(2f) / (Exp(size + size) + V.Create(1f)));
                far = V.ConditionalSelect(V.LessThan(x, V<float>.Zero), -far, far);
                return V.ConditionalSelect(V.LessThan(size, V.Create(0.625f)), near, far);
            }
            """, ["Exp"]),
        ["Softplus"] = ("""
            /// <summary>log(1 + eˣ).</summary>
            private static V<float> Softplus(V<float> x)
            {
                // With u = e^−|x|: log(1 + u) keeps its digits for small u by the factor u / ((1 + u) − 1).
                var u = Exp(-V.Abs(x));
                var w = V.Create(1f) + u;
                var d = w - V.Create(1f);
                var log = V.ConditionalSelect(V.Equals(d, V<float>.Zero), u, Log(w) * (u / d));
                return V.MaxNative(V<float>.Zero, x) + log;
            }
            """, ["Exp", "Log"]),
        ["Erf"] = ("""
            /// <summary>The error function.</summary>
            private static V<float> Erf(V<float> x)
            {
                x = V.MaxNative(V.Create(-4f), V.MinNative(V.Create(4f), x));
                var z = x * x;
                var p = V.FusedMultiplyAdd(V.Create(-2.72614225801306e-10f), z, V.Create(2.77068142495902e-08f));
                p = V.FusedMultiplyAdd(p, z, V.Create(-2.10102402082508e-06f));
                p = V.FusedMultiplyAdd(p, z, V.Create(-5.69250639462346e-05f));
                p = V.FusedMultiplyAdd(p, z, V.Create(-7.34990630326855e-04f));
                p = V.FusedMultiplyAdd(p, z, V.Create(-2.95459980854025e-03f));
                p = V.FusedMultiplyAdd(p, z, V.Create(-1.60960333262415e-02f));
                var q = V.FusedMultiplyAdd(V.Create(-1.45660718464996e-05f), z, V.Create(-2.13374055278905e-04f));
                q = V.FusedMultiplyAdd(q, z, V.Create(-1.68282697438203e-03f));
                q = V.FusedMultiplyAdd(q, z, V.Create(-7.37332916720468e-03f));
                q = V.FusedMultiplyAdd(q, z, V.Create(-1.42647390514189e-02f));
                return x * p / q;
            }
            """, []),
        ["Sin"] = (Trigonometric("Sin", "The sine, to full precision for |x| up to 8,000.", "q", "q"), []),
        ["Cos"] = (Trigonometric("Cos", "The cosine, to full precision for |x| up to 8,000.", "q + V.Create(1)", "q + V.Create(1)"), []),
        ["Pow"] = ("""
            /// <summary>xʸ, by way of the logarithm; negative x only with whole y.</summary>
            private static V<float> Pow(V<float> x, V<float> y)
            {
                var size = Exp(y * Log(V.Abs(x)));
                var half = y * V.Create(0.5f);
                var isWhole = V.Equals(y, V.Floor(y));
                var isEven = V.Equals(half, V.Floor(half));
                var signed = V.ConditionalSelect(isEven, size, V.ConditionalSelect(isWhole, -size, V.Create(float.NaN)));
                var result = V.ConditionalSelect(V.LessThan(x, V<float>.Zero), signed, size);
                return V.ConditionalSelect(V.Equals(y, V<float>.Zero), V.Create(1f), result);
            }
            """, ["Exp", "Log"]),
        ["Sign"] = ("""
            /// <summary>−1, 0 or 1.</summary>
            private static V<float> Sign(V<float> x)
            {
                var positive = V.ConditionalSelect(V.GreaterThan(x, V<float>.Zero), V.Create(1f), x);
                return V.ConditionalSelect(V.LessThan(x, V<float>.Zero), V.Create(-1f), positive);
            }
            """, []),
    };

    /// <summary>
    /// The function that multiplies and adds with one rounding. Processors with 256-bit registers have an instruction for it; the portable kernels must do
    /// without where there is none.
    /// </summary>
    /// <param name="vector">The framework's class for the register width.</param>
    public static string MultiplyAdd(string vector) => vector == "Vector128" ? "Lanes128.MultiplyAdd" : $"{vector}.FusedMultiplyAdd";

    /// <summary>Writes the functions that are used, and those they need.</summary>
    public static void Write(CodeWriter writer, string vector, IEnumerable<string> used)
    {
        var wanted = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var function in used) Want(function);
        foreach (var function in wanted)
        {
            writer.Line();
            var text = Regex.Replace(Functions[function].Text.Replace("V.FusedMultiplyAdd", MultiplyAdd(vector)), @"\bV\b", vector);
            var lines = text.Split('\n');
            writer.Line(lines[0]);
            writer.Line("[@MethodImpl(MethodImplOptions.AggressiveInlining)]");
            foreach (var line in lines.Skip(1)) writer.Line(line.TrimEnd('\r'));
        }

        void Want(string function)
        {
            if (!wanted.Add(function)) return;
            foreach (var need in Functions[function].Needs) Want(need);
        }
    }

    private static string Trigonometric(string name, string summary, string parity, string sign) => $$"""
        /// <summary>{{summary}}</summary>
        private static V<float> {{name}}(V<float> x)
        {
            // x = n · π/2 + r; the quadrant n mod 4 says which of sin r and cos r it is, and its sign.
            var n = V.Round(x * V.Create(0.63661977f));
            var r = V.FusedMultiplyAdd(n, V.Create(-1.5703125f), x);
            r = V.FusedMultiplyAdd(n, V.Create(-4.837512969970703e-4f), r);
            r = V.FusedMultiplyAdd(n, V.Create(-7.549789948768648e-8f), r);
            var q = V.ConvertToInt32Native(n);
            var z = r * r;
            var sine = V.FusedMultiplyAdd(V.Create(-1.9515295891e-4f), z, V.Create(8.3321608736e-3f));
            sine = V.FusedMultiplyAdd(sine, z, V.Create(-1.6666654611e-1f));
            sine = V.FusedMultiplyAdd(sine * z, r, r);
            var cosine = V.FusedMultiplyAdd(V.Create(2.443315711809948e-5f), z, V.Create(-1.388731625493765e-3f));
            cosine = V.FusedMultiplyAdd(cosine, z, V.Create(4.166664568298827e-2f));
            cosine = V.FusedMultiplyAdd(cosine * z, z, V.FusedMultiplyAdd(z, V.Create(-0.5f), V.Create(1f)));
            var isCosine = V.Equals(({{parity}}) & V.Create(1), V.Create(1)).AsSingle();
            var isNegative = V.Equals(({{sign}}) & V.Create(2), V.Create(2)).AsSingle();
            var value = V.ConditionalSelect(isCosine, cosine, sine);
            return V.ConditionalSelect(isNegative, -value, value);
        }
        """;
}
