using ModelDsl.Compiled;
using ModelDsl.Distributed;
using ModelDsl.Models;
using ModelDsl.Training;

namespace ModelDsl;

/// <summary>Trains models: runs epochs over batches, with validation, metrics, progress and cancellation.</summary>
/// <example>
/// <code>
/// var trainer = new Trainer(new Adam(1e-3)) { Epochs = 10, BatchSize = 32, Callbacks = [new EarlyStopping(3)] };
/// TrainingHistory history = trainer.Fit(model, train, validation);
/// Evaluation score = trainer.Evaluate(model, test);
/// </code>
/// </example>
public sealed partial class Trainer
{
    private readonly int epochs = 10;
    private readonly int batchSize = 32;
    private readonly int accumulateSteps = 1;
    private readonly int evaluationBatchSize;
    private readonly double validationSplit;

    /// <summary>Creates a trainer.</summary>
    /// <param name="optimizer">The optimizer, which keeps its state from one call of <see cref="Fit"/> to the next.</param>
    public Trainer(Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        Optimizer = optimizer;
    }

    /// <summary>The optimizer, which updates the weights.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The number of epochs; 10 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int Epochs
    {
        get => epochs;
        init => epochs = ArgumentCheck.AtLeast(value, 1);
    }

    /// <summary>The number of samples per batch; 32 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int BatchSize
    {
        get => batchSize;
        init => batchSize = ArgumentCheck.AtLeast(value, 1);
    }

    /// <summary>
    /// The number of batches per step; 1 by default. The gradients of all their samples are averaged before the optimizer updates the weights, so that a step is that of a batch of
    /// <c>BatchSize · AccumulateSteps</c> samples, and needs the memory of one of <see cref="BatchSize"/>. The last step of an epoch has the batches that remain.
    /// </summary>
    /// <remarks>
    /// Everything that counts steps counts updates: schedules, callbacks, progress, the history and checkpoints, which are saved between updates. Layers that normalise over the batch use
    /// the statistics of each batch of <see cref="BatchSize"/> samples.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int AccumulateSteps
    {
        get => accumulateSteps;
        init => accumulateSteps = ArgumentCheck.AtLeast(value, 1);
    }

    /// <summary>The number of samples per batch of validation and evaluation, which affects only time and memory; <see cref="BatchSize"/> by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int EvaluationBatchSize
    {
        get => evaluationBatchSize == 0 ? batchSize : evaluationBatchSize;
        init => evaluationBatchSize = ArgumentCheck.AtLeast(value, 1);
    }

    /// <summary>Whether each epoch uses a different order of the samples; true by default.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>
    /// Whether the samples of a batch have similar lengths, which a model with buckets computes faster (<see cref="LengthGrouping"/>). Null, the default, groups them if the model has
    /// buckets, <see cref="Shuffle"/> is true and the data is not a stream. Validation and evaluation of such data sort it by length. Metrics that count samples do not change, and
    /// the last digits of the loss may: it is a mean over other batches.
    /// </summary>
    public bool? GroupByLength { get; init; }

    /// <summary>The seed of the orders and of the validation split; 0 by default.</summary>
    public int Seed { get; init; }

    /// <summary>Whether a background thread prepares batches; null, the default, lets the data source decide (see <see cref="DataSource.Batches"/>).</summary>
    public bool? Prefetch { get; init; }

    /// <summary>The fraction of the training data, selected at random, that is used for validation if no validation data is given; 0 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, or not less than 1.</exception>
    public double ValidationSplit
    {
        get => validationSplit;
        init => validationSplit = ArgumentCheck.Below(value, 1);
    }

    /// <summary>The metrics to compute in addition to the loss; null, the default, for <see cref="Metric.DefaultsFor"/> the model. An empty list means no metrics.</summary>
    public IReadOnlyList<Metric>? Metrics { get; init; }

    /// <summary>The schedule of the learning rate; null, the default, for a constant rate.</summary>
    public LearningRateSchedule? Schedule { get; init; }

    /// <summary>Callbacks such as early stopping, called in this order.</summary>
    public IReadOnlyList<TrainingCallback> Callbacks { get; init; } = [];

    /// <summary>The view that shows progress; <see cref="TrainingView.Default"/> by default: a live screen, or a line per epoch if the output is redirected.</summary>
    public ITrainingView View { get; init; } = TrainingView.Default;

