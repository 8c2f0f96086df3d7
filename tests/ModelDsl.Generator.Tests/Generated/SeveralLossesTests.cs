using ModelDsl.Compiled;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Generator.Tests.Generated;

/// <summary>Generated models with several inputs, outputs and losses, used as a program uses them.</summary>
public sealed class SeveralLossesTests(SeveralLossesTests.Compiled compiled) : IClassFixture<SeveralLossesTests.Compiled>
{
    private const string Source =
        """
        [Block, Dense(19), LeakyRelu, Dense(9), Tanh] internal partial class Maker;
        [Block, Dense(17), LeakyRelu, Dropout(0.2), Dense(1)] internal partial class Judge;
        [Model] public partial class Adversaries
        {
            private readonly Maker maker = new();
            private readonly Judge judge = new();

            private Tensor Forward([Input(5)] Tensor noise) => noise.Apply(maker);

            [Loss(Trains = nameof(judge))]
            private Tensor JudgeLoss(Tensor output, [Input(9)] Tensor real) => real.Apply(judge).BinaryCrossEntropy(1) + output.Apply(judge).BinaryCrossEntropy(0);

            [Loss(Trains = nameof(maker))]
            private Tensor MakerLoss(Tensor output) => output.Apply(judge).BinaryCrossEntropy(1);
        }

        [Model] public partial class Pages
        {
            private static (Tensor topic, Tensor price) Forward([TokenInput(length: 4, vocabulary: 7)] Tensor words, [Input(3)] Tensor numbers)
            {
                var h = Tensor.Concat(words.Embedding(5).Mean(0), numbers.Dense(6).Relu());
                return (h.Dense(5), h.Dense(1));
            }

            [Loss]
            private static Tensor Both(Tensor topic, [Label(5)] Tensor kind, Tensor price, [Target(1)] Tensor paid) =>
                topic.SoftmaxCrossEntropy(kind) + 0.5 * price.Huber(paid);
        }

        [Model] public partial class Oscillation
        {
            // From [0, π] to about [−1, 1].
            private static Tensor Forward([Input(1)] Tensor x) => (x * 0.6366 - 1).Dense(32).Tanh().Dense(32).Tanh().Dense(1);

            [Loss]
            private static Tensor Residual(Tensor x, Tensor output)
            {
                var zero = 0 * x;
                var start = Forward(zero);
                return (Tensor.Gradient(Tensor.Gradient(output, x), x) + output).Square()
                    + 10 * start.Square() + 10 * (Tensor.Gradient(start, zero) - 1).Square();
            }
        }

        [Block, Dense(6, UseBias = false), BatchNorm, Relu, Dense(9)] internal partial class NormedMaker;
        [Block, Dense(7), BatchNorm(Momentum = 0.3), LeakyRelu, Dense(1)] internal partial class NormedJudge;
        [Model] public partial class Normed
        {
            private readonly NormedMaker maker = new();
            private readonly NormedJudge judge = new();

            private Tensor Forward([Input(5)] Tensor noise) => noise.Apply(maker);

            [Loss(Trains = nameof(judge))]
            private Tensor OfBoth(Tensor output, [Input(9)] Tensor real) => real.Apply(judge).BinaryCrossEntropy(1) + output.Apply(judge).BinaryCrossEntropy(0);

            [Loss(Trains = nameof(judge))]
            private Tensor OfReal([Input(9)] Tensor real) => real.Apply(judge).BinaryCrossEntropy(1);

            [Loss(Trains = nameof(maker))]
            private Tensor OfNoise(Tensor noise) => noise.Apply(maker).Apply(judge).BinaryCrossEntropy(1);

            [Loss(Trains = nameof(maker))]
            private Tensor OfSize(Tensor output) => output.Square();
        }

        public static class Program
        {
            public static (float Loss, (float[] Topic, float[] Price) Prediction) Train(Pages model, int epochs)
            {
                Pages.Example[] examples =
                [
                    new(Words: [0, 1, 2, 3], Numbers: [1, 0, 0], Kind: 3, Paid: 0.5f), new([6, 5, 4, 3], [0, 1, 0], 1, -0.5f), new([2, 2, 2, 2], [0, 0, 1], 0, 1),
                ];
                var data = Dataset.FromSamples(examples, Pages.Example.Layout);
                var history = new Trainer(new Adam(0.03)) { Epochs = epochs, BatchSize = 2, View = TrainingView.None }.Fit(model, data);
                return ((float)history.Epochs[^1].Loss, model.Predict(words: [0, 1, 2, 3, 2, 2, 2, 2], numbers: [1, 0, 0, 0, 0, 1]));
            }
        }
        """;

