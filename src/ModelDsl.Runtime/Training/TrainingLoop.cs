using ModelDsl.Distributed;
using ModelDsl.Runs;

namespace ModelDsl.Training;

/// <summary>One run of <see cref="Trainer.Fit"/>.</summary>
internal sealed partial class TrainingLoop : IDisposable
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
    private readonly TrainingProgressState state;
    private readonly LearningRateControl rates;
    private readonly ProgressMeter progress;
    private readonly IUpdateStep step;
    private readonly ITrainingView view;

    // An array is enumerated without an allocation.
    private readonly TrainingCallback[] callbacks;
    private FitCheckpoints? checkpoints;

    public TrainingLoop(Trainer trainer, Model model, DataSource train, DataSource? validation, CancellationToken cancellation)
    {
        this.trainer = trainer;
        this.model = model;
        this.train = train;
        this.cancellation = cancellation;
        var group = trainer.Group;
        var isRoot = group is null or { IsRoot: true };
        view = isRoot ? trainer.View : TrainingView.None;
        callbacks = [.. trainer.CallbacksAndLogs.Prepend(new TelemetryCallback()).Where(callback => isRoot || !callback.IsForRoot)];

        // A step of several batches is completed before training is cancelled, so that it can be saved. Only a stream, whose next batch may never arrive, is cancelled within a step. The ranks of a group are cancelled together.
        var ofBatches = group is null && (trainer.AccumulateSteps == 1 || train.KnownCount is null) ? cancellation : CancellationToken.None;
        batches = trainer.TrainingBatches(model, train, ofBatches);
        metrics = new MetricSet(model.Description, trainer.Metrics, group);
        // Training and validation alternate, so both use the same metrics.
        evaluator = validation is null ? null
            : new Evaluator(model, trainer.EvaluationBatches(model, validation, group is null ? cancellation : CancellationToken.None), metrics, group);
        run = new TrainingRun(model, trainer.Optimizer, history) { IsRoot = isRoot };
        ofGroup = group is null ? null : new GroupStep(model, group, trainer.AccumulateSteps);
        groupRun = group is null ? null : new GroupRun(group, run);
        step = (IUpdateStep?)ofGroup ?? new UpdateStep(model, trainer.AccumulateSteps);
        state = new TrainingProgressState(run, batches, step.PerStep, metrics, evaluator);
        rates = new LearningRateControl(trainer, run, StepsPerEpoch);
        progress = new ProgressMeter(view, metrics, trainer.Epochs, StepsPerEpoch, train.KnownCount, model.Device);
    }

    private int? StepsPerEpoch => batches.Count is { } count ? (count + step.PerStep - 1) / step.PerStep : null;

    public TrainingHistory Run()
    {
        using var session = model.BeginTraining();
        try
        {
            trainer.Optimizer.Divide(model, trainer.Shard == Sharding.Optimizer ? trainer.Group : null);
            groupRun?.Begin([.. FitSettings.Of(trainer, state), .. FitSettings.OfRanks(trainer)]);
            return Train();
        }
        catch (DeviceLostException exception) when (exception.History is null)
        {
            throw new DeviceLostException(exception, model.Description.Name, state.Epoch.Number, state.Epoch.Step, trainer.Checkpoint is not null, history);
        }
        catch (Exception exception) when (groupRun is not null)
        {
            groupRun.Failed(exception);
            throw;
        }
        finally
        {
            trainer.Optimizer.EndUpdates(model);
            groupRun?.End();
        }
    }

    public void Dispose() => step.Dispose();

    private TrainingHistory Train()
    {
        using var opened = FitCheckpoints.Of(trainer, state, Warn);
        checkpoints = opened;
        var samples = Math.Min(batches.BatchSize, train.KnownCount ?? int.MaxValue);
        model.EnsureBatchCapacity(batches.Options.MicroBatches?.Largest(samples) ?? samples);
        run.Begin(
            new TrainingPlan(model.Description.Name, trainer.Epochs, StepsPerEpoch, train.KnownCount, trainer.BatchSize) { Resumed = history.Resumed },
            metrics.Names, evaluator is not null, state.Epoch, Warn);
        try
        {
            progress.Started(model.Description.Name, trainer, history.Resumed);
            RunWithCallbacks();
        }
        finally
        {
            // Always, because the view may have replaced the writers of the console.
            view.Finished(history);
        }

        return history;
    }

    private void RunWithCallbacks()
    {
        try
        {
            foreach (var callback in callbacks)
                callback.Started(run);
            WarnOfGrownBatch();
            checkpoints?.Restore();
            trainer.Optimizer.CheckPatterns(model);
            RunEpochs();
            NoteBatch();
            history.StopReason = run.StopReason;
            checkpoints?.Ended();
        }
        finally
        {
            rates.Restore();
            history.Cancelled = run.StopReason is null && history.Epochs.Count < trainer.Epochs && IsCancelled;
            history.Duration = state.Duration;
            foreach (var callback in callbacks)
                callback.Ended(run);
        }
    }

    private void RunEpochs()
    {
        try
        {
            while (state.Epoch.Number <= trainer.Epochs && run.StopReason is null && !IsCancelled)
                Epoch(state.Epoch);
        }
        catch (OperationCanceledException) when (IsCancelled)
        {
            // The epochs so far are the result.
            step.Undo();
        }
    }

    private void Epoch(EpochState epoch)
    {
        epoch.Begin();
        if (epoch.Phase == EpochPhase.Steps)
            Steps(epoch);
        var validation = evaluator?.Run();
        epoch.IsComplete = false;
        var result = epoch.Result(validation, trainer.Optimizer.LearningRate) with { RankMemory = groupRun?.GreatestMemory() };
        EpochEnded(result);
        groupRun?.EpochEnded();
        epoch.MoveNext();
        epoch.IsComplete = true;
    }

    private void EpochEnded(EpochResult result)
    {
        using var work = trainer.Group?.BeginRootWork();
        checkpoints?.Validated(result);
        history.Add(result);

        // The view first: it ends its screen, so that text that callbacks write stays below the line of the epoch.
        view.EpochEnded(result);
        foreach (var callback in callbacks)
            callback.EpochEnded(run, result);
    }

    /// <summary>Runs the steps of an epoch, and prepares its validation.</summary>
    private void Steps(EpochState epoch)
    {
        if (epoch.Step == 0)
            metrics.Reset();
        progress.EpochStarted(epoch.Number, epoch.Elapsed);
        using var pass = batches.GetEnumerator();
        while (Next(pass, epoch))
        {
            var batch = pass.Current;

            // The last batch may be too small for the statistics of a batch; the next epoch contains its samples in another order.
            if (ofGroup is null && epoch.Step + step.Batches > 0 && batch.Count == 1 && model.Description.NeedsTwoSamples is not null)
                continue;
            epoch.IsComplete = false;
            Add(batch, epoch);
            if (step.IsComplete)
                Complete(epoch);
        }

        if (step.Batches > 0)
            Complete(epoch);

        // Disposed before validation, so that the preparation of further batches does not slow it down.
        pass.Dispose();
        if (epoch.Samples == 0)
            throw new InvalidOperationException("The training data gave no samples.");
        epoch.IsComplete = false;
        epoch.StepSeconds = epoch.Elapsed.TotalSeconds;
        epoch.Results = metrics.TrainingValues();
        using (trainer.Group?.BeginRootWork())
        {
            foreach (var callback in callbacks)
                callback.Validating(run);
        }

        epoch.Phase = EpochPhase.Validation;
        epoch.IsComplete = true;
    }
}
