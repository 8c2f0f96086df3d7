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

    private const string UseOfTasks =
        """
        static class Program
        {
            static void Train(Optimizer optimizer, int[] words, float[] x, float[] kinds, float[] places)
            {
                using var model = new Net();
                Net.Example[] examples = [new(words, x, Truth: 3, Where: [1, 2]), new Net.Example(Words: words, X: x, 1, places)];
                new Trainer(optimizer).Fit(model, Dataset.FromSamples(examples, Net.Example.Layout));
                model.Predict(words: words, x: x, kind: kinds, place: places);
                var (kind, place) = model.Predict(words, x);
                Console.WriteLine(model.PredictLogits(words, x).Kind[0] + kind[0] + place[0]);
            }
        }
        """;

    [Theory]
    [InlineData("Dense(6)")]
    [InlineData("Dense({|MDSL0010:0|})")]
    public Task One_mistake_in_a_model_with_several_outputs_is_one_error(string layer) => Expect.Diagnostics(
        $$"""
        [Model] partial class Net
        {
            static (Tensor kind, Tensor place) Forward([TokenInput(3, 7)] Tensor words, [Input(4)] Tensor x) => (words.Embedding(2).Flatten().{{layer}}, x.Dense(2));
            [Loss] static Tensor L(Tensor kind, [Label(6)] Tensor truth, Tensor place, [Target(2)] Tensor where) =>
                kind.SoftmaxCrossEntropy(truth) + place.MeanSquaredError(where).Sum();
        }
        """,
        UseOfTasks);

    [Theory]
    [InlineData("Dense(3)")]
    [InlineData("Dense({|MDSL0010:0|})")]
    public Task One_mistake_in_a_model_with_several_losses_is_one_error(string layer) => Expect.Diagnostics(
        $$"""
        [Block, Dense(4), Tanh, Dense(3)] partial class Maker;
        [Block, Dense(5), Relu, Dense(1)] partial class Judge;
        [Model] partial class Net
        {
            private readonly Maker maker = new();
            private readonly Judge judge = new();
            private Tensor Forward([Input(2)] Tensor noise) => noise.Apply(maker).{{layer}};
            [Loss(Trains = nameof(judge))] private Tensor JudgeLoss(Tensor output, [Input(3)] Tensor real) =>
                real.Apply(judge).BinaryCrossEntropy(1) + output.Apply(judge).BinaryCrossEntropy(0);
            [Loss(Trains = nameof(maker))] private Tensor MakerLoss(Tensor output) => output.Apply(judge).BinaryCrossEntropy(1);
        }
        """,
        """
        static class Program
        {
            static void Train(Optimizer optimizer, Net.Example[] examples, float[] noise, float[] images)
            {
                using var model = new Net(seed: 1);
                foreach (var batch in Dataset.FromSamples(examples, Net.Example.Layout).Batches(4))
                {
                    model.BackwardJudgeLoss(batch);
                    optimizer.Update(model.Judge);
                    model.BackwardMakerLoss(batch);
                    optimizer.Update(model.Maker);
                    Console.WriteLine(model.LastLoss);
                }

                model.Predict(noise, images);
            }
        }
        """);

    [Fact]
    public Task A_mistake_in_one_model_leaves_its_neighbour_alone() => Expect.Diagnostics(
        "[Model, Input(4), Dense({|MDSL0010:0|}), SoftmaxCrossEntropy] partial class Wrong; [Model, Input(4), Dense(2), SoftmaxCrossEntropy] partial class Net;",
        Use);
}
