using System.Diagnostics;
using System.Text;
using ModelDsl.Distributed;

namespace ModelDsl.Runs;

/// <summary>The checkpoints of one run: finds the one that it begins with, and saves new ones when they are due.</summary>
internal sealed class RunCheckpoints : IDisposable
{
    private readonly CheckpointOptions options;
    private readonly Model model;
    private readonly Collective? group;

    // Only the root of a group opens the folder.
    private readonly RunFolder? folder;
    private readonly long interval;
    private long lastTime = Stopwatch.GetTimestamp();
    private long lastSteps = -1;

    /// <summary>Locks the folder of the run and finds its last checkpoint.</summary>
    /// <param name="options">The options.</param>
    /// <param name="model">The model.</param>
    /// <param name="settings">The settings of the run.</param>
    /// <param name="group">The group that trains the model; null for none. All ranks create an object.</param>
    /// <param name="resume">Where a new run begins instead of <see cref="CheckpointOptions.ResumeFrom"/>; null for there.</param>
    /// <exception cref="ArgumentException">The checkpoint to begin with is in the folder of the run, and not its last one.</exception>
    /// <exception cref="CheckpointMismatchException">The checkpoint belongs to a run with other settings.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no checkpoint to begin with.</exception>
    /// <exception cref="InvalidDataException">There are checkpoints, and none of them can be read.</exception>
    /// <exception cref="IOException">Another process uses the folder, or it cannot be written to.</exception>
    public RunCheckpoints(CheckpointOptions options, Model model, IEnumerable<RunSetting> settings, Collective? group = null, CheckpointOrigin? resume = null)
    {
        this.options = options;
        this.model = model;
        this.group = group is { Count: > 1 } ? group : null;
        Settings = [.. settings];
        interval = options.EveryMinutes * 60 * Stopwatch.Frequency is var ticks && ticks < long.MaxValue ? (long)ticks : long.MaxValue;
        try
        {
            if (this.group is null || this.group.IsRoot)
                folder = new RunFolder(options.Folder);
            Start = new StartingCheckpoint(options.Folder, resume ?? CheckpointOrigin.Of(options), Settings, this.group);
        }
        catch
        {
            folder?.Dispose();
            throw;
        }
    }

    /// <summary>The settings of the run.</summary>
    public IReadOnlyList<RunSetting> Settings { get; }

    /// <summary>Where the run begins.</summary>
    public StartingCheckpoint Start { get; }

    /// <summary>The path of the last checkpoint that was saved or found in the folder; null if there is none.</summary>
    public string? Last { get; private set; }

    /// <summary>Whether the last call of <see cref="Save"/> has saved a checkpoint; the same on all ranks of a group.</summary>
    public bool WasSaved { get; private set; }

    /// <summary>Notes that the checkpoint that the run begins with is restored.</summary>
    public void Restored()
    {
        if (Start.Resumed is { } resumed)
            (Last, lastSteps, lastTime) = (Start.IsFork ? null : Start.Path, resumed.Steps, Stopwatch.GetTimestamp());
    }

    /// <summary>Whether the time for a checkpoint has come.</summary>
    public bool IsTime => interval != long.MaxValue && Stopwatch.GetTimestamp() - lastTime >= interval;

    /// <summary>Whether a checkpoint is due after a step.</summary>
    /// <param name="steps">The number of completed steps of the run.</param>
    /// <param name="isTime">Whether the time for a checkpoint has come; null to look at the clock.</param>
    public bool IsDue(long steps, bool? isTime = null) => steps != lastSteps && (steps % options.EverySteps == 0 || (isTime ?? IsTime));

    /// <summary>Saves a checkpoint.</summary>
    /// <param name="contents">Collects what the checkpoint contains apart from the model.</param>
    /// <returns>Null, or why the checkpoint could not be written. Training can continue: nothing was changed, and the earlier checkpoints are still there.</returns>
    public string? Save(Func<CheckpointWriter, RunContents> contents)
    {
        lastTime = Stopwatch.GetTimestamp();
        var problem = CollectAndWrite(contents);
        WasSaved = problem is null;
        if (group is not null)
        {
            var saved = Encoding.UTF8.GetString(group.Gather(CollectiveCall.Save, Encoding.UTF8.GetBytes(group.IsRoot && WasSaved ? Last! : ""))[0]);
            WasSaved = saved.Length > 0;
            Last = WasSaved ? saved : Last;
        }

        return problem;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Start.Dispose();
        folder?.Dispose();
    }

    /// <summary>Writes a checkpoint; in a group, on the root, to which the other ranks send their parts of the optimizer's state meanwhile.</summary>
    private string? CollectAndWrite(Func<CheckpointWriter, RunContents> contents)
    {
        using var work = group?.BeginRootWork();
        var sharded = group is null ? null : new ShardedStates(group) { Work = work };
        var writer = new CheckpointWriter(sharded);
        writer.Section("model").Write("steps", (long)model.TrainingSteps);
        var collected = contents(writer);
        lastSteps = collected.Steps;
        if (folder is null)
        {
            sharded!.Answer();
            return null;
        }

        var problem = Write(folder, collected);
        work?.EndQuestions();
        return problem;
    }

    /// <summary>Writes a checkpoint.</summary>
    private string? Write(RunFolder folder, RunContents collected)
    {
        try
        {
            Last = folder.Save(collected.Steps, options.KeepLast, path => CheckpointFiles.Write(path, model, collected));
            return null;
        }
        catch (IOException exception)
        {
            return FormattableString.Invariant($"The checkpoint after step {collected.Steps} could not be saved: {exception.Message} ")
                + "Training continues, and saves the next checkpoint when it is due. "
                + (Last is null ? "There is no checkpoint yet." : $"The last checkpoint is '{Last}'.");
        }
    }
}
