using ModelDsl.Distributed.Tests.Support;

namespace ModelDsl.Distributed.Tests.Training;

/// <summary>A group computes what one process computes without a group, up to rounding.</summary>
public sealed class AloneTests
{
    [Theory]
    [InlineData(32, 1, 2)]
    [InlineData(5, 3, 4)]
    [InlineData(70, 1, 8)]
    public void Weights_are_those_of_training_without_a_group(int batchSize, int accumulateSteps, int ranks)
    {
        using var model = new Cifar10.CifarNet();
        var data = Samples.For(model, 71);
        AssertClose(data, batchSize, accumulateSteps, ranks, static () => new Cifar10.CifarNet(seed: 1));
    }

    [Fact]
    public void Samples_count_by_their_weights()
    {
        using var model = new WeightedNet();
        var data = Samples.For(model, 71);
        AssertClose(data, batchSize: 16, accumulateSteps: 1, ranks: 4, static () => new WeightedNet(seed: 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void So_are_those_of_a_group_that_adds_in_any_order(int ranks)
    {
        using var model = new Cifar10.CifarNet();
        var data = Samples.For(model, 71);
        AssertClose(data, batchSize: 16, accumulateSteps: 2, ranks, static () => new Cifar10.CifarNet(seed: 1), isDeterministic: false);
    }

    [Fact]
    public void A_loop_of_ones_own_reduces_gradients()
    {
        using var alone = new Cifar10.CifarNet(seed: 1);
        var data = Samples.For(alone, 48);
        var optimizer = new Sgd(0.1);
        foreach (var batch in data.Batches(16, shuffle: true, seed: 7))
        {
            alone.Forward(batch);
            alone.Backward(batch);
            optimizer.Update(alone);
        }

        ThreadCollective.Run(4, group =>
        {
            using var model = new Cifar10.CifarNet(seed: 1);
            var own = new Sgd(0.1);
            foreach (var batch in group.Batches(data, 16, shuffle: true, seed: 7))
            {
                Assert.Equal(4, batch.Count);
                model.Forward(batch);
                model.Backward(batch);
                group.Reduce(model);
                own.Update(model);
            }

            AssertClose(alone, model);
        });
    }

    [Fact]
    public void An_evaluation_counts_each_sample_once()
    {
        using var model = new Cifar10.CifarNet(seed: 1);
        var data = Samples.For(model, 37);
        var alone = new Trainer(new Sgd(0.1)) { BatchSize = 10 }.Evaluate(model, data);
        ThreadCollective.Run(4, group =>
        {
            using var own = new Cifar10.CifarNet(seed: 1);
            var matrix = new ConfusionMatrix();
            var grouped = new Trainer(new Sgd(0.1)) { Group = group, BatchSize = 10 }.Evaluate(own, data, matrix);
            Assert.Equal(37, grouped.Samples);
            Assert.Equal(37, matrix.Total);
            Assert.Equal(alone["accuracy"], grouped["accuracy"]);
            Assert.Equal(alone.Loss, grouped.Loss, 1e-5);
        });
    }

    private static void AssertClose(Dataset data, int batchSize, int accumulateSteps, int ranks, Func<Model> create, bool isDeterministic = true)
    {
        using var alone = create();
        var expected = new Trainer(new Sgd(0.1)) { Epochs = 2, BatchSize = batchSize, AccumulateSteps = accumulateSteps, View = TrainingView.None }.Fit(alone, data);
        ThreadCollective.Run(ranks, group =>
        {
            group.Deterministic = isDeterministic;
            using var model = create();
            var history = new Trainer(new Sgd(0.1)) { Group = group, Epochs = 2, BatchSize = batchSize, AccumulateSteps = accumulateSteps, View = TrainingView.None }.Fit(model, data);
            Assert.Equal(expected.Steps, history.Steps);
            Assert.Equal(expected.Epochs[1].Loss, history.Epochs[1].Loss, 1e-5);
            Assert.Equal(expected.Epochs[1].Metrics, history.Epochs[1].Metrics);
            AssertClose(alone, model);
        });
    }

    private static void AssertClose(Model expected, Model actual)
    {
        foreach (var (of, parameter) in expected.Parameters.Zip(actual.Parameters))
            Assert.All(of.ToArray().Zip(parameter.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }
}

/// <summary>A network whose samples have weights.</summary>
[Model, Input(7), Dense(5), Tanh, Dense(3), SoftmaxCrossEntropy(SampleWeights = true)]
public sealed partial class WeightedNet;
