using ModelDsl.Distributed.Tests.Support;
using ModelDsl.Runtime.Tests.Runs;

namespace ModelDsl.Distributed.Tests.Training;

/// <summary>All ranks do the same, or all of them get an error that says why not.</summary>
public sealed class AgreementTests
{
    [Fact]
    public void Other_data_on_a_rank_is_an_error_with_both_values()
    {
        var exception = Assert.Throws<CollectiveException>(() => ThreadCollective.Run(4, group =>
        {
            using var model = new ResumedNet(seed: 4);
            new Trainer(new Adam(1e-2)) { Group = group, View = TrainingView.None }.Fit(model, Samples.Pictures(group.Rank == 2 ? 71 : 70));
        }));
        Assert.Matches(@"\n  the training data is 70 samples of 'input' .* on rank 0, but 71 samples of 'input' .* on rank 2\n", exception.Message);
    }

    [Fact]
    public void Another_seed_or_optimizer_on_a_rank_is_an_error()
    {
        var exception = Assert.Throws<CollectiveException>(() => ThreadCollective.Run(2, group =>
        {
            using var model = new ResumedNet(seed: group.IsRoot ? 4 : 5);
            new Trainer(group.IsRoot ? new Adam(1e-2) : new Sgd(1e-2)) { Group = group, View = TrainingView.None }.Fit(model, Samples.Pictures(70));
        }));
        Assert.Contains("the seed of the model is 4 on rank 0, but 5 on rank 1", exception.Message, StringComparison.Ordinal);
        Assert.Contains("the optimizer is Adam on rank 0, but Sgd on rank 1", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_ranks_begin_with_the_weights_of_the_root()
    {
        var results = new string[2];
        ThreadCollective.Run(2, group =>
        {
            using var model = new LinearRegression.Line(seed: 1);
            if (!group.IsRoot)
                model.Parameters["dense1.weight"].CopyFrom([5]);
            var history = new Trainer(new Sgd(0.1)) { Group = group, View = TrainingView.None }.Fit(model, Samples.For(model, 40));
            results[group.Rank] = GroupedRun.Describe(model, history);
        });
        Assert.Equal(results[0], results[1]);
    }

    [Fact]
    public void A_number_of_ranks_that_does_not_divide_the_parts_is_an_error()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => Pictures().OnThreads(3));
        Assert.Equal("8 parts of a batch cannot be divided equally among 3 ranks. Start 1, 2, 4 or 8 ranks, or set Deterministic to false.", exception.Message);
    }

    [Fact]
    public void A_loss_that_is_not_finite_on_one_rank_ends_all_before_the_step()
    {
        var run = new GroupedRun
        {
            Model = static () => new LinearRegression.Line(seed: 1),
            Train = static () => Dataset.FromArrays([.. Enumerable.Range(0, 64).Select(static i => i == 40 ? float.NaN : i / 64f)], new float[64]),
        };
        var failures = new Exception?[4];
        ThreadCollective.Run(4, group => failures[group.Rank] = Record.Exception(() => run.Fit(group)));
        Assert.All(failures, static failure => Assert.Contains("The batch has NaN in '", Assert.IsType<NonFiniteLossException>(failure).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_rank_that_does_not_answer_is_named()
    {
        var exception = Assert.Throws<CollectiveException>(() => ThreadCollective.Run(4, static group =>
        {
            group.Timeout = TimeSpan.FromSeconds(0.2);
            Pictures().Fit(group, group.Rank == 3 ? new Pause(TimeSpan.FromSeconds(3)) : null);
        }));
        Assert.StartsWith("Rank 3 has not answered rank 0 for ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_metric_without_sums_is_an_error_that_says_what_to_override()
    {
        var exception = Assert.Throws<NotSupportedException>(() => new GroupedRun { Model = static () => new ResumedNet(), Train = static () => Samples.Pictures(70), Metrics = static () => [new OwnMetric()] }.OnThreads(1));
        Assert.Contains("The metric 'own' (OwnMetric) cannot be computed by a group of ranks: override CreateEmpty and Add", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_with_sparse_updates_are_an_error()
    {
        using var model = new SparseNet();
        var data = Samples.For(model, 20);
        var exception = Assert.Throws<NotSupportedException>(() => new GroupedRun { Model = static () => new SparseNet(), Train = () => data }.OnThreads(2));
        Assert.Contains("has sparse updates", exception.Message, StringComparison.Ordinal);
        exception = Assert.Throws<NotSupportedException>(() => ThreadCollective.Run(1, group => group.Reduce(model)));
        Assert.Contains("remove SparseUpdates, or train without a group", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_callback_of_any_rank_ends_the_run_of_all()
    {
        var result = Pictures().OnThreads(4, callback: static group => group.Rank == 2 ? new StopAfter() : null);
        Assert.Contains("\nstopped enough, ", result, StringComparison.Ordinal);
    }

    private static GroupedRun Pictures() => new() { Model = static () => new ResumedNet(seed: 4), Train = static () => Samples.Pictures(70) };

    private sealed class StopAfter : TrainingCallback
    {
        public override void EpochEnded(TrainingRun run, EpochResult epoch) => run.Stop("enough");
    }

    private sealed class Pause(TimeSpan time) : TrainingCallback
    {
        public override void StepEnded(TrainingRun run, in TrainingStep step) => Thread.Sleep(time);
    }

    private sealed class OwnMetric : Metric
    {
        public override string Name => "own";

        public override double Result => 0;

        public override void Reset()
        {
        }

        public override void Update(in MetricBatch batch)
        {
        }
    }
}
