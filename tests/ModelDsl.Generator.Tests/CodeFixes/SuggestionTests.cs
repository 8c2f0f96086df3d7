using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.CodeFixes;

/// <summary>What a message suggests is what the fix does, and nothing is reported afterwards.</summary>
public class SuggestionTests
{
    [Theory]
    [InlineData("[Model, Input(4), Dense(2), MeanSquaredError] sealed class {|MDSL0001:Net|};", "Make 'Net' partial",
        "[Model, Input(4), Dense(2), MeanSquaredError] sealed partial class Net;")]
    [InlineData("static class {|MDSL0002:Outer|} { [Model, Input(4), Dense(2), MeanSquaredError] public partial class Net; }", "Make 'Outer' partial",
        "static partial class Outer { [Model, Input(4), Dense(2), MeanSquaredError] public partial class Net; }")]
    [InlineData("[Model, Input(4), Dense(2), MeanSquaredError] file sealed partial class {|MDSL0005:Net|};", "Write 'internal'",
        "[Model, Input(4), Dense(2), MeanSquaredError] internal sealed partial class Net;")]
    [InlineData("class Base; [Model, Input(4), Dense(2), MeanSquaredError] partial class Net : {|MDSL0006:Base|};", "Remove ': Base'",
        "class Base; [Model, Input(4), Dense(2), MeanSquaredError] partial class Net;")]
    [InlineData("class Base; [Model, Input(4), Dense(2), MeanSquaredError] partial class Net : {|MDSL0006:Base|}, ICloneable { public object Clone() => this; }", "Remove ': Base'",
        "class Base; [Model, Input(4), Dense(2), MeanSquaredError] partial class Net : ICloneable { public object Clone() => this; }")]
    [InlineData("[Model, Input(4), Dense(2), MeanSquaredError] public abstract partial class {|MDSL0008:Net|};", "Remove 'abstract'",
        "[Model, Input(4), Dense(2), MeanSquaredError] public partial class Net;")]
    [InlineData("[Input(4), Dense(2), MeanSquaredError]\npartial class {|MDSL0009:Net|};", "Put [Model] on 'Net'",
        "[Model]\n[Input(4), Dense(2), MeanSquaredError]\npartial class Net;")]
    [InlineData("[Dense(2), Relu] partial class {|MDSL0009:Part|};", "Put [Block] on 'Part'",
        "[Block]\n[Dense(2), Relu] partial class Part;")]
    public Task A_declaration(string before, string title, string after) => Mends(before, title, after);

    [Theory]
    [InlineData("Dense(8), Reshape({|MDSL0012:3, 3|}), Flatten", "Write Reshape(2, 4)", "Dense(8), Reshape(2, 4), Flatten")]
    [InlineData("Dense(8), Relu, Reshape({|MDSL0012:3, 3|}), Flatten", "Change Dense(8) to Dense(9)", "Dense(9), Relu, Reshape(3, 3), Flatten")]
    [InlineData("Reshape({|MDSL0012:3, 3|}), Flatten", "Insert Dense(9)", "Dense(9), Reshape(3, 3), Flatten")]
    [InlineData("Dense(8, Name = \"a\"), Dense(2, Name = {|MDSL0033:\"a\"|})", "Call it 'a1'", "Dense(8, Name = \"a\"), Dense(2, Name = \"a1\")")]
    [InlineData("Dense(8, Name = {|MDSL0034:\"first layer\"|})", "Call it 'firstLayer'", "Dense(8, Name = \"firstLayer\")")]
    [InlineData("Activation({|MDSL0040:\"Swich\"|})", "Write nameof(Swish)", "Activation(nameof(Swish))")]
    [InlineData("Apply<Part>({|MDSL0032:3, 4|})", "Remove the arguments", "Apply<Part>")]
    [InlineData("Repeat<Part>(2, {|MDSL0032:3, 4|})", "Remove the arguments", "Repeat<Part>(2)")]
    [InlineData("Residual<{|MDSL0013:Part|}>, Dense(2)", "Change Dense(5) to Dense(16)", "Residual<Part>, Dense(2)", "Dense(16)")]
    [InlineData("{|MDSL0014:Parallel<Part, Other>(Merge.Add)|}", "Write Merge.Concat", "Parallel<Part, Other>(Merge.Concat)")]
    public Task An_argument_of_a_list(string layers, string title, string mended, string part = "Dense(5)") =>
        Mends(List(layers, "Dense(5)"), title, List(mended, part));