    /// <summary>
    /// Whether a loss that is infinite or NaN ends training with a <see cref="NonFiniteLossException"/>, and such a gradient norm with a
    /// <see cref="NonFiniteGradientException"/> if the optimizer has a <see cref="Optimizer.ClipNorm"/>; true by default. The step is undone, so that parameters and
    /// states are those before it. If false, steps with such losses are performed, and steps whose gradients the optimizer refuses are skipped with a warning.
    /// </summary>
    public bool StopOnNonFiniteLoss { get; init; } = true;

    /// <summary>
    /// Whether a run checks the inputs of its first batch, and warns of values that seem to be bytes or are very large; true by default. Set it to false for a model
    /// that scales its inputs itself. Warnings are reported to <see cref="View"/> and <see cref="Callbacks"/>, and stored in the history.
    /// </summary>
    public bool WarnOfUnscaledInputs { get; init; } = true;

    /// <summary>
    /// The group of ranks that train the model together; null, the default, for this process alone. <see cref="BatchSize"/> is that of all ranks, each of which computes a part of every batch. All ranks call
    /// <see cref="Fit"/> and <see cref="Evaluate"/> with the same model, data and settings, and get the same results. Only the root shows progress, writes logs and saves the run.
    /// </summary>
    /// <remarks>
    /// If the group is <see cref="Collective.Deterministic"/>, which is the default, results have the same bits on 1, 2, 4 and 8 ranks. They differ in the last digits from those without a group. Layers that normalise over
    /// the batch use the statistics of each part. <see cref="AccumulateSteps"/> cuts the parts of all <c>BatchSize · AccumulateSteps</c> samples into as many batches. All ranks call <see cref="Callbacks"/> except those that
    /// write files; a callback that writes output checks <see cref="Collective.IsRoot"/>.
    /// </remarks>
    public Collective? Group { get; init; }

    /// <summary>What the ranks of <see cref="Group"/> divide among them, to need less memory; <see cref="Sharding.None"/> by default. Results have the same bits.</summary>
    public Sharding Shard { get; init; }

    /// <summary>Trains a model. Other threads cannot use the model until the method returns.</summary>
    /// <param name="model">The model.</param>
    /// <param name="train">The data to train on.</param>
    /// <param name="validation">The data for evaluating the model after each epoch; null for none, or for <see cref="ValidationSplit"/>.</param>
    /// <param name="cancellation">
    /// Ends training after the current step. No exception is thrown; <see cref="TrainingHistory.Cancelled"/> is true. With a <see cref="Checkpoint"/>, the run is saved.
    /// </param>
    /// <returns>The results of each epoch.</returns>
    /// <exception cref="ArgumentException">
    /// The data does not fit the model or is empty, or a label, token id or target is out of range; <see cref="CheckpointOptions.KeepBest"/> does not exist; or
    /// <see cref="GroupByLength"/> is true, and the model has no buckets or the data is a stream; or the checkpoint of <see cref="Resume"/> is in the folder of the run, and not its last one.
    /// </exception>
    /// <exception cref="CheckpointMismatchException">
    /// The checkpoint belongs to a run with another model, optimizer, data or batch size; the message contains the values of both.
    /// </exception>
    /// <exception cref="DirectoryNotFoundException">There is no checkpoint at the path of <see cref="Resume"/> or <see cref="CheckpointOptions.ResumeFrom"/>.</exception>
    /// <exception cref="InvalidDataException">
    /// The folder of <see cref="Checkpoint"/> has checkpoints, and all of them are damaged; or the checkpoint of <see cref="Resume"/> or <see cref="CheckpointOptions.ResumeFrom"/> is damaged.
    /// </exception>
    /// <exception cref="CollectiveException">A rank of <see cref="Group"/> failed, does not answer, or has another model, data or settings.</exception>
    /// <exception cref="InvalidOperationException">
    /// The model is for prediction only, has several losses, or is in use; the schedule gives a learning rate out of range; a pattern of <see cref="Optimizer.Scale"/> or
    /// <see cref="Optimizer.Freeze"/> matches no parameter; or the checkpoint was saved by a newer version of this library.
    /// </exception>
    /// <exception cref="IOException">The folder of <see cref="Checkpoint"/> is used by another run, or cannot be written to when the run begins. Later errors are warnings.</exception>
    /// <exception cref="NonFiniteLossException">The loss became infinite or NaN; the model is in the state before that step.</exception>
    /// <exception cref="NonFiniteGradientException">
    /// The optimizer has a <see cref="Optimizer.ClipNorm"/>, and the norm of gradients became infinite or NaN; the model is in the state before that step.
    /// </exception>
    public TrainingHistory Fit(Model model, DataSource train, DataSource? validation = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(train);
        CheckLoss(model);
        if (validation is null && ValidationSplit > 0)
        {
            (train, validation) = train is Dataset data
                ? data.Split(1 - ValidationSplit, Seed)
                : throw new ArgumentException("A stream cannot be split: pass validation data, or set ValidationSplit to 0.", nameof(train));
        }

        DataCheck.Check(model.Description, train, "training data", nameof(train));
        if (validation is not null)
            DataCheck.Check(model.Description, validation, "validation data", nameof(validation));
        using var loop = new TrainingLoop(this, model, train, validation, cancellation);
        return loop.Run();
    }

