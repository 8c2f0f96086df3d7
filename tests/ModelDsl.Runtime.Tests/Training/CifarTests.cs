using ModelDsl.Images;

namespace ModelDsl.Runtime.Tests.Training;

/// <summary>Real pictures, a real network: that all of it together learns.</summary>
public sealed class CifarTests
{
    /// <summary>A fifth of the training pictures, once. Guessing is right in 10 of 100 cases, with a loss of ln 10 = 2.30.</summary>
    [DataFact("cifar10")]
    public void One_epoch_over_ten_thousand_pictures_teaches_a_network_what_they_show()
    {
        var (all, test) = Cifar10.Load(TestData.Folder("cifar10"));
        var train = all.Take(10_000);
        using var device = new CpuDevice { Threads = 2 };
        using var model = new CifarNet(seed: 1, device);
        var trainer = new Trainer(new Adam(1e-3)) { Epochs = 1, BatchSize = 32, EvaluationBatchSize = 100, Seed = 1, View = TrainingView.None };
        var before = trainer.Evaluate(model, test);
        var history = trainer.Fit(model, train);
        var after = trainer.Evaluate(model, test);

        Assert.InRange(before.Loss, 2.2, 2.6);
        Assert.InRange(history.Last!.Loss, after.Loss, 2.0);
        Assert.InRange(after.Loss, 1.2, 1.75);
        Assert.InRange(after["accuracy"], 0.37, 0.55);
    }
}

/// <summary>The network of the CIFAR-10 sample.</summary>
[Model]
[Input(32, 32, 3)]
[Conv2D(32, 3), Relu]
[MaxPool2D(2)]
[Conv2D(64, 3), Relu]
[MaxPool2D(2)]
[Conv2D(64, 3), Relu]
[Flatten]
[Dense(64), Relu]
[Dense(10)]
[SoftmaxCrossEntropy]
internal sealed partial class CifarNet;
