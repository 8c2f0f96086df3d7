using ModelDsl.Distributed.Tests.Support;

namespace ModelDsl.Distributed.Tests.Training;

/// <summary>Training loops outside <see cref="Trainer"/>.</summary>
public sealed class OwnLoopTests
{
    [Fact]
    public void Ranks_draw_different_masks_of_dropout_which_an_undone_step_draws_again()
    {
        var masks = new float[2][];
        ThreadCollective.Run(2, group =>
        {
            using var model = new DroppedNet(seed: 1);
            var data = Dataset.FromColumns(DataColumn.Floats("input", Enumerable.Repeat(1f, 4 * 64).ToArray(), 64), DataColumn.Floats("target", new float[4 * 64], 64));
            var batch = group.Batches(data, 2).First();
            masks[group.Rank] = Outputs(model, batch, group);
            model.UndoStep();
            Assert.Equal(masks[group.Rank], Outputs(model, batch, group));
        });
        Assert.NotEqual(masks[0], masks[1]);
    }

    [Fact]
    public void Different_parameters_are_an_error_at_the_first_reduction()
    {
        var failures = new Exception?[2];
        ThreadCollective.Run(2, group => failures[group.Rank] = Record.Exception(() =>
        {
            using var model = new DroppedNet(seed: group.Rank);
            Outputs(model, group.Batches(Samples.For(model, 8), 8).First(), group);
        }));
        Assert.All(failures, static failure => Assert.StartsWith("The parameters of DroppedNet before the first update differ between rank 0 and rank 1", Assert.IsType<CollectiveException>(failure).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Shares_have_the_least_number_of_samples() => ThreadCollective.Run(2, static group =>
    {
        using var model = new DroppedNet(seed: 1);
        var data = Samples.For(model, 11);
        Assert.Equal([4, 1 + group.Rank], group.Batches(data, 8).Select(static batch => batch.Count).Order().Reverse());
        Assert.Equal([4], group.Batches(data, 8, minimum: 2).Select(static batch => batch.Count));
        Assert.Throws<ArgumentOutOfRangeException>(() => group.Batches(data, 3, minimum: 2));
    });

    private static float[] Outputs(DroppedNet model, Batch batch, Collective group)
    {
        model.Forward(batch);
        float[] outputs = [.. model.LastOutputs()];
        model.Backward(batch);
        group.Reduce(model);
        return outputs;
    }
}

/// <summary>A network whose outputs show the mask of dropout.</summary>
[Model, Input(64), Dense(64), Dropout(0.5), MeanSquaredError]
public sealed partial class DroppedNet;