    /// <summary>Evaluates a model on data, without dropout and without changing it: its loss, each of several losses by name, and metrics.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">The data.</param>
    /// <param name="metrics">The metrics to compute in addition to the loss; if there are none, this trainer's <see cref="Metrics"/>.</param>
    /// <exception cref="ArgumentException">The data does not fit the model or is empty, or a label, token id or target is out of range.</exception>
    /// <exception cref="CollectiveException">A rank of <see cref="Group"/> failed, does not answer, or calls another method.</exception>
    /// <exception cref="InvalidOperationException">The model is for prediction only, or another thread is training it.</exception>
    public Evaluation Evaluate(Model model, DataSource data, params IReadOnlyList<Metric> metrics)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(metrics);
        PredictionOnly.Reject(model.Description);
        DataCheck.Check(model.Description, data, "data", nameof(data));
        var set = new MetricSet(model.Description, metrics.Count > 0 ? metrics : Metrics, Group);
        try
        {
            Group?.Gather(CollectiveCall.BeginEvaluation, []);
            return new Evaluator(model, EvaluationBatches(model, data, default), set, Group).Run();
        }
        catch (Exception exception) when (Group is not null)
        {
            Group.Failed(exception);
            throw;
        }
    }

    /// <summary>Checks that a model has one loss.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="InvalidOperationException">The model is for prediction only, or has several losses.</exception>
    internal static void CheckLoss(Model model)
    {
        PredictionOnly.Reject(model.Description);
        if (model.Description.Losses.Length > 0)
        {
            throw new InvalidOperationException(
                $"{model.Description.Name} has several losses, and Fit trains only one: write a training loop over batches, with one " +
                $"optimizer for each of {string.Join(", ", model.Description.Losses.Select(static loss => $"'{loss.Part}'"))}.");
        }
    }

    /// <summary>Returns the batches of training; in a group, the micro-batches of this rank.</summary>
    internal BatchSequence TrainingBatches(Model model, DataSource data, CancellationToken cancellation)
    {
        var grouping = Grouping(model, data, Shuffle);
        if (Group is null)
            return data.Batches(BatchSize, Shuffle, Seed, prefetch: Prefetch, cancellation: cancellation, grouping: grouping);
        var microBatches = Group.OwnParts.MicroBatches(AccumulateSteps, model.Description.NeedsTwoSamples is null ? 1 : 2, Group.Deterministic);
        return data.MicroBatches(checked(BatchSize * AccumulateSteps), Shuffle, Seed, microBatches, Prefetch, grouping, cancellation);
    }

    /// <summary>Returns the batches of validation or evaluation; in a group, the micro-batches of this rank.</summary>
    internal BatchSequence EvaluationBatches(Model model, DataSource data, CancellationToken cancellation)
    {
        var grouping = Grouping(model, data, isAutomatic: true);
        return Group is null
            ? data.Batches(EvaluationBatchSize, prefetch: Prefetch, cancellation: cancellation, grouping: grouping)
            : data.MicroBatches(EvaluationBatchSize, shuffle: false, seed: null, Group.OwnParts.MicroBatches(1, 1, Group.Deterministic), Prefetch, grouping, cancellation);
    }

    private LengthGrouping? Grouping(Model model, DataSource data, bool isAutomatic) => GroupByLength switch
    {
        true => LengthGrouping.Of(model),
        null when isAutomatic && data.KnownCount is not null => LengthGrouping.OfBuckets(model),
        _ => null,
    };
}
