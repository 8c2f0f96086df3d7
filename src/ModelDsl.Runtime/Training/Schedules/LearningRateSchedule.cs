namespace ModelDsl;

/// <summary>How the learning rate changes while training: a factor for the optimizer's own.</summary>
/// <example>
/// <code>
/// new Trainer(new Adam(1e-3)) { Epochs = 20, Schedule = LearningRateSchedule.WarmUp(500, LearningRateSchedule.Cosine()) }
/// </code>
/// </example>
public abstract class LearningRateSchedule
{
    /// <summary>What the optimizer's learning rate is multiplied by in a step.</summary>
    /// <param name="moment">Which step it is.</param>
    public abstract double Factor(in TrainingMoment moment);

    /// <summary>The same all the time.</summary>
    public static LearningRateSchedule Constant { get; } = new Formula(static (in TrainingMoment _) => 1);

    /// <summary>Multiplies by a factor every few epochs.</summary>
    /// <param name="everyEpochs">How many epochs, at least 1.</param>
    /// <param name="factor">The factor, such as 0.1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is not positive or not finite.</exception>
    public static LearningRateSchedule StepDecay(int everyEpochs, double factor)
    {
        ArgumentCheck.AtLeast(everyEpochs, 1, nameof(everyEpochs));
        ArgumentCheck.Positive(factor, nameof(factor));
        return new Formula((in TrainingMoment moment) => Math.Pow(factor, moment.Epoch / everyEpochs));
    }

    /// <summary>Multiplies by a factor after each epoch.</summary>
    /// <param name="factor">The factor, such as 0.95.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not positive or not finite.</exception>
    public static LearningRateSchedule Exponential(double factor)
    {
        ArgumentCheck.Positive(factor, nameof(factor));
        return new Formula((in TrainingMoment moment) => Math.Pow(factor, moment.Epoch));
    }

    /// <summary>Falls along half a cosine from 1 at the first step to a last factor after the final one.</summary>
    /// <param name="last">The last factor, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The last factor does not lie in [0, 1].</exception>
    public static LearningRateSchedule Cosine(double last = 0)
    {
        ArgumentCheck.Within(last, 0, 1, nameof(last));
        return new Formula((in TrainingMoment moment) => last + ((1 - last) * 0.5 * (1 + Math.Cos(Math.PI * moment.Progress))));
    }

    /// <summary>Falls along half a cosine again and again, each time from 1 (Loshchilov, Hutter: SGDR, 2017); as PyTorch's <c>CosineAnnealingWarmRestarts</c>.</summary>
    /// <param name="epochs">Epochs of the first period, at least 1.</param>
    /// <param name="multiplier">How many times as long each period is as the one before, at least 1.</param>
    /// <param name="last">The factor that each period approaches, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public static LearningRateSchedule CosineRestarts(int epochs, int multiplier = 1, double last = 0)
    {
        ArgumentCheck.AtLeast(epochs, 1, nameof(epochs));
        ArgumentCheck.AtLeast(multiplier, 1, nameof(multiplier));
        ArgumentCheck.Within(last, 0, 1, nameof(last));
        return new Formula((in TrainingMoment moment) =>
        {
            var (position, period) = (moment.EpochsDone, (double)epochs);
            for (; position >= period; period *= multiplier)
                position -= period;
            return last + ((1 - last) * 0.5 * (1 + Math.Cos(Math.PI * position / period)));
        });
    }

    /// <summary>Falls along a power of the share of the run that is left: <c>last + (1 − last)·(1 − progress)^power</c>; as PyTorch's <c>PolynomialLR</c>.</summary>
    /// <param name="power">The power; 1 for a straight line.</param>
    /// <param name="last">The factor at the end of the run, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public static LearningRateSchedule Polynomial(double power = 1, double last = 0)
    {
        ArgumentCheck.Positive(power, nameof(power));
        ArgumentCheck.Within(last, 0, 1, nameof(last));
        return new Formula((in TrainingMoment moment) => last + ((1 - last) * Math.Pow(1 - moment.Progress, power)));
    }

