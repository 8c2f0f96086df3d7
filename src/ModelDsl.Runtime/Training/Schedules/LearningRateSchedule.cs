using System.Globalization;

namespace ModelDsl;

/// <summary>A schedule of the learning rate: a factor that the optimizer's learning rate is multiplied by in each step.</summary>
/// <example>
/// <code>
/// new Trainer(new Adam(1e-3)) { Epochs = 20, Schedule = LearningRateSchedule.WarmUp(500, LearningRateSchedule.Cosine()) }
/// </code>
/// </example>
public abstract class LearningRateSchedule
{
    /// <summary>Returns the factor of the optimizer's learning rate in a step.</summary>
    /// <param name="moment">The position of the step in the run.</param>
    public abstract double Factor(in TrainingMoment moment);

    /// <summary>The constant factor 1.</summary>
    public static LearningRateSchedule Constant { get; } = new Formula($"{nameof(Constant)}", static (in TrainingMoment _) => 1);

    /// <summary>Multiplies the rate by a factor at regular intervals.</summary>
    /// <param name="everyEpochs">The number of epochs between two changes, at least 1.</param>
    /// <param name="factor">The factor, such as 0.1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is not positive or not finite.</exception>
    public static LearningRateSchedule StepDecay(int everyEpochs, double factor)
    {
        ArgumentCheck.AtLeast(everyEpochs, 1, nameof(everyEpochs));
        ArgumentCheck.Positive(factor, nameof(factor));
        return new Formula($"{nameof(StepDecay)}({everyEpochs}, {factor})", (in TrainingMoment moment) => Math.Pow(factor, moment.Epoch / everyEpochs));
    }

    /// <summary>Multiplies the rate by a factor after each epoch.</summary>
    /// <param name="factor">The factor, such as 0.95.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not positive or not finite.</exception>
    public static LearningRateSchedule Exponential(double factor)
    {
        ArgumentCheck.Positive(factor, nameof(factor));
        return new Formula($"{nameof(Exponential)}({factor})", (in TrainingMoment moment) => Math.Pow(factor, moment.Epoch));
    }

    /// <summary>Decreases the factor along half a cosine, from 1 at the first step to a last factor after the final step.</summary>
    /// <param name="last">The last factor, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The last factor is not in [0, 1].</exception>
    public static LearningRateSchedule Cosine(double last = 0)
    {
        ArgumentCheck.Within(last, 0, 1, nameof(last));
        return new Formula($"{nameof(Cosine)}({last})", (in TrainingMoment moment) => last + ((1 - last) * 0.5 * (1 + Math.Cos(Math.PI * moment.Progress))));
    }

    /// <summary>Decreases the factor along half a cosine in each of several periods, from 1 (Loshchilov, Hutter: SGDR, 2017); equivalent to PyTorch's <c>CosineAnnealingWarmRestarts</c>.</summary>
    /// <param name="epochs">The number of epochs of the first period, at least 1.</param>
    /// <param name="multiplier">The ratio of the length of each period to that of the previous period, at least 1.</param>
    /// <param name="last">The factor that each period approaches, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public static LearningRateSchedule CosineRestarts(int epochs, int multiplier = 1, double last = 0)
    {
        ArgumentCheck.AtLeast(epochs, 1, nameof(epochs));
        ArgumentCheck.AtLeast(multiplier, 1, nameof(multiplier));
        ArgumentCheck.Within(last, 0, 1, nameof(last));
        return new Formula($"{nameof(CosineRestarts)}({epochs}, {multiplier}, {last})", (in TrainingMoment moment) =>
        {
            var (position, period) = (moment.EpochsDone, (double)epochs);
            for (; position >= period; period *= multiplier)
                position -= period;
            return last + ((1 - last) * 0.5 * (1 + Math.Cos(Math.PI * position / period)));
        });
    }

    /// <summary>Decreases the factor with a power of the fraction of the run that remains: <c>last + (1 − last)·(1 − progress)^power</c>; equivalent to PyTorch's <c>PolynomialLR</c>.</summary>
    /// <param name="power">The power; 1 for a straight line.</param>
    /// <param name="last">The factor at the end of the run, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public static LearningRateSchedule Polynomial(double power = 1, double last = 0)
    {
        ArgumentCheck.Positive(power, nameof(power));
        ArgumentCheck.Within(last, 0, 1, nameof(last));
        return new Formula($"{nameof(Polynomial)}({power}, {last})", (in TrainingMoment moment) => last + ((1 - last) * Math.Pow(1 - moment.Progress, power)));
    }

