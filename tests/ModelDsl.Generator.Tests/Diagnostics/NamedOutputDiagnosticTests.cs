using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Diagnostics;

/// <summary>[Output] names the layer before it, once, under a name that nothing else has.</summary>
public class NamedOutputDiagnosticTests
{
    [Theory]
    [InlineData("[Model, {|MDSL0080:Output(\"a\")|}, Input(4), Dense(3), MeanSquaredError] partial class Net;", "before the input")]
    [InlineData("[Model, Input(4), {|MDSL0080:Output(\"a\")|}, Dense(3), MeanSquaredError] partial class Net;", "only the input stands before it")]
    [InlineData("[Model, Input(4), Dense(3), MeanSquaredError, {|MDSL0080:Output|}] partial class Net;", "behind the loss")]
    [InlineData("[Block, Dense(3), {|MDSL0080:Output|}] partial class B; [Model, Input(4), Apply<B>, MeanSquaredError] partial class Net;", "'B' is a block")]
    [InlineData("[Block, Dense(3), {|MDSL0080:Output|}] partial class B;", "'B' is a block")]
    [InlineData("[Model, Input(4), Dense(3), Output(\"a\"), Relu, Output({|MDSL0081:\"A\"|}), MeanSquaredError] partial class Net;", "another output would have 'PredictA' too")]
    [InlineData("[Model, Input(4), Dense(3), Output, {|MDSL0081:Output|}, MeanSquaredError] partial class Net;", "give it a name of its own")]
    [InlineData("[Model, Input(4), Dense(3), Output({|MDSL0081:\"logits\"|}), MeanSquaredError] partial class Net;", "every model has a 'PredictLogits'")]
    [InlineData("[Model, Input(4), Dense(3), Output({|MDSL0081:\"output\"|}), MeanSquaredError] partial class Net;", "the model's own output is called that")]
    [InlineData("[Model, Input(4), Dense(3), Output({|MDSL0081:\"my code\"|}), MeanSquaredError] partial class Net;", "no name in C#")]
    [InlineData("[Model, Input(4), Dense(3), Output({|MDSL0081:\"code\"|}), MeanSquaredError] partial class Net { int PredictCode => 1; }", "'Net' has a 'PredictCode' of its own")]
    [InlineData("[Model, MeanSquaredError] partial class Net { Tensor Forward([Input(4)] Tensor x) => x.Dense(3).Output(\"a\").Relu().Output({|MDSL0081:\"a\"|}); }", "another output would have")]
    [InlineData("[Model] partial class Net { Tensor Forward([Input(4)] Tensor x) => x.Dense(3); [Loss] Tensor L(Tensor output) => output.{|MDSL0080:Output(\"a\")|}.Square(); }", "it stands in a loss")]
    public Task Misuse_is_one_error(string source, string message) => Expect.Message(source, message);

    [Theory]
    [InlineData("[Model, Input(4), Dense(3), Output, Relu, Output(\"code\"), Dense(2), Output(\"raw\"), BinaryCrossEntropy] partial class Net { float[] P => PredictDense1([1, 2, 3, 4]); float[] Q => PredictRaw([1, 2, 3, 4]); }")]
    [InlineData("[Model] partial class Net { Tensor Forward([Input(1)] Tensor x) => x.Dense(3).Output(\"h\").Dense(1); [Loss] Tensor L(Tensor x, Tensor output) => output.Square() + Forward(0 * x).Abs(); float[] P => PredictH([1]); }")]
    [InlineData("[Block, Dense(3)] partial class B; [Model, Input(4), Apply<B>, Output(\"b\"), MeanSquaredError] partial class Net { float[] P => PredictB([1, 2, 3, 4]); }")]
    public async Task Right_use_compiles(string source) => Assert.Empty(await Expect.Report([source]));

    [Fact]
    public async Task A_mistake_elsewhere_leaves_predictions_of_named_outputs_there()
    {
        const string Source = "[Model, Input(4), Dense(3), Output(\"code\"), Dense(0), MeanSquaredError] partial class Net { float[] P => PredictCode([1, 2, 3, 4]); object E => new Example([1, 2, 3, 4], 5f); object F => new Example([1], [2f, 3f]); }";
        Assert.Equal("MDSL0010", Assert.Single(await Expect.Report([Source.Replace(", [2f, 3f]", ", new[] { 2f, 3f }", StringComparison.Ordinal)])).Id);
    }
}
