namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>C# that has no position in a network, some of it no C# at all.</summary>
internal static class WrongCodes
{
    public static IReadOnlyList<WrongCode> All { get; } =
    [
        .. Expressions().Select(text => new WrongCode(text, WrongPosition.Expression)),
        .. Computed().Select(text => new WrongCode(text, WrongPosition.Computed)),
        .. Statements().Select(text => new WrongCode(text, WrongPosition.Statement)),
        .. Members(),
        .. Recurrences().Select(text => new WrongCode(text, WrongPosition.Computed)),
    ];

    private static string[] Expressions() =>
    [
        // Functions as values, queries, patterns, what may be null, what is awaited.
        "((Func<Tensor, Tensor>)(t => t))({0})", "System.Linq.Enumerable.First(new[] { {0} })", "System.Linq.Enumerable.Aggregate(new[] { {0} }, (a, b) => a + b)",
        "({0} is { } some ? some : null!)", "{0} switch { var some => some }", "{0} ?? throw new Exception()", "{0}?.Relu()!", "true ? {0} : null!",
        "System.Threading.Tasks.Task.FromResult({0}).Result", "await System.Threading.Tasks.Task.FromResult({0})",

        // Types.
        "(Tensor)((dynamic){0}).Relu()", "(dynamic){0} + 1", "(Tensor)(object)3", "(Tensor)new object()", "(Tensor)null!", "default(Tensor)!", "({0}, {0})", "new { some = {0} }.some",
        "{0} as object", "(object){0}", "3", "\"text\"", "this", "{0}.Rank",

        // Arrays and collections.
        "new System.Collections.Generic.List<Tensor> { {0} }[0]", "new Tensor[1, 1] { { {0} } }[0, 0]", "new Tensor[1][0]", "Tensor.Concat(null!)", "Tensor.Concat([.. new[] { {0} }])",
        "{0}.Reshape(new int[2])", "{0}.Reshape(System.Linq.Enumerable.ToArray(new[] { 1 }))", "{0}.Reshape([.. new[] { 1, 2 }])", "new Tensor[] { {0} }[0L]",

        // Values of tensors, which are not known at build time.
        "({0} == {0}) ? {0} : {0}", "{0} != null ? {0} : {0}", "ReferenceEquals({0}, {0}) ? {0} : {0}", "{0}.Equals({0}) ? {0} : {0}", "{0}.GetHashCode() > 0 ? {0} : {0}",
        "{0} > 3 ? {0} : {0}", "{0} ? {0} : {0}", "{0}.Dense(3, name: {0}.ToString())", "{0}.Dense(3, name: \"a\" + {0})", "{0}.Dense(3, name: $\"a{{0}}\")",

        // Operators that tensors do not have.
        "{0} > 3", "!{0}", "{0} % 2", "{0} << 2", "{0} & {0}", "{0}++", "{0} = {0}", "{0} is null", "+{0}", "{0} ^ 2",

        // Sizes that are not known when the project is compiled.
        "{0}.Dense(int.Parse(\"3\"))", "{0}.Dense(DateTime.Now.Day)", "{0}.Dense(Environment.ProcessorCount)", "{0}.Dense(\"abc\".Length)", "{0}.Dense(new Random().Next(3))",
        "{0}.Dense(new int?(3).Value)", "{0}.Dense(this.GetHashCode())", "{0}.Dense((int)Math.Round(3m))", "{0}.Dense((int)new IntPtr(3))", "{0}.Dense(((Func<int>)(() => 3))())",
        "{0}.Dense(new[] { 3 }.Length is var some ? some : 3)", "{0}.Dense(3, name: string.Join(\"\", \"a\"))", "{0}.Dense(3, name: $\"a{1:D2}\")", "{0}.Dense(3, name: null!)",
        "{0}.Activation({0}.ToString()!)", "{0}.Activation(new string('a', 3))", "{0}[System.Index.FromEnd(1)]", "{0}[new Range(0, 1)]",

        // Blocks that are none.
        "{0}.Apply(new object())", "{0}.Apply(\"text\")", "{0}.Apply(3)", "{0}.Apply({0})", "{0}.Apply(null!)", "{0}.Apply(new[] { 1 })", "{0}.Apply((1, 2))", "{0}.Apply(typeof(int))",
        "{0}.Apply(this)", "{0}.Apply(true ? new object() : {0})", "{0}.Apply(() => 3)", "{0}.Apply(new Random())",

        // What C# does not know, or not like this.
        "{0}.Foo(3)", "Foo({0})", "{0}.Foo", "{0}.Dense(foo)", "{0}.Dense(\"3\")", "{0}.Dense(2.5)", "{0}.Dense()", "{0}.Dense(units: 3, units: 4)", "{0}.Dense(3L)", "{0}.Dense({0})",
        "{0}.Dense(3, nothing: 4)", "{0}[0, 0]", "{0}[\"a\"]", "{0}[1.5]", "{0}.MatMul(3)", "new Tensor()", "{0}.Dense(3", "{0}.", "{0}.Relu<int>()", "Tensor.Relu({0})",
        "{0}.Channels()", "{0}.Dense(out var some)", "{0}.Dense(ref {0})", "nameof({0})", "",
    ];

