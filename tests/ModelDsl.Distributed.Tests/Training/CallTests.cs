using ModelDsl.Distributed.Tests.Support;
using ModelDsl.Runtime.Tests.Data;
using ModelDsl.Runtime.Tests.Runs;

namespace ModelDsl.Distributed.Tests.Training;

/// <summary>Ranks that call different methods get an error that names both, instead of waiting for each other or mistaking bytes.</summary>
public sealed class CallTests
{
    [Fact]
    public void A_checkpoint_on_the_root_only_is_an_error_with_both_values()
    {
        using var folder = new TemporaryFolder();
        var exception = Assert.Throws<CollectiveException>(() => ThreadCollective.Run(2, group =>
        {
            using var model = new ResumedNet(seed: 4);
            new Trainer(new Adam(1e-2)) { Group = group, Checkpoint = group.IsRoot ? new(folder.Path) : null, View = TrainingView.None }.Fit(model, Samples.Pictures(70));
        }));
        Assert.Contains("Checkpoint is set, with EverySteps = ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(" on rank 0, but not set on rank 1", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_a_run_may_change_later_are_compared_too()
    {
        var exception = Assert.Throws<CollectiveException>(() => ThreadCollective.Run(2, static group =>
        {
            using var model = new ResumedNet(seed: 4);
            new Trainer(new Adam(1e-2)) { Group = group, Epochs = group.IsRoot ? 2 : 3, EvaluationBatchSize = group.IsRoot ? 8 : 9, StopOnNonFiniteLoss = group.IsRoot, View = TrainingView.None }
                .Fit(model, Samples.Pictures(70));
        }));
        Assert.Contains("Epochs is 2 on rank 0, but 3 on rank 1", exception.Message, StringComparison.Ordinal);
        Assert.Contains("EvaluationBatchSize is 8 on rank 0, but 9 on rank 1", exception.Message, StringComparison.Ordinal);
        Assert.Contains("StopOnNonFiniteLoss is ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_evaluation_on_the_root_only_is_an_error_on_all_ranks()
    {
        var failures = new Exception?[4];
        var failure = Record.Exception(() => ThreadCollective.Run(4, group => failures[group.Rank] = Record.Exception(() =>
        {
            using var model = new ResumedNet(seed: 4);
            var trainer = new Trainer(new Adam(1e-2)) { Group = group, View = TrainingView.None };
            if (group.IsRoot)
                trainer.Evaluate(model, Samples.Pictures(70));
            trainer.Fit(model, Samples.Pictures(70));
        })));
        Assert.Null(failure);
        Assert.All(failures, static failure => Assert.StartsWith(
            "The ranks of the group call different methods: rank 0 calls Evaluate, and rank 1 begins Fit.", Assert.IsType<CollectiveException>(failure).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_rank_that_has_left_is_named()
    {
        var exception = Assert.Throws<CollectiveException>(() => ThreadCollective.Run(4, static group =>
        {
            if (group.Rank != 2)
                group.Barrier();
        }));
        Assert.StartsWith("Rank 2 has left the group, and rank 0 calls Barrier.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Broadcasts_of_different_lengths_are_an_error() =>
        Assert.StartsWith("The root sends 4 bytes, and rank 1 has room for 3", Assert.Throws<CollectiveException>(() => ThreadCollective.Run(2, static group => group.Broadcast(new byte[4 - group.Rank]))).Message, StringComparison.Ordinal);

    [Fact]
    public void An_exception_in_an_evaluation_on_one_rank_ends_the_others()
    {
        var failures = new Exception?[4];
        Record.Exception(() => ThreadCollective.Run(4, group => failures[group.Rank] = Record.Exception(() =>
        {
            using var model = new LinearRegression.Line(seed: 1);
            var layout = new SampleLayout<int>().Floats("x", 1, static i => [i]).Floats("y", 1, i => group.Rank == 2 ? throw new InvalidDataException("the disk is gone") : [i]);
            new Trainer(new Adam(1e-2)) { Group = group }.Evaluate(model, StreamingDataset.From(Numbers(), layout));
        })));
        Assert.IsType<InvalidDataException>(failures[2]);
        Assert.StartsWith("Rank 2 of 4 failed: InvalidDataException: the disk is gone", Assert.IsType<CollectiveException>(failures[0]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rank_may_come_late_to_the_beginning() => ThreadCollective.Run(2, static group =>
    {
        group.Timeout = TimeSpan.FromSeconds(0.1);
        if (!group.IsRoot)
            Thread.Sleep(500);
        using var model = new LinearRegression.Line(seed: 1);
        group.Timeout = TimeSpan.FromSeconds(0.1);
        var exception = Record.Exception(() => new Trainer(new Adam(1e-2)) { Group = group, Epochs = group.IsRoot ? 1 : 2 }.Fit(model, Samples.For(model, 8)));

        // Not that of a rank that does not answer.
        Assert.StartsWith("The ranks of the group have different settings", Assert.IsType<CollectiveException>(exception).Message, StringComparison.Ordinal);
    });

    [Fact]
    public void The_exception_of_a_rank_counts_more_than_those_that_follow_from_it() => Assert.Throws<InvalidDataException>(() => ThreadCollective.Run(2, static group =>
    {
        if (!group.IsRoot)
            throw new CollectiveException("a consequence");
        Thread.Sleep(200);
        throw new InvalidDataException("the reason");
    }));

    [Fact]
    public void A_search_for_a_learning_rate_refuses_a_group() => ThreadCollective.Run(1, static group =>
    {
        using var model = new LinearRegression.Line(seed: 1);
        var exception = Assert.Throws<ArgumentException>(() => new LearningRateFinder().Run(model, new Trainer(new Adam(1e-2)) { Group = group }, Samples.For(model, 8)));
        Assert.StartsWith("The trainer has a group, and the search runs on one rank", exception.Message, StringComparison.Ordinal);
    });

    private static async IAsyncEnumerable<int> Numbers()
    {
        for (var i = 0; i < 40; i++)
        {
            if (i % 7 == 0)
                await Task.Yield();
            yield return i;
        }
    }
}
