using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Forward;

/// <summary>A mistake in a Forward is one error at its expression.</summary>
public class ForwardErrorTests
{
    [Theory]
    [InlineData("=> x.Dense({|MDSL0010:0|});")]
    [InlineData("=> x.Dense(8).Dropout({|MDSL0010:1.5|}).Relu();")]
    [InlineData("=> x[{|MDSL0010:4|}];")]
    [InlineData("=> x.Slice(1, {|MDSL0010:4|});")]
    [InlineData("=> x.Slice({|MDSL0010:-1|}, 2);")]
    [InlineData("=> x.Dense(8).{|MDSL0012:Reshape(3, 3)|}.Relu();")]
    [InlineData("=> x.Dense(8).Reshape(2, 4).{|MDSL0010:Transpose(0, 0)|}.Flatten();")]
    [InlineData("=> x.{|MDSL0011:Embedding(3)|}.Relu();")]
    [InlineData("=> {|MDSL0052:x.Dense(3) + x.Dense(5)|};")]
    [InlineData("=> Tensor.{|MDSL0052:Concat(x, x.Reshape(2, 2))|}.Flatten();")]
    [InlineData("=> x.Dense(x.Size({|MDSL0010:1|}));")]
    [InlineData("{ var zero = 0; return x.Dense({|MDSL0055:4 / zero|}); }")]
    [InlineData("{ while ({|MDSL0055:x.Channels > 0|}) { } return x; }")]
    [InlineData("=> x.Dense(3, name: \"a\").Dense(3, name: {|MDSL0033:\"a\"|});")]
    [InlineData("=> x.Activation({|MDSL0040:\"Swish\"|});")]
    [InlineData("=> x.Apply({|MDSL0030:new object()|});")]
    public Task At_the_expression(string body) => Expect.Diagnostics(Source(body));

    [Theory]
    [InlineData("=> x.Dense(Random.Shared.{|MDSL0051:Next(3)|});")]
    [InlineData("=> x.Dense({|MDSL0051:width|}); static int width = 3;")]
    [InlineData("{ x.{|MDSL0051:Dense(3)|}; return x; }")]
    [InlineData("{ Console.{|MDSL0051:WriteLine()|}; return x; }")]
    [InlineData("{ {|MDSL0051:try { x = x.Relu(); } finally { }|} return x; }")]
    [InlineData("{ Func<Tensor, Tensor> f = {|MDSL0051:y => y.Relu()|}; return f(x); }")]
    [InlineData("=> Helper(x); static Tensor Helper(Tensor x) => x.Dense({|MDSL0051:DateTime.Now.Day|});")]
    [InlineData("{ long wide = {|MDSL0051:3|}; return x.Dense((int)wide); }")]
    [InlineData("=> {|MDSL0051:x ?? throw new Exception()|};")]
    public Task Unsupported(string body) => Expect.Diagnostics(Source(body));

    [Fact]
    public Task Both_shapes_and_ways() => Expect.Message(
        Source("{ var a = x.Dense(3).Relu(); return {|MDSL0052:a + x.Dense(5)|}; }"),
        "'relu1' gives [N, 3], and 'dense2' gives [N, 5]",
        "input [N, 4] → dense1 [N, 3] → relu1 [N, 3] and input [N, 4] → dense2 [N, 5]",
        "Dense(3) on the right side");

    [Fact]
    public Task Errors_of_the_compiler_stay_its_own() => Expect.Diagnostics(Source("=> x.{|CS1061:Frobnicate|}(3);"));

    [Theory]
    [InlineData("Tensor {|MDSL0050:Forward|}(Tensor x, int width) => x;")]
    [InlineData("Tensor {|MDSL0050:Forward|}() => null!;  ")]
    [InlineData("int {|MDSL0050:Forward|}(Tensor x) => 3;")]
    [InlineData("Tensor Forward(Tensor x) => x; Tensor {|MDSL0050:Forward|}(Tensor x, bool training) => x;")]
    public Task Signatures(string member) => Expect.Diagnostics($"[Model, Input(4), MeanSquaredError] partial class Net {{ {member} }}");

    [Fact]
    public Task Behind_a_mistake_sizes_are_unknown() => Expect.Diagnostics(
        """
        [Block] partial class Half { Tensor Forward(Tensor x) => x.Dense(x.Channels / 8); }
        [Model, Input(4), Reshape({|MDSL0012:3, 3|}), Apply<Half>, Dense({|MDSL0010:0|}), MeanSquaredError] partial class Net;
        """);

    [Fact]
    public Task Both_forms() => Expect.Diagnostics(
        """
        [Model, Input(4), {|MDSL0053:Dense(3)|}, Relu, MeanSquaredError] partial class Net { Tensor Forward(Tensor x) => x; }
        [Block, {|MDSL0053:Dense(3)|}] partial class B { Tensor Forward(Tensor x) => x; }
        """);

    [Fact]
    public Task Neither_input_nor_loss() => Expect.Diagnostics(
        """
        [Model, MeanSquaredError] partial class {|MDSL0020:A|} { Tensor Forward(Tensor x) => x; }
        [Model, Input(3)] partial class {|MDSL0023:B|} { Tensor Forward(Tensor x) => x; }
        """);

    [Theory]
    [InlineData("{ var b = new B(); return x.Dense(3).Apply(b).Dense(2).Apply(b); }", "is [3, 3] in one use and [3, 2] in another")]
    [InlineData("{ x = x.Dense(2); return training ? x : x.Dense(2); }", "is used in inference only")]
    public async Task Weights_that_do_not_fit_all_uses(string body, string message)
    {
        var found = Assert.Single(await Expect.Report([
            $"[Block, Dense(3)] partial class B; [Model, Input(4), MeanSquaredError] partial class Net {{ Tensor Forward(Tensor x, bool training) {body} }}"]));
        Assert.Equal("MDSL0054", found.Id);
        Assert.Contains(message, found.GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public Task A_method_of_that_name_without_tensors_is_the_users_own() => Expect.Diagnostics(
        "[Model, Input(4), Dense(2), Activation(nameof(Forward)), MeanSquaredError] partial class Net { static float Forward(float x) => x * x; }");

    private static string Source(string body) =>
        $"[Model, Input(4), MeanSquaredError] partial class Net {{ private static Tensor Forward(Tensor x) {body} }}";
}