    private static string[] Computed() =>
    [
        "{0}.Dense(0)", "{0}.Dense(-3)", "{0}.Dense(1 << 30)", "{0}.Reshape(7919, 3)", "{0}.Reshape(0)", "{0}.Dropout(1.5)", "{0}.Embedding(3)", "{0}.LayerNorm(epsilon: -1)",
        "{0}[999]", "{0}[^999]", "{0}[-1]", "{0}[998..999]", "{0}[1..0]", "{0}.Slice(0, 999)", "{0}.Slice(-1, 1)", "{0}.Slice(0, 1, axis: 7)", "{0}.Sum(7)", "{0}.Mean(-9)",
        "{0}.Dense({0}.Size(9))", "{0}.Dense(3, name: \"no name\")", "{0}.Dense(3, name: \"twin\").Dense(3, name: \"twin\")", "{0}.Conv2D(3, 99)", "{0}.GroupNorm(9973)",
        "{0}.Dense(3) + {0}.Dense(5)", "{0}.Flatten().Dense(3).MatMul({0}.Flatten().Dense(5).Reshape(5, 1))", "Tensor.Concat({0}, {0}.Flatten().Reshape(1, 1, 1, -1))", "Tensor.Concat()",
        "{0}.Dense(4 / ({0}.Rank - {0}.Rank))", "{0}.Dense(int.MaxValue + {0}.Rank)", "{0}.Dense((int)Math.Sinh({0}.Rank))", "{0}.Dense(new[] { 3 }[^1])", "{0}.Dense(new[] { 3 }[{0}.Rank])",
        "{0}.Dense((int)(1e300 * {0}.Rank))", "{0}.Dense({0}.Channels - {0}.Channels)", "Tensor.Gradient({0}, {0}.Tanh())", "{0}.Activation(\"Nothing\")", "{0}.Activation(nameof(Forward))",
        "{0}.Flatten().Dense(3).Transpose()", "{0}.Gather({0})", "{0}.Dense(3).Dropout({0}.Rank + 0.5)", "{0}.MeanSquaredError({0}.Flatten().Dense(977))",
    ];

    private static string[] Recurrences() =>
    [
        "{0}.Lstm(0)", "{0}.Gru(3, layers: 0)", "{0}.SimpleRnn(3, dropout: 1)", "{0}.Flatten().Lstm(3)", "{0}.Flatten().Scan(Tensor.Zeros(3), (h, x) => (h, h))",
        "{0}.Flatten().Reshape({0}.Flatten().Channels, 1).Scan(Tensor.Zeros(0), (h, x) => (h, h))", "{0}.Scan({0}, (h, x) => (h.Flatten().Dense(977), h))", "{0}.Scan(Tensor.Zeros(2), (h, x) => (h.Dense(977), h))",
        "{0}.Scan(Tensor.Zeros(2), (h, x) => (h, h.BatchNorm()))", "{0}.Scan(Tensor.Zeros(2), (h, x) => (h.Dense(2, name: \"no name\"), h))", "{0}.Scan(Tensor.Zeros(2), null!)",
        "{0}.Scan(Tensor.Zeros(2), (h, x) => (h, x[999]))", "{0}.Scan((Tensor.Zeros(2), Tensor.Zeros(2)), (h, x) => (h, h.First.Dense(-1)))", "{0}.Gru((Tensor.Zeros(3), Tensor.Zeros(3)), 3)",
    ];