    private readonly ModelLibrary library = compiled.Library;

    [Fact]
    public void A_part_is_updated_alone_to_the_bit()
    {
        using var model = library["Adversaries"].Create(Device.Cpu);
        var batch = BatchOf(model, 24, 1);
        var (maker, judge) = (Part(model, "Maker"), Part(model, "Judge"));
        Assert.Equal(["maker.dense1.weight", "maker.dense1.bias", "maker.dense2.weight", "maker.dense2.bias"], maker.Parameters.Select(parameter => parameter.Name));
        var optimizers = new Dictionary<ModelPart, Optimizer> { [maker] = new Adam(0.01) { ClipNorm = 0.5 }, [judge] = new RmsProp(0.01) };
        for (var step = 0; step < 3; step++)
        {
            foreach (var (loss, part, other) in new[] { ("JudgeLoss", judge, maker), ("MakerLoss", maker, judge) })
            {
                var (before, others) = (Values(part), Values(other));
                var run = model.GetType().GetMethod("Backward" + loss)!.CreateDelegate<Action<Batch>>(model);
                run(batch);
                Assert.True(float.IsFinite(model.LastLoss));
                Assert.Equal(before, Values(part));
                optimizers[part].Update(part);
                Assert.NotEqual(before, Values(part));
                Assert.Equal(others, Values(other));
                Assert.Equal(0, Allocation.Least(() =>
                {
                    run(batch);
                    optimizers[part].Update(part);
                }));
                Assert.Equal(others, Values(other));
            }
        }
    }

    [Fact]
    public void What_has_no_gradient_cannot_be_updated()
    {
        using var model = library["Adversaries"].Create(Device.Cpu);
        var batch = BatchOf(model, 4, 1);
        model.GetType().GetMethod("BackwardJudgeLoss")!.Invoke(model, [batch]);
        var failure = Assert.Throws<InvalidOperationException>(() => new Sgd(0.1).Update(Part(model, "Maker")));
        Assert.Contains("'maker.dense1.weight' of Adversaries has no gradient yet: call BackwardMakerLoss before Update", failure.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => new Sgd(0.1).Update(model));
        Assert.Contains("call BackwardJudgeLoss and BackwardMakerLoss", Assert.Throws<InvalidOperationException>(() => model.Forward(batch)).Message, StringComparison.Ordinal);
        Assert.Contains("several losses", Assert.Throws<InvalidOperationException>(
            () => new Trainer(new Sgd(0.1)).Fit(model, Dataset.FromArrays(new float[8], 2))).Message, StringComparison.Ordinal);
        model.GetType().GetMethod("BackwardMakerLoss")!.Invoke(model, [batch]);
        new Sgd(0.1).Update(model);
    }

    [Fact]
    public void A_step_moves_the_running_values_of_what_its_loss_runs()
    {
        using var model = library["Normed"].Create(Device.Cpu);
        var batch = BatchOf(model, 12, 1);
        foreach (var (loss, movesMaker, movesJudge) in new[] { ("OfBoth", true, true), ("OfReal", false, true), ("OfNoise", true, true), ("OfSize", true, false) })
        {
            var before = model.States.ToDictionary(state => state.Name, state => state.ToArray());
            model.GetType().GetMethod("Backward" + loss)!.CreateDelegate<Action<Batch>>(model)(batch);
            foreach (var state in model.States)
            {
                var moves = state.Name.StartsWith("maker.", StringComparison.Ordinal) ? movesMaker : movesJudge;
                if (moves) Assert.All(before[state.Name].Zip(state.ToArray()), pair => Assert.NotEqual(pair.First, pair.Second));
                else Assert.Equal(before[state.Name], state.ToArray());
            }
        }
    }

    [Fact]
    public void Each_call_is_a_step_of_its_own()
    {
        using var model = library["Adversaries"].Create(Device.Cpu);
        var batch = BatchOf(model, 24, 1);
        var run = model.GetType().GetMethod("BackwardMakerLoss")!.CreateDelegate<Action<Batch>>(model);
        run(batch);
        var (loss, gradients) = (model.LastLoss, model.Gradients["maker.dense1.weight"].ToArray());
        model.GetType().GetMethod("BackwardJudgeLoss")!.Invoke(model, [batch]);
        Assert.Contains("call BackwardJudgeLoss and BackwardMakerLoss", Assert.Throws<InvalidOperationException>(() => model.Backward(batch)).Message, StringComparison.Ordinal);
        Assert.Equal(gradients, model.Gradients["maker.dense1.weight"].ToArray());
        model.GetType().GetMethod("BackwardJudgeLoss")!.Invoke(model, [batch]);
        model.EnsureBatchCapacity(100);
        Assert.Throws<InvalidOperationException>(() => model.LastLoss);
        Assert.True(float.IsFinite(loss));
    }

