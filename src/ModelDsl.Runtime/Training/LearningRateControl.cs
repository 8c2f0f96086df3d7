using System.Globalization;

namespace ModelDsl.Training;

/// <summary>Sets the learning rate of each step of a run: that of the optimizer, multiplied by the factors of the schedule and of callbacks.</summary>
/// <param name="trainer">The trainer.</param>
/// <param name="run">The run, which has the factor of callbacks.</param>
/// <param name="stepsPerEpoch">The number of steps per epoch; null for a stream.</param>
internal sealed class LearningRateControl(Trainer trainer, TrainingRun run, int? stepsPerEpoch)
{
    /// <summary>The learning rate that the optimizer had when the run began.</summary>
    public double Own { get; } = trainer.Optimizer.LearningRate;

    /// <summary>Sets the learning rate of the next step.</summary>
    /// <param name="epoch">The number of the epoch, starting at 1.</param>
    /// <exception cref="InvalidOperationException">The rate is negative, too large or no number.</exception>
    public void Set(int epoch)
    {
        if (trainer.Schedule is null && run.LearningRateFactor == 1)
            return;
        var steps = run.History.Steps;
        var moment = new TrainingMoment(epoch - 1, trainer.Epochs, steps, stepsPerEpoch ?? 0);
        var factor = trainer.Schedule?.Factor(in moment) ?? 1;
        var rate = Own * run.LearningRateFactor * factor;
        if (!(rate is >= 0 and <= Optimizer.GreatestRate))
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"In epoch {epoch}, after {steps} steps, the schedule's factor {factor} makes a learning rate of {rate}; it must be from 0 to {Optimizer.GreatestRate}."));
        }

        trainer.Optimizer.LearningRate = rate;
    }

    /// <summary>Gives the optimizer its own learning rate back.</summary>
    public void Restore() => trainer.Optimizer.LearningRate = Own;
}