    private static string[] Statements() =>
    [
        "try { {0} = {0}.Relu(); } finally { }", "try { } catch (Exception) { }", "throw new Exception();", "lock ({0}) { }", "using (null as IDisposable) { }", "using var wrong = null as IDisposable;",
        "goto wrong; wrong: ;", "switch ({0}.Rank) { case 1: break; }", "unsafe { int* wrong = null; }", "checked { int.Parse(\"3\"); }", "await System.Threading.Tasks.Task.Yield();",
        "yield return {0};", "return;", "break;", "continue;", "{0}.Dense(3);", "Console.WriteLine({0});", "System.Diagnostics.Debug.Assert(true);", "{0}?.Relu();", "{0} ??= {0};",

        // Functions, references.
        "Func<Tensor, Tensor> wrong = t => t.Relu();", "Tensor Wrong(Tensor t) => t.Relu();", "static int Wrong() => 3; {0} = {0}.Dense(Wrong());", "var wrong = () => 3;", "var wrong = {0}.Relu;",
        "ref var wrong = ref {0};", "ref readonly var wrong = ref {0};", "var wrong = int.TryParse(\"3\", out var other);", "var wrong = new[] { 1 }; foreach (ref var other in wrong.AsSpan()) { }",

        // Conditions and loops over what is not known, or is no array.
        "while ({0}.Sum() > 0) { }", "if ({0}) { }", "if ({0} == null) { }", "if ({0} is null) { }", "if ({0}.Mean() == {0}.Sum()) { }", "while (DateTime.Now.Day > 40) { }", "for (; {0};) { }",
        "foreach (var wrong in {0}) { }", "foreach (var wrong in \"abc\") { }", "foreach (var wrong in new System.Collections.Generic.List<int>()) { }",
        "foreach (var wrong in System.Linq.Enumerable.Range(0, 3)) { }", "foreach (var (wrong, other) in new[] { (1, 2) }) { }", "foreach (var wrong in (int[,])null!) { }",

        // Variables.
        "Tensor wrong; {0} = wrong;", "{0} = wrong; Tensor wrong = {0};", "Tensor wrong; if ({0}.Rank > 99) wrong = {0}; {0} = wrong;", "int wrong = \"3\";", "string wrong = 3;", "long wrong = 3;",
        "decimal wrong = 3;", "char wrong = 'a';", "uint wrong = 3;", "int? wrong = 3;", "dynamic wrong = {0};", "dynamic wrong = 3; Tensor other = wrong;", "object wrong = {0}; {0} = (Tensor)wrong;",
        "var wrong = new int[2, 2];", "var wrong = new int[,] { { 1 } };", "int[] wrong = { 1 }; wrong[0] = wrong[0] = 2;", "int[] wrong = { 1 }; wrong[2] = 2;", "var wrong = new Tensor[1]; {0} = wrong[0];", "var wrong = (1, 2); wrong.Item1 = 3;",
        "var pair = (1, 2); (double, double) wrong = pair;", "var wrong = {0} is Tensor;", "var wrong = typeof(Tensor);", "var wrong = {0}.ToString();", "var wrong = stackalloc int[3];",
        "var wrong = {0}?.Relu();", "var wrong = {0} ?? {0};", "{0} &= {0};", "var wrong = -\"a\";", "var wrong = $\"{{0}}\";", "var wrong = \"a\" + {0};", "var wrong = \"a\"; wrong += {0};", "wrong = 3;",
        "const Tensor wrong = {0};", "var wrong = new System.Text.StringBuilder();", "_ = new Random();", "var wrong = {0}; wrong++;", "{0}.Channels = 3;", "{0}[0] = {0};", "var wrong = this;",
        "var wrong = base.ToString();", "var wrong = {0} with { };", "var wrong = new Tensor();", "var wrong;", "var wrong = null;", "int wrong = 3", "if (", "}", "{", "(int a, int b) = {0};",
        "int wrong = Math.Max(1, 2, 3);", "var wrong = Math.DivRem(7, 2, out var other);", "var wrong = default(System.Threading.CancellationToken);", "Span<int> wrong = [1, 2]; {0} = {0}.Dense(wrong[0]);",
    ];