    [Theory]
    [InlineData("=> x.Dense(8).{|MDSL0012:Reshape(3, 3)|}.Flatten();", "Write Reshape(2, 4)", "=> x.Dense(8).Reshape(2, 4).Flatten();")]
    [InlineData("=> x.Dense(8).Relu().{|MDSL0012:Reshape(3, 3)|}.Flatten();", "Change Dense(8) to Dense(9)", "=> x.Dense(9).Relu().Reshape(3, 3).Flatten();")]
    [InlineData("=> x.{|MDSL0012:Reshape(3, 3)|}.Flatten();", "Insert Dense(9)", "=> x.Dense(9).Reshape(3, 3).Flatten();")]
    [InlineData("=> {|MDSL0052:x + x.Dense(3).Relu()|};", "Change Dense(3) to Dense(16)", "=> x + x.Dense(16).Relu();")]
    [InlineData("{ var y = x.Dense(3).Relu(); return {|MDSL0052:y * x|}; }", "Write Dense(3) on the right", "{ var y = x.Dense(3).Relu(); return y * x.Dense(3); }")]
    [InlineData("{ var y = x.Dense(3); return {|MDSL0052:(x + x) - y|}; }", "Write Dense(3) on the left", "{ var y = x.Dense(3); return (x + x).Dense(3) - y; }")]
    [InlineData("{ var y = x.Dense(3); {|MDSL0052:y -= x|}; return y; }", "Write Dense(3) on the right", "{ var y = x.Dense(3); y -= x.Dense(3); return y; }")]
    [InlineData("=> x.Activation({|MDSL0041:nameof(Halve)|});", "Make 'Halve' static", "=> x.Activation(nameof(Halve));")]
    public Task A_call_of_a_Forward(string body, string title, string mended) => Mends(Forward(body), title, Forward(mended, title.Contains("static", StringComparison.Ordinal)));

    [Fact]
    public async Task A_size_that_is_worked_out_elsewhere_is_not_overwritten()
    {
        using var project = new FixProject(Forward("{ var width = x.Channels / 2; return x.Dense(width).Reshape(3, 3).Flatten(); }"));
        var fixes = await project.Fixes(Assert.Single(await project.Report()));
        Assert.Equal(["Write Reshape(2, 4)"], fixes.Select(fix => fix.Title));
    }

    [Theory]
    [InlineData("[Model]\n[Input(28, 28)]\n[{|MDSL0063:Dense(9)|}, Relu]\n[Dense(10)]\n[SoftmaxCrossEntropy]\npartial class Net;", "Insert [Flatten] before [Dense(9)]",
        "[Model]\n[Input(28, 28)]\n[Flatten]\n[Dense(9), Relu]\n[Dense(10)]\n[SoftmaxCrossEntropy]\npartial class Net;")]
    [InlineData("[Model, Input(28, 28), {|MDSL0063:Dense(10)|}, SoftmaxCrossEntropy] partial class Net;", "Insert [Flatten] before [Dense(10)]",
        "[Model, Input(28, 28), Flatten, Dense(10), SoftmaxCrossEntropy] partial class Net;")]
    [InlineData("[Model]\r\n  [TokenInput(4, 9)]\r\n  [{|MDSL0011:Dense(9)|}]\r\n[SoftmaxCrossEntropy] partial class Net;", "Insert Embedding(64)",
        "[Model]\r\n  [TokenInput(4, 9)]\r\n  [Embedding(64)]\r\n  [Dense(9)]\r\n[SoftmaxCrossEntropy] partial class Net;")]
    [InlineData("[Model, TokenInput(4, 9), SoftmaxCrossEntropy] partial class Net { Tensor Forward(Tensor x) => x\n    .{|MDSL0011:Dense(9)|}; }", "Insert Embedding(64)",
        "[Model, TokenInput(4, 9), SoftmaxCrossEntropy] partial class Net { Tensor Forward(Tensor x) => x.Embedding(64)\n    .Dense(9); }")]
    [InlineData("[Model]\n[Input(4), Dense(2)]\npartial class {|MDSL0023:Net|};", "Add [MeanSquaredError]", "[Model]\n[Input(4), Dense(2)]\n[MeanSquaredError]\npartial class Net;")]
    [InlineData("[Model, Input(4), Dense(2)] partial class {|MDSL0023:Net|};", "Add [SoftmaxCrossEntropy]", "[Model, Input(4), Dense(2), SoftmaxCrossEntropy] partial class Net;")]
    [InlineData("[Model, Input(4), Dense(2)] partial class {|MDSL0023:Net|};", "Write [Model(PredictionOnly = true)]", "[Model(PredictionOnly = true), Input(4), Dense(2)] partial class Net;")]
    [InlineData("[Model(KeepOutputs = true)] [Input(4), Dense(2)] partial class {|MDSL0023:Net|};", "Write [Model(PredictionOnly = true)]",
        "[Model(KeepOutputs = true, PredictionOnly = true)] [Input(4), Dense(2)] partial class Net;")]
    [InlineData("[Model(PredictionOnly = true), Input(4), Dense(2)]\n[{|MDSL0101:MeanSquaredError|}]\npartial class Net;", "Remove [MeanSquaredError]",
        "[Model(PredictionOnly = true), Input(4), Dense(2)]\npartial class Net;")]
    [InlineData("[Model, Dense(3), {|MDSL0021:Input(4)|}, MeanSquaredError] partial class Net;", "Move [Input(4)] before [Dense(3)]",
        "[Model, Input(4), Dense(3), MeanSquaredError] partial class Net;")]
    [InlineData("[Model]\n[Dense(3)]\n[{|MDSL0021:Input(4)|}]\n[MeanSquaredError]\npartial class Net;", "Move [Input(4)] before [Dense(3)]",
        "[Model]\n[Input(4)]\n[Dense(3)]\n[MeanSquaredError]\npartial class Net;")]
    [InlineData("[Model, Input(4)]\n[{|MDSL0024:MeanSquaredError|}]\n[Dense(3)]\npartial class Net;", "Move [MeanSquaredError] after [Dense(3)]",
        "[Model, Input(4)]\n[Dense(3)]\n[MeanSquaredError]\npartial class Net;")]
    [InlineData("[Model, Input(4), {|MDSL0022:Input(5)|}, Dense(3), MeanSquaredError] partial class Net;", "Remove [Input(5)]",
        "[Model, Input(4), Dense(3), MeanSquaredError] partial class Net;")]
    [InlineData("[Model, Input(4), Dense(3)]\n[MeanSquaredError]\n[{|MDSL0025:Huber|}]\npartial class Net;", "Remove [Huber]",
        "[Model, Input(4), Dense(3)]\n[MeanSquaredError]\npartial class Net;")]
    [InlineData("[Block] [{|MDSL0026:Input(4)|}]\n[Dense(3)] partial class Part;", "Remove [Input]", "[Block]\n[Dense(3)] partial class Part;")]
    [InlineData("[Model, Input(4), Dense(3), {|MDSL0017:Softmax|}] [SoftmaxCrossEntropy] partial class Net;", "Remove [Softmax]",
        "[Model, Input(4), Dense(3)] [SoftmaxCrossEntropy] partial class Net;")]
    [InlineData("[Model, Input(4, 2), Flatten, Dense(8), MeanSquaredError(Target = {|MDSL0015:Target.Input|})] partial class Net;", "Insert Reshape(4, 2)",
        "[Model, Input(4, 2), Flatten, Dense(8), Reshape(4, 2), MeanSquaredError(Target = Target.Input)] partial class Net;")]
    [InlineData("[Model, Input(8), Dense(2), Relu, MeanSquaredError(Target = {|MDSL0015:Target.Input|})] partial class Net;", "Change Dense(2) to Dense(8)",
        "[Model, Input(8), Dense(8), Relu, MeanSquaredError(Target = Target.Input)] partial class Net;")]
    [InlineData("[Model, Input(4), Dense(1), {|MDSL0015:SoftmaxCrossEntropy|}] partial class Net;", "Write [BinaryCrossEntropy]",
        "[Model, Input(4), Dense(1), BinaryCrossEntropy] partial class Net;")]
    public Task A_layer(string before, string title, string after) => Mends(before, title, after);

