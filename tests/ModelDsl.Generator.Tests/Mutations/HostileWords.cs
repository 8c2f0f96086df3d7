namespace ModelDsl.Generator.Tests.Mutations;

/// <summary>Replacements of names, numbers and texts of a program: likely and unlikely ones.</summary>
internal static class HostileWords
{
    public static readonly string[] Names =
    [
        "Predict", "PredictLogits", "Example", "FromFile", "GeneratedDescription", "GeneratedMessage", "Model", "Tensor", "System", "ModelDsl", "Generated",
        "Worker", "Step", "MathF", "Vector512", "Forward", "Backward", "Loss", "Device", "Parameters", "Dispose", "Finalize", "Equals", "ToString", "Item1", "Rest", "Layout",
        "@class", "@record", "@required", "@scoped", "@file", "@field", "@await", "@dynamic", "@nint", "@value", "@partial", "@where", "@global", "@event", "@int", "_", "__", "n", "step", "output", "input",
        "training", "größe", "变量", "वज़न", "ﬁ", "İ", "ı", "A\\u0041", "@Net", new('L', 300),
    ];

    public static readonly string[] Numbers =
    [
        "0", "1", "2", "-1", "3", "7", "1_000", "65536", "2147483647", "-2147483648", "2147483648", "0.5", "1e40", "1e-40", "-0.0", "double.NaN", "double.PositiveInfinity", "0x7fffffff",
        "1f", "1m", "1UL", "'a'", "true", "null", "default", "\"3\"", "(int)3.5", "int.MaxValue", "sizeof(int)", "1 / 0", "1 << 31",
    ];

    public static readonly string[] Texts =
    [
        "\"\"", "null", "\"a\\nb\"", "\"*/\"", "\"\\u2028\"", "\"\\ud800\"", "\"</summary>\"", "\"no name\"", "\"1st\"", "\"loss\"", "\"input\"", "\"n\"", "\"class\"", "\"変\"", "\"a.b\"", "nameof(System)", "\"\\\"\"",
    ];

    public static readonly string[] Attributes =
    [
        "Model", "Block", "Frozen", "Weight(3)", "Loss", "Loss(\"F\")", "Label(3)", "Target(3)", "Input(4)", "Input", "Input()", "TokenInput(4, 9)", "Dense(3)", "Dense(0)", "Relu", "Flatten",
        "Reshape(2, 2)", "Conv2D(3, 3)", "MaxPool2D(9)", "Softmax", "Apply<int>", "Apply<Missing>", "Repeat<string>(2)", "MeanSquaredError", "SoftmaxCrossEntropy", "System.Obsolete",
        "System.Obsolete(\"no\", true)", "System.Serializable", "Missing", "Layer", "Dense(3, Name = \"Predict\")", "Activation(null)", "Activation(\"Missing\")", "Model(Precision = (ProductPrecision)9)",
        "Conv2D(3, 3, Padding = (Padding)7)", "GroupNorm(0)", "Dropout(double.NaN)", "UpSample2D(1000000)", "Pad(-1)", "Embedding(3)", "System.Diagnostics.CodeAnalysis.SuppressMessage(\"a\", \"b\")",
    ];

    public static readonly string[] Members =
    [
        "public int Predict { get; set; }", "public required int Must { get; set; }", "public float[] Predict(ReadOnlySpan<float> x) => null!;", "void FromFile() { }", "class Step { }",
        "class Example { }", "int System;", "static int ModelDsl;", "~Net() { }", "static Net() { }", "public static implicit operator int(Net x) => 1;", "event Action? Predict;", "const int Dense = 3;",
        "Tensor Forward(Tensor x) => x;", "Tensor Forward() => null!;", "static float F(float x) => F(x);", "[Weight(3)] partial Tensor W { get; }", "[Weight(3)] Tensor V => null!;", "[Loss] Tensor L(Tensor output) => output;",
        "[Weight(3)] static partial Tensor predict { get; }", "[Weight(0)] private static partial Tensor Predict { get; }", "[Frozen] int frozen;", "[Model] class Inner;", "[Model, Input(3), Dense(2), MeanSquaredError] partial class Inner;",
        "[Block, Dense(3)] file class Hidden;", "public Net(int x) { }", "protected override void Dispose(bool disposing) { }", "public override string ToString() => \"\";", "int this[int i] => i;", "enum Predict { }",
        "delegate void PredictLogits();", "[Weight(3)] required partial Tensor R { get; }", "unsafe int* p;", "ref int X => ref X;",
    ];

    public static readonly string[] Modifiers =
        ["abstract", "static", "sealed", "file", "record", "unsafe", "readonly", "new", "private", "protected", "public", "internal", "private protected", "protected internal", "async", "required", "virtual", "ref", "partial", ""];
}