    /// <summary>
    /// Increases the learning rate along half a cosine to the optimizer's rate, and then decreases it along another to almost 0 (Smith, Topin: Super-Convergence, 2018); equivalent to PyTorch's <c>OneCycleLR</c>, whose
    /// <c>max_lr</c> is the optimizer's rate.
    /// </summary>
    /// <param name="rise">The fraction of the run in which the rate increases, greater than 0 and less than 1.</param>
    /// <param name="first">The factor of the first step, from 0 to 1.</param>
    /// <param name="last">The factor of the last step, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public static LearningRateSchedule OneCycle(double rise = 0.3, double first = 1.0 / 25, double last = 1.0 / 250_000)
    {
        if (rise is not (> 0 and < 1))
            throw ArgumentCheck.Out(nameof(rise), rise, "greater than 0 and less than 1");
        ArgumentCheck.Within(first, 0, 1, nameof(first));
        ArgumentCheck.Within(last, 0, 1, nameof(last));
        return new Formula($"{nameof(OneCycle)}({rise}, {first}, {last})", (in TrainingMoment moment) =>
        {
            // The peak and the end are at whole steps, as in PyTorch.
            var peak = (rise * moment.Steps) - 1;
            return moment.StepsDone <= peak
                ? Between(first, 1, moment.StepsDone / peak)
                : Between(1, last, Math.Min(1, (moment.StepsDone - peak) / (moment.Steps - 1 - peak)));
        });

        static double Between(double from, double to, double share) => to + ((from - to) * 0.5 * (1 + Math.Cos(Math.PI * share)));
    }

    /// <summary>Increases the factor linearly over the first steps, to k / <paramref name="steps"/> in step k, and then applies another schedule.</summary>
    /// <param name="steps">The number of steps, at least 1.</param>
    /// <param name="then">The schedule after the warm-up, whose steps are counted from the end of the warm-up; null for a constant.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="steps"/> is less than 1.</exception>
    public static LearningRateSchedule WarmUp(int steps, LearningRateSchedule? then = null)
    {
        ArgumentCheck.AtLeast(steps, 1, nameof(steps));
        then ??= Constant;
        return new Formula($"{nameof(WarmUp)}({steps}, {then})", (in TrainingMoment moment) =>
            moment.Step < steps ? (moment.Step + 1.0) / steps : then.Factor(moment.After(steps)));
    }

    private delegate double FactorOf(in TrainingMoment moment);

    private sealed class Formula(FormattableString description, FactorOf factor) : LearningRateSchedule
    {
        public override double Factor(in TrainingMoment moment) => factor(in moment);

        public override string ToString() => description.ToString(CultureInfo.InvariantCulture);
    }
}

/// <summary>A position in a training run.</summary>
/// <param name="Epoch">The number of completed epochs.</param>
/// <param name="Epochs">The number of epochs to run.</param>
/// <param name="Step">The number of completed steps of the whole run.</param>
/// <param name="StepsPerEpoch">The number of steps per epoch; 0 if it is unknown because the data is a stream.</param>
public readonly record struct TrainingMoment(int Epoch, int Epochs, long Step, int StepsPerEpoch)
{
    /// <summary>The number of warm-up steps, which <see cref="Progress"/> does not count.</summary>
    private long Before { get; init; }

    /// <summary>The completed fraction of the run, from 0 to 1. If the length of an epoch is unknown, it changes only between epochs.</summary>
    public double Progress => Math.Clamp(
        StepsPerEpoch == 0 ? (double)Epoch / Epochs : (double)(Step - Before) / Math.Max(1, ((long)Epochs * StepsPerEpoch) - Before), 0, 1);

    /// <summary>The number of completed epochs, including the completed fraction of the current epoch if its length is known.</summary>
    internal double EpochsDone => StepsPerEpoch == 0 ? Epoch : (double)(Step - Before) / StepsPerEpoch;

    /// <summary>The number of steps of the run; the number of epochs if the length of an epoch is unknown.</summary>
    internal double Steps => StepsPerEpoch == 0 ? Epochs : Math.Max(1, ((long)Epochs * StepsPerEpoch) - Before);

    /// <summary>The completed part of <see cref="Steps"/>.</summary>
    internal double StepsDone => StepsPerEpoch == 0 ? Epoch : Step - Before;

    /// <summary>Returns this position relative to a schedule that begins after a number of steps.</summary>
    internal TrainingMoment After(long steps) => this with { Before = Before + steps };
}
