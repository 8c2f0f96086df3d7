using ModelDsl.Runtime.Tests.Data;
using ModelDsl.Runtime.Tests.Training;

namespace ModelDsl.Runtime.Tests.Optimizers;

/// <summary>Callbacks that freeze parameters, in runs one after the other.</summary>
public sealed class FreezingRunTests
{
    [Fact]
    public void A_run_gives_the_optimizer_its_own_rules_back()
    {
        foreach (var callbacks in (TrainingCallback[][])[[new FreezeAt(2, "dense1")], [new UnfreezeAt(2, "dense1")], [new FreezeAt(1, "dense2"), new UnfreezeAt(2, "*")]])
        {
            using var model = new SmoothNet(seed: 1);
            var optimizer = new Adam(1e-2);
            optimizer.Freeze("dense1");
            Trainer(optimizer, 2, callbacks).Fit(model, TrainingData.Linear(64));
            var (first, second) = (model.Parameters["dense1.weight"].ToArray(), model.Parameters["dense2.weight"].ToArray());
            Trainer(optimizer, 1).Fit(model, TrainingData.Linear(64));
            Assert.Equal(first, model.Parameters["dense1.weight"].ToArray());
            Assert.NotEqual(second, model.Parameters["dense2.weight"].ToArray());
        }
    }

    [Fact]
    public void A_run_continues_with_the_same_optimizer()
    {
        using var folder = new TemporaryFolder();
        using var model = new SmoothNet(seed: 1);
        var optimizer = new Adam(1e-2);
        Fit(2);
        var frozen = model.Parameters["dense1.weight"].ToArray();
        var history = Fit(4);
        Assert.Equal(4, history.Epochs.Count);
        Assert.NotNull(history.Resumed);
        Assert.Equal(frozen, model.Parameters["dense1.weight"].ToArray());

        TrainingHistory Fit(int epochs) => Trainer(optimizer, epochs, [new FreezeAt(2, "dense1")], folder.Path).Fit(model, TrainingData.Linear(64));
    }

    [Fact]
    public void A_checkpoint_of_a_run_that_froze_other_parameters_is_an_error()
    {
        using var folder = new TemporaryFolder();
        using var model = new SmoothNet(seed: 1);
        Trainer(new Adam(1e-2), 2, [], folder.Path).Fit(model, TrainingData.Linear(64));
        var exception = Assert.Throws<CheckpointMismatchException>(() => Trainer(new Adam(1e-2), 4, [new FreezeAt(2, "dense1"), new UnfreezeAt(3, "dense2")], folder.Path).Fit(model, TrainingData.Linear(64)));
        Assert.Contains("the list of callbacks that freeze parameters is FreezeAt(2, \"dense1\"), UnfreezeAt(3, \"dense2\") now, and does not exist in the checkpoint", exception.Message, StringComparison.Ordinal);
    }

    private static Trainer Trainer(Optimizer optimizer, int epochs, TrainingCallback[]? callbacks = null, string? folder = null) =>
        new(optimizer) { Epochs = epochs, View = TrainingView.None, Callbacks = callbacks ?? [], Checkpoint = folder is null ? null : new(folder) };
}
