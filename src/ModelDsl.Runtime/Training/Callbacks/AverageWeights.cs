namespace ModelDsl;

/// <summary>
/// Computes a running average of the weights. The average is used for validation, and the model has it when training ends; training itself continues with the trained
/// weights.
/// </summary>
/// <remarks>
/// <para><see cref="Exponential"/> averages the weights after every step (Polyak averaging, as <c>use_ema</c> of Keras' optimizers); <see cref="Equal"/> is the mean of the weights
/// after each epoch, starting at a given epoch (Izmailov et al.: Averaging Weights Leads to Wider Optima and Better Generalization, 2018).</para>
/// <para>States, such as the running statistics of a batch normalization, are those of the trained weights. After <see cref="Equal"/> they fit the average only
/// approximately: to compute them again, run one more epoch with a learning rate of 0.</para>
/// <para>At the end of an epoch, callbacks before this one in the list see the average, which is the right order for <see cref="SaveBest"/>; those after it see the trained weights.</para>
/// </remarks>
/// <example>
/// <code>
/// new Trainer(new AdamW(3e-4)) { Epochs = 20, Callbacks = [AverageWeights.Exponential(0.999)] }
/// </code>
/// </example>
public sealed class AverageWeights : TrainingCallback, ICheckpointState
{
    private readonly double decay;
    private readonly int fromEpoch;
    private float[][] average = [];
    private float[][] trained = [];
    private long count;
    private bool isExchanged;

    private AverageWeights(double decay, int fromEpoch)
    {
        this.decay = decay;
        this.fromEpoch = fromEpoch;
    }

    /// <summary>Creates an exponential average: after each step, it keeps the fraction <c>min(decay, (1 + t) / (10 + t))</c> of its value, where t is the number of steps before, and takes the rest from the weights.</summary>
    /// <param name="decay">The maximum fraction, at least 0 and less than 1; such as 0.999.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public static AverageWeights Exponential(double decay = 0.999) => new(ArgumentCheck.Below(decay, 1, nameof(decay)), fromEpoch: 0);

    /// <summary>Creates a mean of the weights after each epoch, starting at a given epoch.</summary>
    /// <param name="fromEpoch">The first epoch of the mean, at least 1. In this epoch the loss should no longer decrease quickly.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public static AverageWeights Equal(int fromEpoch) => new(double.NaN, ArgumentCheck.AtLeast(fromEpoch, 1, nameof(fromEpoch)));

    private bool IsExponential => fromEpoch == 0;

    /// <inheritdoc/>
    public override void Started(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        average = [.. run.Model.Parameters.Select(static parameter => parameter.ToArray())];
        trained = [.. average.Select(static values => new float[values.Length])];
        (count, isExchanged) = (0, false);
    }

    /// <inheritdoc/>
    public override void StepEnded(TrainingRun run, in TrainingStep step)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (!IsExponential)
            return;
        Take(run.Model, 1 - Math.Min(decay, (1.0 + count) / (10.0 + count)));
        count++;
    }

    /// <inheritdoc/>
    public override void Validating(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (!IsExponential)
        {
            if (run.History.Epochs.Count + 1 < fromEpoch)
                return;
            count++;
            Take(run.Model, 1.0 / count);
        }

        Exchange(run.Model, trained, average);
        isExchanged = true;
    }

    /// <inheritdoc/>
    public override void EpochEnded(TrainingRun run, EpochResult epoch)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (isExchanged)
            Restore(run.Model, trained);
        isExchanged = false;
    }

    /// <inheritdoc/>
    public override void Ended(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (count > 0)
            Restore(run.Model, average);
        (average, trained) = ([], []);
    }

    void ICheckpointState.SaveState(CheckpointWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(nameof(count), count);
        writer.Write(nameof(isExchanged), isExchanged);
        WeightSnapshot.WriteAll(writer, nameof(average), average);

        // During validation the model has the average, and the trained weights are only here.
        if (isExchanged)
            WeightSnapshot.WriteAll(writer, nameof(trained), trained);
    }

    void ICheckpointState.RestoreState(CheckpointReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        (count, isExchanged) = (reader.GetInt64(nameof(count)), reader.GetBoolean(nameof(isExchanged)));
        average = WeightSnapshot.ReadAll(reader, nameof(average));
        if (isExchanged)
            trained = WeightSnapshot.ReadAll(reader, nameof(trained));
    }

    /// <summary>Moves the average towards the weights by a fraction of the difference.</summary>
    private void Take(Model model, double share)
    {
        for (var i = 0; i < average.Length; i++)
        {
            var (mean, values) = (average[i], trained[i]);
            model.Parameters[i].CopyTo(values);
            for (var k = 0; k < mean.Length; k++)
                mean[k] += (float)share * (values[k] - mean[k]);
        }
    }

    private static void Exchange(Model model, float[][] kept, float[][] given)
    {
        for (var i = 0; i < kept.Length; i++)
            model.Parameters[i].CopyTo(kept[i]);
        Restore(model, given);
    }

    private static void Restore(Model model, float[][] values)
    {
        for (var i = 0; i < values.Length; i++)
            model.Parameters[i].CopyFrom(values[i]);
    }
}
