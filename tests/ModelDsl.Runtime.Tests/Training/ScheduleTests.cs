using ModelDsl.Runtime.Tests.Support;

namespace ModelDsl.Runtime.Tests.Training;

public sealed class ScheduleTests
{
    [Fact]
    public void Step_decay_multiplies_every_few_epochs() =>
        Assert.Equal([1, 1, 0.1, 0.1, 0.01], Factors(LearningRateSchedule.StepDecay(2, 0.1), epochs: 5, stepsPerEpoch: 1));

    [Fact]
    public void Exponential_decay_multiplies_after_every_epoch() =>
        Assert.Equal([1, 1, 0.5, 0.5, 0.25, 0.25], Factors(LearningRateSchedule.Exponential(0.5), epochs: 3, stepsPerEpoch: 2));

    [Fact]
    public void Cosine_falls_from_one_to_the_last_factor() =>
        Assert.Equal([1, 0.868198, 0.55, 0.231802], Factors(LearningRateSchedule.Cosine(last: 0.1), epochs: 2, stepsPerEpoch: 2));

    [Fact]
    public void Warm_up_rises_evenly_and_what_follows_counts_from_its_end() =>
        Assert.Equal([0.25, 0.5, 0.75, 1, 1, 0.853553, 0.5, 0.146447],
            Factors(LearningRateSchedule.WarmUp(4, LearningRateSchedule.Cosine()), epochs: 4, stepsPerEpoch: 2));

    [Fact]
    public void One_cycle_has_the_values_of_PyTorch() =>
        Assert.Equal([0.04, 0.34979, 0.879285, 0.994415, 0.933013, 0.811746, 0.647379, 0.462637, 0.283061, 0.133478, 0.034567, 4e-06],
            Factors(LearningRateSchedule.OneCycle(), epochs: 4, stepsPerEpoch: 3));

    [Fact]
    public void Restarts_have_the_values_of_PyTorch() =>
        Assert.Equal([1, 0.55, 1, 0.868198, 0.55, 0.231802, 1, 0.965746],
            Factors(LearningRateSchedule.CosineRestarts(2, multiplier: 2, last: 0.1), epochs: 8, stepsPerEpoch: 1));

    [Fact]
    public void Polynomials_have_the_values_of_PyTorch() =>
        Assert.Equal([1, 0.694444, 0.444444, 0.25, 0.111111, 0.027778], Factors(LearningRateSchedule.Polynomial(2), epochs: 3, stepsPerEpoch: 2));

    [Fact]
    public void Without_a_known_length_progress_goes_by_epochs() =>
        Assert.Equal(0.5, LearningRateSchedule.Cosine().Factor(new TrainingMoment(2, 4, 999, 0)), 12);

    [Fact]
    public void The_trainer_applies_the_schedule_in_every_step_and_puts_the_rate_back()
    {
        using var model = new LinearModel();
        var optimizer = new Sgd(0.2);
        var history = new Trainer(optimizer) { Epochs = 3, View = TrainingView.None, Schedule = LearningRateSchedule.Exponential(0.5) }
            .Fit(model, TrainingData.Linear(64));

        Assert.Equal([0.2, 0.1, 0.05], history.Epochs.Select(epoch => epoch.LearningRate));
        Assert.Equal(0.2, optimizer.LearningRate);
    }

    [Fact]
    public void Values_out_of_range_are_rejected()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.StepDecay(0, 0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Exponential(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Cosine(1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.WarmUp(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.CosineRestarts(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.CosineRestarts(1, multiplier: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Polynomial(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.OneCycle(rise: 1));
    }

    private static IEnumerable<double> Factors(LearningRateSchedule schedule, int epochs, int stepsPerEpoch)
    {
        for (var step = 0; step < epochs * stepsPerEpoch; step++)
            yield return Math.Round(schedule.Factor(new TrainingMoment(step / stepsPerEpoch, epochs, step, stepsPerEpoch)), 6);
    }
}
