using ModelDsl.Runtime.Tests.Models;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Runtime.Tests.Training;

/// <summary>A step that is undone changes nothing: no parameter, no state, no number of masks.</summary>
public sealed class UndoTests
{
    [Fact]
    public void A_loss_that_is_not_finite_leaves_states_as_they_were()
    {
        using var model = new NormedNet(seed: 1);
        new Trainer(new Sgd(0.01)) { Epochs = 1, BatchSize = 4, View = TrainingView.None }.Fit(model, TrainingData.Linear(8));
        var before = Values(model);
        var bad = Dataset.FromArrays([float.NaN, 1, 2, 3, 4, 5], new float[4], targetLength: 2);
        var exception = Assert.Throws<NonFiniteLossException>(() =>
            new Trainer(new Sgd(0.01)) { Epochs = 1, BatchSize = 2, View = TrainingView.None }.Fit(model, bad));
        Assert.Contains("parameters and states are those before that step", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, Values(model));
    }

    [Fact]
    public void A_step_can_be_undone_in_a_loop_of_ones_own()
    {
        using var model = new NormedNet(seed: 1);
        var batch = Batch.Of(2, [1f, 2, 3, -1, 0, 1], [0f, 0, 0, 0]);
        model.Forward(batch);
        model.Backward(batch);
        var before = Values(model);
        var bad = Batch.Of(2, [1f, float.PositiveInfinity, 3, -1, 0, 1], [0f, 0, 0, 0]);
        model.Forward(bad);
        model.Backward(bad);
        Assert.NotEqual(before, Values(model));
        model.UndoStep();
        Assert.Equal(before, Values(model));
    }

    [Fact]
    public void Without_a_step_there_is_nothing_to_undo()
    {
        using var model = new NormedNet(seed: 1);
        Assert.Throws<InvalidOperationException>(model.UndoStep);
        var batch = Batch.Of(2, [1f, 2, 3, -1, 0, 1], [0f, 0, 0, 0]);
        model.Forward(batch);
        model.Backward(batch);
        new Sgd(0.1).Update(model);
        Assert.Contains("after an optimizer's Update", Assert.Throws<InvalidOperationException>(model.UndoStep).Message, StringComparison.Ordinal);
        model.Forward(batch);
        model.UndoStep();
        Assert.Throws<InvalidOperationException>(model.UndoStep);
    }

    [Fact]
    public void An_undone_step_leaves_the_masks_of_dropout_to_the_next()
    {
        Assert.Equal(Run(undo: false), Run(undo: true));

        static float Run(bool undo)
        {
            using var model = new NoisyNet(seed: 3);
            var batch = Batch.Of(1, [1f, 2, 3], [0f, 0]);
            if (undo)
            {
                model.Forward(batch);
                model.Backward(batch);
                model.UndoStep();
            }

            model.Forward(batch);
            return model.LastLoss;
        }
    }

    [Fact]
    public void A_step_of_one_of_several_losses_can_be_undone()
    {
        using var model = new NormedRivals(seed: 1);
        var batch = Batch.Of(2, [1f, 2, 3, 4, 5, 6], [1f, 0, -1, 2, 1, 0]);
        model.BackwardPainterLoss(batch);
        var before = Values(model);
        batch.Floats(0)[0] = float.NaN;
        model.BackwardPainterLoss(batch);
        Assert.False(float.IsFinite(model.LastLoss));
        Assert.NotEqual(before, Values(model));
        model.UndoStep();
        Assert.Equal(before, Values(model));
    }

    [Fact]
    public void To_make_a_step_undoable_allocates_nothing()
    {
        using var model = new NormedNet(seed: 1);
        var batch = Batch.Of(2, [1f, 2, 3, -1, 0, 1], [0f, 0, 0, 0]);
        for (var i = 0; i < 3; i++)
            Step();
        Assert.Equal(0, Allocation.Least(Step));

        void Step()
        {
            model.Forward(batch);
            model.Backward(batch);
            model.UndoStep();
        }
    }

    internal static float[] Values(Model model) => [.. model.Parameters.Concat<ParameterTensor>(model.States).SelectMany(tensor => tensor.ToArray())];
}

[Model, Input(3), Dense(30), Dropout(0.5), Dense(2), MeanSquaredError]
internal sealed partial class NoisyNet;

[Block, Dense(3), BatchNorm]
internal sealed partial class NormedPainter;

[Block, Dense(4), BatchNorm, Relu, Dense(1)]
internal sealed partial class NormedCritic;

[Model]
internal sealed partial class NormedRivals
{
    private readonly NormedPainter painter = new();
    private readonly NormedCritic critic = new();

    private Tensor Forward([Input(3)] Tensor noise) => noise.Apply(painter);

    [Loss(Trains = nameof(critic))]
    private Tensor CriticLoss(Tensor output, [Input(3)] Tensor real) =>
        real.Apply(critic).BinaryCrossEntropy(0.9) + output.Apply(critic).BinaryCrossEntropy(0);

    [Loss(Trains = nameof(painter))]
    private Tensor PainterLoss(Tensor output) => output.Apply(critic).BinaryCrossEntropy(1);
}
