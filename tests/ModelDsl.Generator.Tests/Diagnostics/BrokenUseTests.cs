using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Diagnostics;

/// <summary>One mistake is one error: code that uses the model still compiles.</summary>
public class BrokenUseTests
{
    private const string Use =
        """
        static class Program
        {
            static void Train(Optimizer optimizer, Batch batch, float[] image, float[] probabilities)
            {
                using var model = new Net(seed: 1);
                model.Forward(batch);
                model.Backward(batch);
                optimizer.Update(model);
                Console.WriteLine(model.LastLoss);
                model.Predict(image, probabilities);
                float[] scores = model.PredictLogits(model.Predict(image));
                model.Save("net.safetensors");
                using var again = Net.FromFile("net.safetensors");
                again.Load("net.safetensors");
            }
        }
        """;

    [Theory]
    [InlineData("[Model, Input(4), Dense(2), SoftmaxCrossEntropy] partial class Net;")]
    [InlineData("[Model, Input(4), Dense({|MDSL0010:0|}), SoftmaxCrossEntropy] partial class Net;")]
    [InlineData("[Model] partial class {|MDSL0020:Net|};")]
    [InlineData("[Model, Input(4), Reshape({|MDSL0012:3, 3|}), Dense(2), SoftmaxCrossEntropy] partial class Net;")]
    [InlineData("[Model, Input(4), Dense(2), SoftmaxCrossEntropy] partial class Net; [{|MDSL0003:Relu|}] partial class Net;")]
    [InlineData("[Model, Input(4), {|CS7036:Dense|}, SoftmaxCrossEntropy] partial class Net;")]
    [InlineData("[Model, Input(4), Activation(nameof(F)), SoftmaxCrossEntropy] partial class Net { static float F(float x) => {|MDSL0043:(int)x|}; }")]
    public Task One_mistake_is_one_error(string model) => Expect.Diagnostics(model, Use);

    [Fact]
    public Task A_mistake_in_one_model_leaves_its_neighbour_alone() => Expect.Diagnostics(
        "[Model, Input(4), Dense({|MDSL0010:0|}), SoftmaxCrossEntropy] partial class Wrong; [Model, Input(4), Dense(2), SoftmaxCrossEntropy] partial class Net;",
        Use);
}
