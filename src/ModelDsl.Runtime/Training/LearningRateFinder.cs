using ModelDsl.Training;

namespace ModelDsl;

/// <summary>
/// Finds a learning rate: trains a model for some steps with a rate that increases exponentially, until the loss diverges (Smith: Cyclical Learning Rates for Training Neural Networks, 2017). The model and the
/// optimizer are as before afterwards, to the last bit.
/// </summary>
/// <remarks>An optimizer class of your own must keep all its state in its <c>UpdatePass</c>; other values that it changes in an update are not restored.</remarks>
/// <example>
/// <code>
/// var trainer = new Trainer(new Adam()) { BatchSize = 64 };
/// LearningRateCurve curve = new LearningRateFinder().Run(model, trainer, train);
/// if (curve.Suggestion is { } rate)
///     trainer.Optimizer.LearningRate = rate;
/// </code>
/// </example>
public sealed class LearningRateFinder
{
    private readonly double from = 1e-7;
    private readonly double to = 10;
    private readonly int steps = 100;
    private readonly double smoothing = 0.98;
    private readonly double divergence = 4;

    /// <summary>The first learning rate, greater than 0; 1e-7 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double From
    {
        get => from;
        init => from = ArgumentCheck.Within(value, 1e-30, Optimizer.GreatestRate);
    }

    /// <summary>The last learning rate; 10 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double To
    {
        get => to;
        init => to = ArgumentCheck.Within(value, 1e-30, Optimizer.GreatestRate);
    }

    /// <summary>The number of steps from the first learning rate to the last; 100 by default. The data is repeated if it has fewer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 10.</exception>
    public int Steps
    {
        get => steps;
        init => steps = ArgumentCheck.AtLeast(value, 10);
    }

    /// <summary>The decay rate of the running mean of the loss, at least 0 and less than 1; 0.98 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double Smoothing
    {
        get => smoothing;
        init => smoothing = ArgumentCheck.Below(value, 1);
    }

    /// <summary>The search ends when the smoothed loss is greater than this multiple of its least value; 4 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not greater than 1.</exception>
    public double Divergence
    {
        get => divergence;
        init => divergence = value > 1 ? value : throw ArgumentCheck.Out(nameof(Divergence), value, "greater than 1; infinity is for no limit");
    }

    /// <summary>Runs the search.</summary>
    /// <param name="model">The model.</param>
    /// <param name="trainer">
    /// The trainer, of which the optimizer, the batch size, the number of accumulated batches, the order of samples and prefetching are used. The optimizer begins without the states that it has for the model.
    /// </param>
    /// <param name="data">The training data.</param>
    /// <param name="cancellation">Ends the search with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The losses, and a suggestion.</returns>
    /// <exception cref="ArgumentException">The data does not fit the model or is empty, or a label, token id or target is out of range; or the trainer has a <see cref="Trainer.Group"/>.</exception>
    /// <exception cref="InvalidOperationException">
    /// The model is for prediction only, has several losses, or is in use; the data gives no samples; <see cref="From"/> is not less than <see cref="To"/>; or a pattern of the optimizer matches no parameter.
    /// </exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public LearningRateCurve Run(Model model, Trainer trainer, DataSource data, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(data);
        if (From >= To)
            throw new InvalidOperationException(FormattableString.Invariant($"The learning rate goes from {From} to {To}: From must be less than To."));
        if (trainer.Group is not null)
            throw new ArgumentException("The trainer has a group, and the search runs on one rank: pass a trainer with the same settings without a group. Each rank finds the same rate.", nameof(trainer));
        Trainer.CheckLoss(model);
        DataCheck.Check(model.Description, data, "training data", nameof(data));
        trainer.Optimizer.CheckPatterns(model);

        using var session = model.BeginTraining();
        var (optimizer, trainingSteps, weights) = (trainer.Optimizer, model.TrainingSteps, new WeightSnapshot(model));
        var rate = optimizer.LearningRate;
        weights.Take(model);
        var pass = optimizer.Detach(model);
        try
        {
            return Search(model, trainer, data, cancellation);
        }
        finally
        {
            optimizer.Attach(model, pass);
            optimizer.LearningRate = rate;
            weights.Restore(model);
            model.TrainingSteps = trainingSteps;
        }
    }

    private LearningRateCurve Search(Model model, Trainer trainer, DataSource data, CancellationToken cancellation)
    {
        var batches = trainer.TrainingBatches(model, data, cancellation);
        using var step = new UpdateStep(model, trainer.AccumulateSteps);
        var points = new List<LearningRatePoint>();
        var (mean, least) = (0.0, double.PositiveInfinity);
        while (points.Count < Steps)
        {
            var before = points.Count;
            foreach (var batch in batches)
            {
                if (batch.Count == 1 && model.Description.NeedsTwoSamples is not null)
                    continue;
                if (!TryRun(batch, step, isFirst: points.Count == 0))
                    return new LearningRateCurve(points, diverged: true);
                if (!step.IsComplete)
                    continue;
                var loss = step.Loss;
                trainer.Optimizer.LearningRate = From * Math.Pow(To / From, points.Count / (Steps - 1.0));
                mean = (Smoothing * mean) + ((1 - Smoothing) * loss);
                var smoothed = mean / (1 - Math.Pow(Smoothing, points.Count + 1));
                if (!double.IsFinite(loss) || (points.Count > 0 && smoothed > Divergence * least) || !TryUpdate(model, trainer.Optimizer, step))
                    return new LearningRateCurve(points, diverged: true);
                points.Add(new LearningRatePoint(trainer.Optimizer.LearningRate, loss, smoothed));
                least = Math.Min(least, smoothed);
                if (points.Count == Steps)
                    break;
            }

            if (points.Count == before && step.Batches == 0)
                throw new InvalidOperationException("The training data gave no samples.");
        }

        return new LearningRateCurve(points, diverged: false);
    }

    /// <summary>Runs the passes of a batch. A number that is not finite ends the search, unless it is in the first step and therefore not caused by the learning rate.</summary>
    private static bool TryRun(Batch batch, UpdateStep step, bool isFirst)
    {
        try
        {
            step.Add(step.Run(batch), batch);
            return true;
        }
        catch (NonFiniteNumberException) when (!isFirst)
        {
            return false;
        }
    }

    private static bool TryUpdate(Model model, Optimizer optimizer, UpdateStep step)
    {
        try
        {
            step.WriteMean();
            optimizer.Update(model);
            step.Clear();
            return true;
        }
        catch (Exception exception) when (exception is NonFiniteGradientException or NonFiniteNumberException)
        {
            return false;
        }
    }
}
