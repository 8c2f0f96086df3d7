using ModelDsl.Tests.Shared;

namespace ModelDsl.Runtime.Tests.Training;

/// <summary>Outputs over thousands of classes, which training steps do not keep.</summary>
public sealed class LargeVocabularyTests
{
    private static readonly Dataset Data = Dataset.FromArrays([.. Enumerable.Range(0, 40).Select(i => (float)(i % 2))], [.. Enumerable.Range(0, 40).Select(i => 5000 * (i % 2))]);

    [Fact]
    public void Training_has_the_loss_and_validation_has_all_metrics()
    {
        using var model = new ManyClasses(seed: 1);
        var trainer = new Trainer(new Adam(0.02)) { Epochs = 40, BatchSize = 8, View = TrainingView.None };

        var history = trainer.Fit(model, Data, Data);

        Assert.Empty(history.Last!.Metrics);
        Assert.True(history.Last.Loss < 0.1, $"loss {history.Last.Loss}");
        Assert.Equal(1, history.Last.Validation!["accuracy"]);
    }

    [Fact]
    public void A_log_has_an_empty_field_for_a_metric_of_the_training_data()
    {
        using var model = new ManyClasses(seed: 1);
        var path = Path.Combine(Directory.CreateTempSubdirectory("modeldsl-log-").FullName, "log.csv");
        new Trainer(new Adam(0.02)) { Epochs = 1, BatchSize = 8, View = TrainingView.None, Callbacks = [new CsvLog(path)] }.Fit(model, Data, Data);

        string[][] lines = [.. File.ReadLines(path).Select(static line => line.Split(','))];

        Assert.Equal("accuracy", lines[0][4]);
        Assert.Equal("", lines[1][4]);
        Assert.Equal(lines[0].Length, lines[1].Length);
        Assert.NotEqual("", lines[1][Array.IndexOf(lines[0], "validation accuracy")]);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public void The_losses_are_those_of_the_model_that_keeps_its_outputs()
    {
        double[] Losses(Model model)
        {
            using (model)
                return [.. new Trainer(new Sgd(0.1)) { Epochs = 3, BatchSize = 8, View = TrainingView.None }.Fit(model, Data).Epochs.Select(epoch => epoch.Loss)];
        }

        var (dropped, kept) = (Losses(new ManyClasses(seed: 1)), Losses(new ManyKeptClasses(seed: 1)));
        for (var epoch = 0; epoch < 3; epoch++)
            Assert.Equal(kept[epoch], dropped[epoch], 1e-5);
    }

    [Fact]
    public void Reading_such_an_output_says_what_to_do()
    {
        using var model = new ManyClasses(seed: 1);
        var batch = Batch.Of(1, [0.5f], [3]);
        model.Forward(batch);

        var exception = Assert.Throws<InvalidOperationException>(() => model.LastOutputs());

        Assert.Equal("Training steps of ManyClasses do not keep 'output', which has 8,200 classes: predict it, or declare [Model(KeepOutputs = true)].", exception.Message);
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        using var model = new ManyClasses(seed: 1);
        var (optimizer, batch) = (new Sgd(0.1), Batch.Of(2, [0.5f, 0.1f], [3, 4]));
        void Step()
        {
            model.Forward(batch);
            model.Backward(batch);
            optimizer.Update(model);
        }

        Step();
        Assert.Equal(0, Allocation.Least(Step));
    }
}

[Model, Input(1), Dense(16), Relu, Dense(8200), SoftmaxCrossEntropy]
internal sealed partial class ManyClasses;

[Model(KeepOutputs = true), Input(1), Dense(16), Relu, Dense(8200), SoftmaxCrossEntropy]
internal sealed partial class ManyKeptClasses;
