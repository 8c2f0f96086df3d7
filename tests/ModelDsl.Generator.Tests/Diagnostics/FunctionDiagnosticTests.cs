using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Diagnostics;

public class FunctionDiagnosticTests
{
    private const string Net = "[Model, Input(4), Dense(2), Activation(nameof(F)), MeanSquaredError] partial class Net { ";

    [Fact]
    public Task A_loss_on_a_class_names_its_function() => Expect.Message(
        "[Model, Input(4), Dense(2), {|MDSL0040:Loss|}] partial class Net;", "write [Loss(nameof(F))] with 'private static float F(float output, float target)'");

    [Fact]
    public Task A_function_that_does_not_exist() => Expect.Message(
        """
        [Model, Input(4), Dense(2), Activation({|MDSL0040:"Swisch"|}), MeanSquaredError]
        partial class Net { static float Swish(float x) => x; }
        """,
        "no method 'Swisch' in 'Net'", "did you mean 'Swish'?");

    [Fact]
    public Task A_function_of_another_class() => Expect.Message(
        """
        [Model, Input(4), Dense(2), Activation({|MDSL0040:nameof(Other.F)|}), MeanSquaredError] partial class Net;
        class Other { public static float F(float x) => x; }
        """,
        "declare 'private static float F(float x)' in 'Net'");

    [Theory]
    [InlineData("float F(float x) => x;", "make it static")]
    [InlineData("static double F(double x) => x;", "write float instead of double")]
    [InlineData("static float F(float x, float y) => x;", "'static float F(float x)'")]
    [InlineData("static float F(ref float x) => x;", "'static float F(float x)'")]
    [InlineData("static float F<T>(float x) => x;", "remove the type parameters")]
    [InlineData("static bool F(float x) => true;", "'static float F(float x)'")]
    public Task A_function_with_another_signature(string function, string hint) =>
        Expect.Message($"[Model, Input(4), Activation({{|MDSL0041:nameof(F)|}}), MeanSquaredError] partial class Net {{ {function} }}", hint);

    [Fact]
    public Task A_loss_with_one_parameter() => Expect.Message(
        "[Model, Input(4), Dense(2), Loss({|MDSL0041:nameof(F)|})] partial class Net { static float F(float p) => p; }",
        "needs 'static float F(float output, float target)'");

    [Theory]
    [InlineData("static float F(float x) => {|MDSL0042:x % 2|};")]
    [InlineData("static float F(float x) => x + {|MDSL0042:Random.Shared.NextSingle()|};")]
    [InlineData("static float scale = 2; static float F(float x) => x * {|MDSL0042:scale|};")]
    [InlineData("static float F(float x) { {|MDSL0042:for (var i = 0; i < 3; i++) x += 1;|} return x; }")]
    [InlineData("static float F(float x) { {|MDSL0042:Console.WriteLine(x);|} return x; }")]
    [InlineData("static float F(float x) { float y; return x + ({|MDSL0042:y = x|}); }")]
    [InlineData("static float F(float x) { var y = 1; var z = {|MDSL0042:y / 2|}; return z * x; }")]
    [InlineData("static float F(float x) => x > 0 ? x : {|MDSL0042:throw new InvalidOperationException()|};")]
    [InlineData("static float F(float x) => {|MDSL0042:new[] { x }[0]|};")]
    [InlineData("static float F(float x) => {|MDSL0042:x switch { < 0f => 1f * x, >= 0f => 2f, float.NaN => 3 }|};")]
    [InlineData("static float F(float x) => G(x); static float G(float y) => {|MDSL0042:((object)y).GetHashCode()|};")]
    [InlineData("static float F(float x) => {|MDSL0043:MathF.Atan(x)|};")]
    [InlineData("static float F(float x) => x * {|MDSL0043:(int)x|};")]
    [InlineData("static float F(float x) => {|MDSL0043:MathF.BitIncrement(x)|};")]
    [InlineData("static float F(float x) => x > 0 ? {|MDSL0044:F(x - 1)|} : x;")]
    [InlineData("static float F(float x) => G(x); static float G(float x) => x + H(x); static float H(float x) => {|MDSL0044:G(x)|};")]
    public Task An_expression_that_cannot_be_compiled(string function) => Expect.Diagnostics(Net + function + " }");

    [Fact]
    public Task The_message_names_the_expression_and_what_to_do() => Expect.Message(
        Net + "static float F(float x) => {|MDSL0043:MathF.Atan(x)|}; }",
        "'MathF.Atan(x)' cannot be differentiated", "there is one for Abs, ");

    [Theory]
    [InlineData("=> MathF.Floor(x);")]
    [InlineData("=> 3;")]
    [InlineData("=> x > 0 ? 1 : 0;")]
    public Task A_function_whose_derivative_is_zero(string body) => Expect.Message(
        $"[Model, Input(4), Activation({{|MDSL0045:nameof(F)|}}), MeanSquaredError] partial class Net {{ static float F(float x) {body} }}",
        "derivative of 'F' with respect to 'x' is 0");

    [Fact]
    public Task A_function_the_compiler_rejects_is_its_business() => Expect.Diagnostics(
        Net + "static float F(float x) => {|CS0103:y|} + x; }");

    [Fact]
    public Task One_mistake_used_twice_is_one_error() => Expect.Diagnostics(
        """
        [Block, Activation(nameof(Shared.F))] partial class Left { static float F(float x) => Shared.F(x); }
        static class Shared { public static float F(float x) => {|MDSL0043:MathF.Atan(x)|}; }
        [Model, Input(4), Dense(2), Apply<Left>, Apply<Left>, Activation(nameof(F)), MeanSquaredError]
        partial class Net { static float F(float x) => Shared.F(x); }
        """);

    /// <summary>Where reading gives up is of no importance, but it does give up.</summary>
    [Fact]
    public async Task A_function_without_measure()
    {
        var steps = string.Concat(Enumerable.Repeat("x += 1; ", 3000));
        await MustGiveUp($"static float F(float x) {{ {steps} return x; }}");

        var doubling = string.Concat(Enumerable.Range(0, 40).Select(i => $"static float F{i}(float x) => F{i + 1}(x) + F{i + 1}(x); "));
        await MustGiveUp($"static float F(float x) => F0(x); {doubling} static float F40(float x) => x;");

        var deep = string.Concat(Enumerable.Repeat(" + x", 3000));
        await MustGiveUp($"static float F(float x) => x{deep};");

        static async Task MustGiveUp(string members) =>
            Assert.Equal(Descriptors.UnsupportedExpression.Id, Assert.Single(await Expect.Report([Net + members + " }"])).Id);
    }

    [Fact]
    public Task A_mistake_in_another_file() => Expect.Diagnostics(
        Net + "static float F(float x) => Shared.F(x); }",
        "static class Shared { public static float F(float x) => {|MDSL0043:MathF.Atan(x)|}; }");
}
