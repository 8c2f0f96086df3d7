using System.Diagnostics;
using ModelDsl.Training.Logs;

namespace ModelDsl;

/// <summary>Writes the results of each epoch, and of steps if asked, to a CSV file.</summary>
/// <remarks>
/// <para>The columns are <c>kind</c> (<c>epoch</c> or <c>step</c>), <c>epoch</c>, <c>step</c> (the number of steps of the run), <c>loss</c>, a column for each metric, <c>validation loss</c> and
/// a column for each metric of the validation data if there is any, <c>learning rate</c>, <c>seconds</c> and <c>samples/s</c>. A line of an epoch has the values of its <see cref="EpochResult"/>. A line of
/// a step has the mean loss of its batch; its seconds and samples per second are those since the last such line, and its metrics and validation values are empty. Numbers have the format of the invariant
/// culture with all their digits. Each line is passed to the operating system when it is complete, so that other programs can read it, and it is kept if the process ends.</para>
/// <para>If the run is continued from a checkpoint, the file is continued: lines of steps after the checkpoint are removed. If a new run begins, a file with this name is kept as <c>log.1.csv</c>,
/// <c>log.2.csv</c> and so on. A file that cannot be written during training is a warning, and training continues.</para>
/// </remarks>
/// <example>
/// <code>
/// new Trainer(new Adam(1e-3)) { Callbacks = [new CsvLog("runs/a/log.csv") { EverySteps = 100 }] }
/// </code>
/// </example>
public sealed class CsvLog : TrainingCallback
{
    private readonly int? everySteps;
    private CsvLogFile? file;
    private long lastStep;
    private long lastTime;
    private long samples;

    /// <summary>Creates the callback.</summary>
    /// <param name="path">The path of the file. Its folder is created if it does not exist.</param>
    /// <exception cref="ArgumentException">The path is null or empty.</exception>
    public CsvLog(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FilePath = path;
    }

    /// <summary>The path of the file.</summary>
    public string FilePath { get; }

    /// <summary>The number of steps after which a line is written; null, the default, for lines of epochs only.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? EverySteps
    {
        get => everySteps;
        init => everySteps = value is { } steps ? ArgumentCheck.AtLeast(steps, 1) : null;
    }

    internal override bool IsForRoot => true;

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public override void Started(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        string[] validation = run.HasValidation ? ["validation loss", .. run.MetricNames.Select(static name => $"validation {name}")] : [];
        file = CsvLogFile.Open(FilePath, ["kind", "epoch", "step", "loss", .. run.MetricNames, .. validation, "learning rate", "seconds", "samples/s"], run.History.Resumed);
        (lastStep, lastTime, samples) = (run.History.Resumed?.Steps ?? 0, Stopwatch.GetTimestamp(), 0);
    }

    /// <inheritdoc/>
    public override void StepEnded(TrainingRun run, in TrainingStep step)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (everySteps is null || file is null)
            return;
        samples += step.Samples;

        // A step whose update was refused has the number of the step before.
        if (step.Number % everySteps != 0 || step.Number == lastStep)
            return;
        var seconds = Stopwatch.GetElapsedTime(lastTime).TotalSeconds;
        var line = file.Line("step").Add(step.Epoch).Add(step.Number).Add(step.Loss).Skip(run.MetricNames.Count + (run.HasValidation ? 1 + run.MetricNames.Count : 0));
        Write(run, line.Add(run.Optimizer.LearningRate).Add(seconds).Add(samples / seconds));
        (lastStep, lastTime, samples) = (step.Number, Stopwatch.GetTimestamp(), 0);
    }

    /// <inheritdoc/>
    public override void EpochEnded(TrainingRun run, EpochResult epoch)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(epoch);
        if (file is null)
            return;
        var line = file.Line("epoch").Add(epoch.Epoch).Add(run.History.Steps).Add(epoch.Loss).Add(epoch.Metrics, run.MetricNames);
        if (epoch.Validation is { } validation)
            line.Add(validation.Loss).Add(validation.Metrics, run.MetricNames);
        Write(run, line.Add(epoch.LearningRate).Add(epoch.Seconds).Add(epoch.SamplesPerSecond));
    }

    /// <inheritdoc/>
    public override void Ended(TrainingRun run) => Close();

    private void Write(TrainingRun run, CsvLogLine line)
    {
        try
        {
            file!.Write(line);
        }
        catch (IOException exception)
        {
            Close();
            run.Warn(new TrainingWarning($"The log '{FilePath}' cannot be written: {exception.Message} Training continues without it."));
        }
    }

    private void Close()
    {
        file?.Dispose();
        file = null;
    }
}