    /// <summary>
    /// Rises along half a cosine to the optimizer's rate, and falls along another to almost nothing (Smith, Topin: Super-Convergence, 2018); as PyTorch's <c>OneCycleLR</c>, of
    /// which the optimizer's rate is the <c>max_lr</c>.
    /// </summary>
    /// <param name="rise">The share of the run in which the rate rises, greater than 0 and less than 1.</param>
    /// <param name="first">The factor of the first step, from 0 to 1.</param>
    /// <param name="last">The factor of the last step, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public static LearningRateSchedule OneCycle(double rise = 0.3, double first = 1.0 / 25, double last = 1.0 / 250_000)
    {
        if (rise is not (> 0 and < 1))
            throw ArgumentCheck.Out(nameof(rise), rise, "greater than 0 and less than 1");
        ArgumentCheck.Within(first, 0, 1, nameof(first));
        ArgumentCheck.Within(last, 0, 1, nameof(last));
        return new Formula((in TrainingMoment moment) =>
        {
            // In steps: the peak is a step, and so is the end.
            var peak = (rise * moment.Steps) - 1;
            return moment.StepsDone <= peak
                ? Between(first, 1, moment.StepsDone / peak)
                : Between(1, last, Math.Min(1, (moment.StepsDone - peak) / (moment.Steps - 1 - peak)));
        });

        static double Between(double from, double to, double share) => to + ((from - to) * 0.5 * (1 + Math.Cos(Math.PI * share)));
    }

    /// <summary>Rises evenly over the first steps, so that step k of them has k / <paramref name="steps"/>, and then follows another schedule.</summary>
    /// <param name="steps">Number of steps, at least 1.</param>
    /// <param name="then">What follows, counted from the end of the warm-up; null for a constant.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="steps"/> is less than 1.</exception>
    public static LearningRateSchedule WarmUp(int steps, LearningRateSchedule? then = null)
    {
        ArgumentCheck.AtLeast(steps, 1, nameof(steps));
        then ??= Constant;
        return new Formula((in TrainingMoment moment) =>
            moment.Step < steps ? (moment.Step + 1.0) / steps : then.Factor(moment.After(steps)));
    }

    private delegate double FactorOf(in TrainingMoment moment);

    private sealed class Formula(FactorOf factor) : LearningRateSchedule
    {
        public override double Factor(in TrainingMoment moment) => factor(in moment);
    }
}

/// <summary>A point of a training run.</summary>
/// <param name="Epoch">Completed epochs.</param>
/// <param name="Epochs">Epochs to run.</param>
/// <param name="Step">Completed steps of the whole run.</param>
/// <param name="StepsPerEpoch">Steps of an epoch; 0 where only reading the data to its end would tell.</param>
public readonly record struct TrainingMoment(int Epoch, int Epochs, long Step, int StepsPerEpoch)
{
    /// <summary>The steps that do not count for <see cref="Progress"/>, because a warm-up took them.</summary>
    private long Before { get; init; }

    /// <summary>The share of the run that is done, from 0 to 1; in steps of whole epochs where the length of an epoch is unknown.</summary>
    public double Progress => Math.Clamp(
        StepsPerEpoch == 0 ? (double)Epoch / Epochs : (double)(Step - Before) / Math.Max(1, ((long)Epochs * StepsPerEpoch) - Before), 0, 1);

    /// <summary>Completed epochs, with the share of the one under way where the length of an epoch is known.</summary>
    internal double EpochsDone => StepsPerEpoch == 0 ? Epoch : (double)(Step - Before) / StepsPerEpoch;

    /// <summary>The steps of the run; the epochs where their length is unknown.</summary>
    internal double Steps => StepsPerEpoch == 0 ? Epochs : Math.Max(1, ((long)Epochs * StepsPerEpoch) - Before);

    /// <summary>Completed ones of <see cref="Steps"/>.</summary>
    internal double StepsDone => StepsPerEpoch == 0 ? Epoch : Step - Before;

    /// <summary>This moment, as seen by a schedule that begins after some steps.</summary>
    internal TrainingMoment After(long steps) => this with { Before = Before + steps };
}
