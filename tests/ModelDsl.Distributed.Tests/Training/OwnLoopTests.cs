using ModelDsl.Distributed.Tests.Support;
using ModelDsl.Runtime.Tests.Runs;

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

    [Fact]
    public void Accumulated_gradients_of_all_ranks_are_those_of_one_batch()
    {
        using var whole = new PlainNet(seed: 1);
        var data = Samples.For(whole, 11);
        var all = Of(data, 0, 11);
        whole.Forward(all);
        whole.Backward(all);
        var expected = whole.Gradients["dense1.weight"].ToArray();
        ThreadCollective.Run(2, group =>
        {
            using var model = new PlainNet(seed: 1);
            using var accumulator = new GradientAccumulator(model);

            // 2 and 3 samples on rank 0, and 2 and 4 on rank 1.
            int[] starts = group.IsRoot ? [0, 2, 5] : [5, 7, 11];
            for (var i = 0; i < 2; i++)
            {
                var batch = Of(data, starts[i], starts[i + 1]);
                model.Forward(batch);
                model.Backward(batch);
                accumulator.Add();
            }

            Assert.Contains("right after WriteMean", Assert.Throws<InvalidOperationException>(() => group.Reduce(model)).Message, StringComparison.Ordinal);
            accumulator.WriteMean();
            group.Reduce(model);
            AssertClose(expected, model.Gradients["dense1.weight"].ToArray());
            Assert.Throws<InvalidOperationException>(() => group.Reduce(model));
            new Sgd(0.1).Update(model);
        });
    }

    [Fact]
    public void Each_of_several_losses_is_reduced_on_its_own()
    {
        using var whole = new TwoPlainLosses(seed: 1);
        var data = Samples.For(whole, 6);
        Step(whole, Of(data, 0, 6), group: null);
        var expected = whole.Parameters.Select(static parameter => parameter.ToArray()).ToArray();
        ThreadCollective.Run(2, group =>
        {
            using var model = new TwoPlainLosses(seed: 1);
            Step(model, group.IsRoot ? Of(data, 0, 2) : Of(data, 2, 6), group);
            foreach (var (parameter, values) in model.Parameters.Zip(expected))
                AssertClose(values, parameter.ToArray());
        });

        static void Step(TwoPlainLosses model, Batch batch, Collective? group)
        {
            var (first, second) = (new Sgd(0.5), new Sgd(0.5));
            model.BackwardSecondLoss(batch);
            model.BackwardFirstLoss(batch);
            var others = model.Gradients[model.Second.Parameters[0].Name].ToArray();
            group?.Reduce(model.First);
            Assert.Equal(others, model.Gradients[model.Second.Parameters[0].Name].ToArray());
            first.Update(model.First);
            model.BackwardSecondLoss(batch);
            if (group is not null)
                Assert.Contains("and not of 'first'", Assert.Throws<InvalidOperationException>(() => group.Reduce(model.First)).Message, StringComparison.Ordinal);
            group?.Reduce(model.Second);
            second.Update(model.Second);
        }
    }

    [Fact]
    public void Ranges_of_parts_are_whole_vectors_which_do_not_reach_into_the_next_part()
    {
        using var model = new TwoPlainLosses(seed: 1);
        var (first, second) = (ModelVector.Range(model, model.First.Name), ModelVector.Range(model, model.Second.Name));
        Assert.All([first.Start, first.Length, second.Start, second.Length], static number => Assert.Equal(0, number % 16));
        Assert.True(first.Length > 0 && first.Start + first.Length <= second.Start);
        Assert.Equal(model.Description.TrainableFloats, second.Start + second.Length);
    }

    [Fact]
    public void Reducing_different_parts_is_an_error_on_all_ranks()
    {
        var failures = new Exception?[2];
        ThreadCollective.Run(2, group => failures[group.Rank] = Record.Exception(() =>
        {
            using var model = new TwoLosses(seed: 1);
            var batch = group.Batches(Samples.For(model, 8), 8).First();
            if (group.IsRoot)
                model.BackwardFirstLoss(batch);
            else
                model.BackwardSecondLoss(batch);
            group.Reduce(group.IsRoot ? model.First : model.Second);
        }));
        Assert.All(failures, static failure => Assert.StartsWith(
            "Rank 0 reduces the gradients of TwoLosses.first, and rank 1 those of TwoLosses.second", Assert.IsType<CollectiveException>(failure).Message, StringComparison.Ordinal));
    }

    private static Batch Of(Dataset data, int from, int to) => data.Slice(from, to - from).Batches(to - from).First();

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-6f);
    }

    private static float[] Outputs(DroppedNet model, Batch batch, Collective group)
    {
        model.Forward(batch);
        float[] outputs = [.. model.LastOutputs()];
        model.Backward(batch);
        group.Reduce(model);
        return outputs;
    }
}

/// <summary>A network without anything random.</summary>
[Model, Input(5), Dense(3), MeanSquaredError]
public sealed partial class PlainNet;

/// <summary>Two parts with a loss each, without anything random.</summary>
[Model]
public sealed partial class TwoPlainLosses
{
    private readonly PlainHalf first = new();
    private readonly PlainHalf second = new();

    private Tensor Forward([Input(4)] Tensor x) => x.Apply(first);

    [Loss(Trains = nameof(first))]
    private Tensor FirstLoss(Tensor output, [Input(3)] Tensor target) => output.MeanSquaredError(target);

    [Loss(Trains = nameof(second))]
    private Tensor SecondLoss(Tensor output) => output.Apply(second).BinaryCrossEntropy(1);
}

/// <summary>A part.</summary>
[Block, Dense(5), Tanh, Dense(3)]
internal sealed partial class PlainHalf;

/// <summary>A network whose outputs show the mask of dropout.</summary>
[Model, Input(64), Dense(64), Dropout(0.5), MeanSquaredError]
public sealed partial class DroppedNet;