    private static IEnumerable<WrongCode> Members() =>
        from pair in new (string Text, string Members, bool IsRun)[]
        {
            ("Endless({0})", "private static Tensor Endless(Tensor t) => Endless(t.Relu());", true),
            ("Ping({0})", "private static Tensor Ping(Tensor t) => Pong(t); private static Tensor Pong(Tensor t) => Ping(t);", true),
            ("Grow({0}, 0)", "private static Tensor Grow(Tensor t, int n) => n > 60 ? t : Grow(t, n + 1) + Grow(t, n + 1);", true),
            ("Stay({0})", "private static Tensor Stay(Tensor t) { while (true) { } }", true),
            ("Turn({0})", "private static Tensor Turn(Tensor t) { for (;;) t = t.Relu(); }", true),
            ("Text({0})", "private static Tensor Text(Tensor t) { var s = \"a\"; for (int i = 0; i < 90; i++) s += s; return t.Dense(3, name: s); }", true),
            ("Text({0})", "private static Tensor Text(Tensor t) { var s = \"a\"; for (int i = 0; i < 90; i++) s = $\"{s}{s}\"; return t.Dense(3, name: s); }", true),
            ("Wide({0})", "private static Tensor Wide(Tensor t) { for (int i = 0; i < 90; i++) t = Tensor.Concat(t, t); return t; }", true),
            ("Items({0})[7]", "private static Tensor[] Items(Tensor t) => [t, t];", true),
            ("Missing({0})", "private static Tensor Missing(Tensor t) { var u = t; }", false),
            ("Sometimes({0})", "private static Tensor Sometimes(Tensor t) { if (t.Rank > 99) return t; }", false),
            ("Nothing({0})", "private static Tensor Nothing(Tensor t) => default!;", false),
            ("Throwing({0})", "private static Tensor Throwing(Tensor t) => throw new Exception();", false),
            ("Generic<int>({0})", "private static Tensor Generic<T>(Tensor t) => t;", false),
            ("Outs({0}, out _)", "private static Tensor Outs(Tensor t, out int n) { n = 3; return t; }", false),
            ("Later({0}).Result", "private static async System.Threading.Tasks.Task<Tensor> Later(Tensor t) => t;", false),
            ("Elsewhere({0})", "private static extern Tensor Elsewhere(Tensor t);", false),
            ("Cast({0})", "private static Tensor Cast(object t) => (Tensor)t;", false),
            ("{0} + Own", "private static Tensor Own => null!;", false),
            ("{0} + kept", "private static readonly Tensor kept = null!;", false),
            ("{0}.Dense(count)", "private static int count = 3;", false),
            ("{0}.Dense(Count)", "private static int Count => 3;", false),
            ("{0}.Dense(count++)", "private static int count = 3;", false),
            ("Sizes(3L) is var n ? {0} : {0}", "private static int Sizes(long n) => (int)n;", false),
            ("{0}.Dense(Sizes(3))", "private static int Sizes(long n) => (int)n;", false),
            ("{0}.Apply(other)", "private readonly Random other = new();", false),
            ("{0}.Apply(wide)", "private static readonly Wide wide = null!; [Block, Relu] private sealed partial class Wide;", false),
            ("{0}.Apply(wide)", "private static Wide wide = new(); [Block, Relu] private sealed partial class Wide;", false),
            ("{0}.Apply(new Wide { })", "[Block, Relu] private sealed partial class Wide;", false),
            ("{0}.Apply(new Wide(DateTime.Now.Day))", "[Block] private sealed partial class Wide(int width) { private Tensor Forward(Tensor x) => x.Dense(width); }", false),
            ("{0}.Apply(new Wide(3))", "[Block] private sealed partial class Wide(int width) { private Tensor Forward(Tensor x) { width = 4; return x.Dense(width); } }", false),
            ("{0}.Apply(new Wide(3))", "[Block] private sealed partial class Wide(int width) { private Tensor Forward(Tensor x) => x.Dense(width).Apply(new Wide(width)); }", true),
            ("{0}.Apply(new Wide())", "[Block] private sealed partial class Wide { private Tensor Forward(Tensor x) => throw new Exception(); }", false),
            ("{0}.Apply(new Wide())", "[Block] private sealed partial class Wide { private static extern Tensor Forward(Tensor x); }", false),
            ("{0}.Apply(new Wide())", "[Block] private sealed partial class Wide { private Tensor Forward(Tensor x, Tensor y) => x + y; }", true),
        }
        select new WrongCode(pair.Text, pair.IsRun ? WrongPosition.Computed : WrongPosition.Expression, pair.Members);
}