    [Fact]
    public void Evaluation_gives_each_loss_by_its_name()
    {
        using var model = library["Adversaries"].Create(Device.Cpu);
        var batch = BatchOf(model, 24, 1);
        var data = Dataset.FromArrays(batch.Floats(0).ToArray(), batch.Floats(1).ToArray(), targetLength: 9);
        using (var inference = model.Infer(batch, InferParts.Loss))
        {
            Assert.True(inference.LossOf("JudgeLoss") > inference.LossOf("MakerLoss"));
            Assert.Equal(MathF.Log(2), inference.LossOf("MakerLoss"), 0.5f);
        }

        var score = new Trainer(new Sgd(0.1)) { BatchSize = 5 }.Evaluate(model, data);
        Assert.Equal(["JudgeLoss", "MakerLoss"], score.Losses.Select(loss => loss.Name));
        using (var inference = model.Infer(batch, InferParts.Loss))
        {
            foreach (var loss in score.Losses) Assert.Equal(inference.LossOf(loss.Name), loss.Value, 1e-5);
            Assert.Contains("'JudgeLoss', 'MakerLoss'", Error(() => model.Infer(batch, InferParts.Loss).LossOf("Other")), StringComparison.Ordinal);
            Assert.Contains("LossOf", Error(() => _ = model.Infer(batch, InferParts.Loss).Loss), StringComparison.Ordinal);
        }

        Assert.Equal(score.Losses[1].Value, score["MakerLoss"]);
        Assert.Equal(double.NaN, score.Loss);
        Assert.Matches(@"^JudgeLoss \d\.\d{4}, MakerLoss \d\.\d{4}$", score.ToString());

        static string Error(Action action) => Assert.ThrowsAny<Exception>(action).Message;
    }

    [Fact]
    public void Examples_train_and_predictions_have_names()
    {
        var type = library["Pages"].Type;
        using var model = library["Pages"].Create(Device.Cpu);
        var (loss, (topic, price)) = ((float, (float[], float[])))type.Assembly.GetType("Program")!.GetMethod("Train")!.Invoke(null, [model, 120])!;
        Assert.True(loss < 0.05, $"the loss is {loss}");
        Assert.Equal(10, topic.Length);
        Assert.Equal(1, topic.Take(5).Sum(), 1e-5f);
        Assert.Equal(3, Array.IndexOf(topic[..5], topic[..5].Max()));
        Assert.Equal(0.5f, price[0], 0.1f);
        Assert.Equal(1, price[1], 0.1f);
    }

    [Fact]
    public void A_differential_equation_is_solved()
    {
        using var model = library["Oscillation"].Create(Device.Cpu);
        var batch = Places(32);
        var optimizer = new Adam(1e-2);
        for (var step = 0; step < 6000; step++)
        {
            optimizer.LearningRate = 1e-2 * (1 + Math.Cos(Math.PI * step / 6000)) / 2;
            model.Forward(batch);
            model.Backward(batch);
            optimizer.Update(model);
        }

        // u″ = −u with u(0) = 0 and u′(0) = 1 is the sine, between the places it has been trained at too.
        batch = Places(201);
        using var inference = model.Infer(batch);
        var found = inference.Outputs();
        for (var i = 0; i < batch.Count; i++) Assert.Equal(Math.Sin(batch.Floats(0)[i]), found[i], 1e-3);

        Batch Places(int count)
        {
            var places = new Batch(model.Description.Inputs, count) { Count = count };
            for (var i = 0; i < count; i++) places.Floats(0)[i] = (float)(Math.PI * i / (count - 1));
            return places;
        }
    }

    private static ModelPart Part(Model model, string name) => (ModelPart)model.GetType().GetProperty(name)!.GetValue(model)!;

    private static float[][] Values(ModelPart part) => [.. part.Parameters.Select(parameter => parameter.ToArray())];

    private static Batch BatchOf(Model model, int samples, int seed)
    {
        var random = new Random(seed);
        var batch = new Batch([.. model.Description.Inputs, .. model.Description.Targets], samples) { Count = samples };
        for (var column = 0; column < batch.Columns.Count; column++)
        {
            foreach (ref var value in batch.Floats(column)) value = (random.NextSingle() * 2) - 1;
        }

        return batch;
    }

    /// <summary>The models above.</summary>
    public sealed class Compiled() : LibraryFixture(Source);
}
