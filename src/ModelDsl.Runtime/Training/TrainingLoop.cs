using System.Diagnostics;
using System.Globalization;

namespace ModelDsl.Training;

/// <summary>One run of <see cref="Trainer.Fit"/>.</summary>
internal sealed class TrainingLoop
{
    private readonly Trainer trainer;
    private readonly Model model;
    private readonly DataSource train;
    private readonly CancellationToken cancellation;
    private readonly BatchSequence batches;
    private readonly MetricSet metrics;
    private readonly Evaluator? evaluator;
    private readonly TrainingHistory history = new();
    private readonly TrainingRun run;
    private readonly double learningRate;
    private readonly ProgressMeter progress;
    private bool inputsChecked;
    private bool warnedOfGradients;

    public TrainingLoop(Trainer trainer, Model model, DataSource train, DataSource? validation, CancellationToken cancellation)
    {
        this.trainer = trainer;
        this.model = model;
        this.train = train;
        this.cancellation = cancellation;
        batches = train.Batches(trainer.BatchSize, trainer.Shuffle, trainer.Seed, prefetch: trainer.Prefetch, cancellation: cancellation);
        metrics = new MetricSet(model.Description, trainer.Metrics);
        // Training and validation alternate, so both use the same metrics.
        evaluator = validation is null ? null
            : new Evaluator(model, validation.Batches(trainer.EvaluationBatchSize, prefetch: trainer.Prefetch, cancellation: cancellation), metrics);
        run = new TrainingRun(model, trainer.Optimizer, history);
        learningRate = trainer.Optimizer.LearningRate;
        progress = new ProgressMeter(trainer.View, metrics, trainer.Epochs, batches.Count, train.KnownCount);
    }

    public TrainingHistory Run()
    {
        using var session = model.BeginTraining();
        model.EnsureBatchCapacity(Math.Min(trainer.BatchSize, train.KnownCount ?? int.MaxValue));
        var start = Stopwatch.GetTimestamp();
        progress.Started(model.Description.Name, trainer);
        try
        {
            foreach (var callback in trainer.Callbacks)
                callback.Started(run);
            for (var epoch = 1; epoch <= trainer.Epochs && run.StopReason is null && !cancellation.IsCancellationRequested; epoch++)
                Epoch(epoch);
            history.StopReason = run.StopReason;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The epochs so far are the result.
        }
        finally
        {
            trainer.Optimizer.LearningRate = learningRate;
            history.Cancelled = run.StopReason is null && history.Epochs.Count < trainer.Epochs && cancellation.IsCancellationRequested;
            history.Duration = Stopwatch.GetElapsedTime(start);
            foreach (var callback in trainer.Callbacks)
                callback.Ended(run);
            trainer.View.Finished(history);
        }

        return history;
    }

    private void Epoch(int epoch)
    {
        var start = Stopwatch.GetTimestamp();
        var (sum, samples, step, waited) = (0.0, 0L, 0, 0L);
        metrics.Reset();
        progress.EpochStarted(epoch);
        using var pass = batches.GetEnumerator();
        while (Next(pass, ref waited))
        {
            var batch = pass.Current;

            // The last batch may be too small for the statistics of a batch; the next epoch contains its samples in another order.
            if (step > 0 && batch.Count == 1 && model.Description.NeedsTwoSamples is not null)
                continue;
            step++;
            CheckInputs(batch);
            var loss = Step(batch, epoch, step);
            // The last batch may be smaller, so each batch is weighted by its number of samples.
            sum += loss * batch.Count;
            samples += batch.Count;
            metrics.Update(model, batch, loss);
            progress.Stepped(step, samples, sum);
        }

        // Disposed before validation, so that the preparation of further batches does not slow it down.
        pass.Dispose();
        if (samples == 0)
            throw new InvalidOperationException("The training data gave no samples.");
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var values = metrics.Values();
        foreach (var callback in trainer.Callbacks)
            callback.Validating(run);
        var validation = evaluator?.Run();
        var result = new EpochResult
        {
            Epoch = epoch,
            Loss = sum / samples,
            Metrics = values,
            Validation = validation,
            LearningRate = trainer.Optimizer.LearningRate,
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            SamplesPerSecond = seconds > 0 ? samples / seconds : 0,
            DataShare = seconds > 0 ? Math.Min(1, (double)waited / Stopwatch.Frequency / seconds) : 0,
        };
        history.Add(result);
        foreach (var callback in trainer.Callbacks)
            callback.EpochEnded(run, result);
        trainer.View.EpochEnded(result);
    }

    /// <summary>Advances to the next batch, and measures how long that takes.</summary>
    private static bool Next(BatchEnumerator pass, ref long waited)
    {
        var start = Stopwatch.GetTimestamp();
        var more = pass.MoveNext();
        waited += Stopwatch.GetTimestamp() - start;
        return more;
    }

    private double Step(Batch batch, int epoch, int step)
    {
        SetLearningRate(epoch);
        model.Forward(batch);
        model.Backward(batch);
        // On an asynchronous device this waits for the step, so that at most one step is queued.
        double loss = model.LastLoss;
        if (trainer.StopOnNonFiniteLoss && !double.IsFinite(loss))
        {
            model.UndoStep();
            throw new NonFiniteLossException(
                model.Description.Name, epoch, step, loss, trainer.Optimizer.LearningRate, NonFiniteCause.Find(model, batch), history);
        }

        Update(epoch, step);
        var ended = new TrainingStep(epoch, history.Steps, loss, batch.Count);
        foreach (var callback in trainer.Callbacks)
            callback.StepEnded(run, in ended);
        return loss;
    }

    private void Update(int epoch, int step)
    {
        try
        {
            trainer.Optimizer.Update(model);
            history.Steps++;
        }
        catch (NonFiniteGradientException exception)
        {
            model.UndoStep();
            if (trainer.StopOnNonFiniteLoss)
                throw;
            if (!warnedOfGradients)
            {
                warnedOfGradients = true;
                Warn(new TrainingWarning($"Step {step} of epoch {epoch} was skipped, and similar steps will be skipped: {exception.Message}"));
            }
        }
    }

    /// <summary>Checks the first batch of the run.</summary>
    private void CheckInputs(Batch batch)
    {
        if (inputsChecked)
            return;
        inputsChecked = true;
        if (trainer.WarnOfUnscaledInputs && InputScale.Check(model.Description, batch) is { } warning)
            Warn(warning);
    }

    private void Warn(TrainingWarning warning)
    {
        history.Add(warning);
        trainer.View.Warned(warning);
        foreach (var callback in trainer.Callbacks)
            callback.Warned(run, warning);
    }

    private void SetLearningRate(int epoch)
    {
        if (trainer.Schedule is null && run.LearningRateFactor == 1)
            return;
        var moment = new TrainingMoment(epoch - 1, trainer.Epochs, history.Steps, batches.Count ?? 0);
        var factor = trainer.Schedule?.Factor(in moment) ?? 1;
        var rate = learningRate * run.LearningRateFactor * factor;
        if (!(rate is >= 0 and <= Optimizer.GreatestRate))
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"In epoch {epoch}, after {history.Steps} steps, the schedule's factor {factor} makes a learning rate of {rate}; it must be from 0 to {Optimizer.GreatestRate}."));
        }

        trainer.Optimizer.LearningRate = rate;
    }
}
