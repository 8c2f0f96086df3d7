using ModelDsl.Distributed.Tests.Support;
using ModelDsl.Runtime.Tests.Data;
using ModelDsl.Runtime.Tests.Runs;

namespace ModelDsl.Distributed.Tests.Training;

/// <summary>A larger batch with the same learning rate is a warning; more ranks with the same batch are not.</summary>
public sealed class GrownBatchTests
{
    [Theory]
    [InlineData(32, 1, 0.01, true)]
    [InlineData(16, 2, 0.01, true)]
    [InlineData(32, 1, 0.02, false)]
    [InlineData(16, 1, 0.01, false)]
    [InlineData(8, 1, 0.01, false)]
    public void The_second_run_of_an_optimizer(int batchSize, int accumulateSteps, double rate, bool isWarning) => ThreadCollective.Run(2, group =>
    {
        using var model = new ResumedNet(seed: 4);
        var adam = new Adam(0.01);
        Assert.Empty(Fit(model, adam, group, 16, 1));
        adam.LearningRate = rate;
        var warnings = Fit(model, adam, group, batchSize, accumulateSteps);
        if (isWarning)
            Assert.StartsWith("An update of ResumedNet has 32 samples, and had 16 in the last run with this optimizer, but the learning rate is 0.01 as before", Assert.Single(warnings).Message, StringComparison.Ordinal);
        else
            Assert.Empty(warnings);
    });

    [Theory]
    [InlineData(32, 1, 0.01, true)]
    [InlineData(16, 2, 0.01, true)]
    [InlineData(32, 1, 0.02, false)]
    [InlineData(8, 1, 0.01, false)]
    public void The_error_of_a_checkpoint_with_a_smaller_batch(int batchSize, int accumulateSteps, double rate, bool hasAdvice)
    {
        using var folder = new TemporaryFolder();
        ThreadCollective.Run(1, group =>
        {
            using var model = new ResumedNet(seed: 4);
            Fit(model, new Adam(0.01), group, 16, 1, folder.Path);
        });
        var exception = Assert.Throws<CheckpointMismatchException>(() => ThreadCollective.Run(2, group =>
        {
            using var model = new ResumedNet(seed: 4);
            Fit(model, new Adam(rate), group, batchSize, accumulateSteps, folder.Path);
        }));
        Assert.Equal(hasAdvice, exception.Message.Contains("If it shall be 2 times as large: a larger batch usually needs a larger rate", StringComparison.Ordinal));
    }

    private static IReadOnlyList<TrainingWarning> Fit(Model model, Optimizer optimizer, Collective group, int batchSize, int accumulateSteps, string? folder = null) => new Trainer(optimizer)
    {
        Group = group,
        BatchSize = batchSize,
        AccumulateSteps = accumulateSteps,
        Epochs = 1,
        Checkpoint = folder is null ? null : new CheckpointOptions(folder),
        View = TrainingView.None,
    }.Fit(model, Samples.Pictures(32)).Warnings;
}
