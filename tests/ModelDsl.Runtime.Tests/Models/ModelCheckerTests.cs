using ModelDsl.Runtime.Tests.Runs;
using ModelDsl.Runtime.Tests.Support;
using ModelDsl.Runtime.Tests.Training;

namespace ModelDsl.Runtime.Tests.Models;

public sealed class ModelCheckerTests
{
    public static TheoryData<string> Names => [.. Cases.Keys];

    private static Dictionary<string, (Func<Model> Model, Func<Batch> Batch)> Cases { get; } = new()
    {
        ["frozen parameter"] = (() => new LinearModel(seed: 1), () => TrainingData.Linear(16).Batches(16).First()),
        ["classes"] = (() => new TinyClassifier(), () => TrainingData.Sides(16).Batches(16).First()),
        ["convolution, normalization and dropout"] = (() => new ResumedNet(seed: 4), () => ResumedRun.Pictures(12, 1).Batches(12).First()),
        ["sparse updates"] = (() => new SparseNet(seed: 4), Tokens),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sound_model_passes_and_is_left_as_it_was(string name)
    {
        var (create, data) = Cases[name];
        using var model = create();
        using var same = create();
        var batch = data();
        var report = ModelChecker.Verify(model, batch);

        Assert.Equal(model.Gradients.Select(gradient => gradient.Name), report.Gradients.Select(gradient => gradient.Parameter));

        // The gradient of a bias before a normalization is 0, up to rounding errors.
        Assert.All(report.Gradients, gradient => Assert.InRange(gradient.Difference, (0.9 * gradient.Gradient) - 1e-3, (1.1 * gradient.Gradient) + 1e-3));
        Assert.True(report.LossAfter < report.LossBefore);
        Assert.Contains(model.Gradients[0].Name, report.ToString(), StringComparison.Ordinal);
        Assert.Equal(Values(same), Values(model));

        // The next steps are those of a model that was not checked: masks of dropout depend on the number of steps.
        Train(model, batch);
        Train(same, batch);
        Assert.Equal(Values(same), Values(model));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(0.5f)]
    [InlineData(1.3f)]
    public void A_wrong_gradient_names_its_parameter(float factor)
    {
        using var model = new LinearModel(seed: 1);
        var before = Values(model);
        model.Program.BiasGradientFactor = factor;
        var exception = Assert.Throws<ModelCheckException>(() => ModelChecker.Verify(model, TrainingData.Linear(16).Batches(16).First()));

        Assert.Equal("dense1.bias", exception.Parameter);
        Assert.Contains("dense1.bias [2]", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, Values(model));
    }

    [Fact]
    public void A_model_that_cannot_learn_the_batch_is_an_error()
    {
        using var model = new LinearModel(seed: 1);

        // Equal inputs with different targets.
        var batch = Batch.Of(2, new float[6], [100f, 100, -100, -100]);
        var exception = Assert.Throws<ModelCheckException>(() => ModelChecker.Verify(model, batch));

        Assert.Null(exception.Parameter);
        Assert.Contains("does not learn the batch", exception.Message, StringComparison.Ordinal);
        ModelChecker.Verify(model, batch, new ModelCheckOptions { LearningSteps = 0 });
    }

    [Fact]
    public void A_loss_that_is_not_finite_is_an_error()
    {
        using var model = new LinearModel(seed: 1);

        Assert.Contains("is NaN", Assert.Throws<ModelCheckException>(() => ModelChecker.Verify(model, Batch.Of(1, [1, 1, float.NaN], [0f, 0]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_with_several_losses_is_refused()
    {
        using var model = new TwoLosses();

        Assert.Contains("several losses", Assert.Throws<ArgumentException>(() => ModelChecker.Verify(model, Batch.Of(1, new float[4], new float[3]))).Message, StringComparison.Ordinal);
    }

    private static Batch Tokens()
    {
        var random = new Random(1);
        int[] tokens = [.. Enumerable.Range(0, 8 * SparseNet.Tokens).Select(_ => random.Next(SparseNet.Vocabulary))];
        return Batch.Of(8, tokens, (int[])[.. Enumerable.Range(0, 8).Select(_ => random.Next(ResumedNet.Classes))]);
    }

    private static float[] Values(Model model) => [.. model.Parameters.Concat<ParameterTensor>(model.States).SelectMany(tensor => tensor.ToArray())];

    private static void Train(Model model, Batch batch)
    {
        var optimizer = new Sgd(0.01);
        for (var step = 0; step < 3; step++)
        {
            model.Forward(batch);
            model.Backward(batch);
            optimizer.Update(model);
        }
    }
}
