using ModelDsl;

namespace ModelApp._1.Tests;

public sealed class SpiralClassifierTests
{
    // A network that cannot learn a few samples by heart will not learn many.
    [Fact]
    public void It_learns_a_small_batch_by_heart()
    {
        var batch = SpiralData.Create(count: 16, seed: 1);
        using var classifier = new SpiralClassifier(seed: 1);
        var trainer = new Trainer(new Adam(1e-2)) { Epochs = 300, BatchSize = 16 };
        trainer.Fit(classifier, batch);

        var evaluation = trainer.Evaluate(classifier, batch);
        Assert.Equal(1.0, evaluation["accuracy"]);
        Assert.InRange(evaluation.Loss, 0, 0.05);
    }

    [Fact]
    public void A_saved_classifier_predicts_the_same()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var file = Path.Combine(folder.FullName, "classifier.safetensors");
            float[] point = [0.5f, -0.25f];
            using var classifier = new SpiralClassifier(seed: 1);
            classifier.Save(file);

            using var loaded = SpiralClassifier.FromFile(file);
            Assert.Equal(classifier.Predict(point), loaded.Predict(point));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
