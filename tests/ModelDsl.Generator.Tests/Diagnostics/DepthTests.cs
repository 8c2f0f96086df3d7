using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Generator.Tests.Diagnostics;

/// <summary>Code of thousands of terms ends in generated code or in one error at the model, on the smallest stack that compilers run on.</summary>
public class DepthTests
{
    // What threads have by default on Windows.
    private const int StackSize = 1 << 20;

    [Theory]
    [InlineData(100)]
    [InlineData(3_000)]
    public void Terms_of_a_Forward(int terms) => Compile(
        terms > 400 ? "MDSL0051" : "",
        $"[Model, Input(4), MeanSquaredError] partial class Net {{ Tensor Forward(Tensor x) => {Sum("x", terms)}; }}");

    [Theory]
    [InlineData(300)]
    [InlineData(6_000)]
    public void Terms_of_an_activation(int terms) => Compile(
        terms > 400 ? "MDSL0042" : "",
        $"[Model, Input(4), Activation(nameof(F)), MeanSquaredError] partial class Net {{ static float F(float x) => {Sum("x * x", terms)}; }}");

    [Theory]
    [InlineData(300, "")]
    [InlineData(3_000, "MDSL0042")]
    public void Statements_of_an_activation(int statements, string expected) => Compile(
        expected,
        $"[Model, Input(4), Activation(nameof(F)), MeanSquaredError] partial class Net {{ static float F(float x) {{ var y = x; {Repeated("y = y * x + 0.5f; ", statements)} return y; }} }}");

    [Theory]
    [InlineData(150, "")]
    [InlineData(700, "MDSL0042")]
    public void Nested_choices_of_an_activation(int choices, string expected) => Compile(
        expected,
        $"[Model, Input(4), Activation(nameof(F)), MeanSquaredError] partial class Net {{ static float F(float x) => {Repeated("x > 1 ? x * x : ", choices)}x; }}");

    [Theory]
    [InlineData(150, "")]
    [InlineData(700, "MDSL0051")]
    public void Chained_calls_of_a_Forward(int calls, string expected) => Compile(
        expected, $"[Model, Input(4), MeanSquaredError] partial class Net {{ Tensor Forward(Tensor x) => x{Repeated(".Tanh()", calls)}; }}");

    [Fact]
    public void Rounds_of_a_loop() => Compile(
        "", "[Model, Input(4), MeanSquaredError] partial class Net { Tensor Forward(Tensor x) { for (var i = 0; i < 1_500; i++) x = (x + 1.5).Sin(); return x; } }");

    [StandardFact]
    public void Repeated_blocks() => Compile("", "[Block, Dense(4), Tanh] partial class B; [Model, Input(4), Repeat<B>(700), MeanSquaredError] partial class Net;");

    private static string Repeated(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    private static string Sum(string term, int terms) => string.Join(" + ", Enumerable.Repeat(term, terms));

    private static void Compile(string expected, string source)
    {
        string[] found = [];
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    found = [.. Expect.Report([source]).GetAwaiter().GetResult().Select(diagnostic => diagnostic.Id)];
                }
                catch (Exception exception)
                {
                    failure = exception;
                }
            },
            StackSize);
        thread.Start();
        thread.Join();
        Assert.Null(failure);
        Assert.Equal(expected, string.Join(" ", found));
    }
}