    [Fact]
    public async Task A_block_in_another_file()
    {
        using var project = new FixProject("[Model, Input(4), Apply<Part>, MeanSquaredError] partial class Net;", "partial class Part;");
        await project.Apply(Assert.Single(await project.Fixes(Assert.Single(await project.Report()))));
        Assert.Equal("[Block]\npartial class Part;", project.Text(1));
        Assert.Empty(await project.Report());
    }

    [Fact]
    public async Task All_of_a_project_at_once()
    {
        using var project = new FixProject(
            "[Model, Input(4), Dense(2), MeanSquaredError] class A; [Model, Input(4), Dense(2), MeanSquaredError] class B;",
            "[Model, Input(8), Reshape(3, 3), MeanSquaredError] partial class C;\n[Model, Input(6), Reshape(2, 2), MeanSquaredError] partial class D;");
        await project.ApplyToAll((await project.Report())[0]);
        Assert.DoesNotContain("MDSL0001", (await project.Report()).Select(found => found.Id));
        await project.ApplyToAll((await project.Report())[0]);
        Assert.Empty(await project.Report());
        Assert.Equal("[Model, Input(8), Reshape(2, 4), MeanSquaredError] partial class C;\n[Model, Input(6), Reshape(2, 3), MeanSquaredError] partial class D;", project.Text(1));
    }

    private static Task Mends(string before, string title, string after) => new ModelTest(before) { Title = title }.Becomes(after).RunAsync();

    private static string List(string layers, string part) =>
        $"[Block, {part}] partial class Part; [Block, Dense(6)] partial class Other;\n" +
        $"[Model, Input(16), {layers}, MeanSquaredError] partial class Net {{ static float Swish(float x) => x / (1 + MathF.Exp(-x)); static float Wish(float x) => x; }}";

    private static string Forward(string body, bool isStatic = false) =>
        $"[Model, Input(16), MeanSquaredError] partial class Net {{ Tensor Forward(Tensor x) {body} {(isStatic ? "static " : "")}float Halve(float x) => x / 2; }}";
}
