using System.Diagnostics;

namespace ModelDsl;

/// <summary>Writes a training run as an event file that TensorBoard shows. Its steps are the numbers of updates.</summary>
/// <remarks>
/// <para>At the end of each epoch it writes <c>loss/train</c>, <c>loss/validation</c>, <c>accuracy/train</c>, <c>accuracy/validation</c> and so on for each metric, <c>learning_rate/epoch</c>, <c>samples_per_second/epoch</c> and
/// <c>data_share/epoch</c>. Every <see cref="EverySteps"/> steps it writes <c>loss/step</c> (the mean loss of a batch), <c>learning_rate/step</c> and <c>samples_per_second/step</c>, and with <see cref="Histograms"/> a histogram of each
/// parameter (<c>weights/dense1.weight</c>) and of its gradient (<c>gradients/dense1.weight</c>). The hyperparameters of the run are for the tab HParams.</para>
/// <para>Each call of <see cref="Trainer.Fit"/> writes its own file in the folder. TensorBoard shows the last run of a folder; if it was continued from a checkpoint, also its steps before the checkpoint. A file that
/// cannot be written during training is a warning, and training continues.</para>
/// </remarks>
/// <example>
/// <code>
/// new Trainer(new Adam(1e-3)) { Callbacks = [new TensorBoardLog("runs/a") { EverySteps = 50, Histograms = true }] }
/// // tensorboard --logdir runs
/// </code>
/// </example>
public sealed class TensorBoardLog : TrainingCallback
{
    private readonly int? everySteps = 50;
    private TensorBoardWriter? writer;
    private float[] values = [];
    private long lastStep;
    private long lastTime;
    private long samples;

    /// <summary>Creates the callback.</summary>
    /// <param name="folder">The folder of the run, which is created if it does not exist. Use a folder for each run in a common folder, such as <c>runs</c>.</param>
    /// <exception cref="ArgumentException">The folder is null or empty.</exception>
    public TensorBoardLog(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Folder = folder;
    }

    /// <summary>The folder of the run.</summary>
    public string Folder { get; }

    /// <summary>The number of steps after which values of a step are written; 50 by default, null for values of epochs only.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? EverySteps
    {
        get => everySteps;
        init => everySteps = value is { } steps ? ArgumentCheck.AtLeast(steps, 1) : null;
    }

    /// <summary>Whether histograms of parameters and gradients are written, every <see cref="EverySteps"/> steps, or of the last step of each epoch if that is null; false by default.</summary>
    public bool Histograms { get; init; }

    /// <summary>Further hyperparameters: strings, Booleans and numbers by their names. Those of the optimizer, the batch size and the number of epochs are always written.</summary>
    public IReadOnlyDictionary<string, object> HyperParameters { get; init; } = new Dictionary<string, object>();

    /// <summary>The writer, during a run; otherwise null. Callbacks after this one in the list can add images, texts and curves to it.</summary>
    public TensorBoardWriter? Writer => writer;

    internal override bool IsForRoot => true;

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public override void Started(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var steps = run.History.Resumed?.Steps ?? 0;
        writer = TensorBoardWriter.StartAt(Folder, steps == 0 ? 0 : steps + 1);
        writer.AddHyperParameters(AllHyperParameters(run));
        (lastStep, lastTime, samples) = (steps, Stopwatch.GetTimestamp(), 0);
    }

    /// <inheritdoc/>
    public override void StepEnded(TrainingRun run, in TrainingStep step)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (everySteps is null)
            return;
        samples += step.Samples;

        // A step whose update was refused has the number of the step before.
        if (writer is null || step.Number % everySteps != 0 || step.Number == lastStep)
            return;
        try
        {
            writer.AddScalar("loss/step", step.Loss, step.Number);
            writer.AddScalar("learning_rate/step", run.Optimizer.LearningRate, step.Number);
            writer.AddScalar("samples_per_second/step", samples / Stopwatch.GetElapsedTime(lastTime).TotalSeconds, step.Number);
            if (Histograms)
                AddHistograms(run.Model, step.Number);
        }
        catch (IOException exception)
        {
            Fail(run, exception);
        }

        (lastStep, lastTime, samples) = (step.Number, Stopwatch.GetTimestamp(), 0);
    }

    /// <inheritdoc/>
    public override void EpochEnded(TrainingRun run, EpochResult epoch)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(epoch);
        if (writer is null)
            return;
        try
        {
            var step = run.History.Steps;
            Add("train", epoch.Loss, epoch.Metrics, step);
            if (epoch.Validation is { } validation)
                Add("validation", validation.Loss, validation.Metrics, step);
            writer.AddScalar("learning_rate/epoch", epoch.LearningRate, step);
            writer.AddScalar("samples_per_second/epoch", epoch.SamplesPerSecond, step);
            writer.AddScalar("data_share/epoch", epoch.DataShare, step);
            if (Histograms && everySteps is null)
                AddHistograms(run.Model, step);
        }
        catch (IOException exception)
        {
            Fail(run, exception);
        }
    }

    /// <inheritdoc/>
    public override void Ended(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        try
        {
            // The end is final for TensorBoard, and a run that was cancelled may be continued.
            if (run.StopReason is not null || run.History.Epochs.Count >= run.Plan.Epochs)
                writer?.AddRunEnd();
        }
        catch (IOException exception)
        {
            Fail(run, exception);
        }

        writer?.Dispose();
        (writer, values) = (null, []);
    }

    private Dictionary<string, object> AllHyperParameters(TrainingRun run)
    {
        var all = new Dictionary<string, object>
        {
            ["model"] = run.Plan.Model,
            ["optimizer"] = run.Optimizer.GetType().Name,
            ["learning rate"] = run.Optimizer.LearningRate,
            ["batch size"] = run.Plan.BatchSize,
            ["epochs"] = run.Plan.Epochs,
            ["seed"] = run.Model.Seed,
        };
        foreach (var (name, value) in run.Optimizer.HyperParameters)
        {
            // A limit that is infinite is none.
            if (value is not double.PositiveInfinity)
                all[name] = value;
        }

        foreach (var (name, value) in HyperParameters)
            all[name] = value;
        return all;
    }

    private void Add(string data, double loss, IReadOnlyList<MetricValue> metrics, long step)
    {
        writer!.AddScalar($"loss/{data}", loss, step);
        foreach (var metric in metrics)
            writer.AddScalar($"{metric.Name}/{data}", metric.Value, step);
    }

    private void AddHistograms(Model model, long step)
    {
        foreach (var parameter in model.Parameters)
            AddHistogram("weights/", parameter, step);
        foreach (var gradient in model.Gradients)
            AddHistogram("gradients/", gradient, step);
    }

    private void AddHistogram(string group, ParameterTensor tensor, long step)
    {
        if (values.Length < tensor.Count)
            values = new float[tensor.Count];
        var part = values.AsSpan(0, tensor.Count);
        tensor.CopyTo(part);
        writer!.AddHistogram(group + tensor.Name, part, step);
    }

    private void Fail(TrainingRun run, IOException exception)
    {
        writer?.Dispose();
        writer = null;
        run.Warn(new TrainingWarning($"The event file in '{Folder}' cannot be written: {exception.Message} Training continues without it."));
    }
}
