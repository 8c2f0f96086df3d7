using System.Diagnostics;
using System.Text;
using ModelDsl.Checkpoints;
using ModelDsl.Distributed;

namespace ModelDsl.Runs;

/// <summary>The checkpoints of one run: finds the last one when the run begins, and saves new ones when they are due.</summary>
internal sealed class RunCheckpoints : IDisposable
{
    private readonly CheckpointOptions options;
    private readonly Model model;
    private readonly Collective? group;
    private readonly CheckpointTransfer? transfer;

    // Only the root of a group opens the folder.
    private readonly RunFolder? folder;
    private readonly List<string> problems = [];
    private readonly Manifest? found;
    private readonly long interval;
    private long lastTime = Stopwatch.GetTimestamp();
    private long lastSteps = -1;

    /// <summary>Locks the folder of the run and finds its last checkpoint.</summary>
    /// <param name="options">The options.</param>
    /// <param name="model">The model.</param>
    /// <param name="settings">The settings of the run.</param>
    /// <param name="group">The group that trains the model; null for none. All ranks create an object.</param>
    /// <exception cref="CheckpointMismatchException">The checkpoint belongs to a run with other settings.</exception>
    /// <exception cref="InvalidDataException">There are checkpoints, and none of them can be read.</exception>
    /// <exception cref="IOException">Another process uses the folder, or it cannot be written to.</exception>
    public RunCheckpoints(CheckpointOptions options, Model model, IEnumerable<RunSetting> settings, Collective? group = null)
    {
        this.options = options;
        this.model = model;
        this.group = group is { Count: > 1 } ? group : null;
        Settings = [.. settings];
        interval = options.EveryMinutes * 60 * Stopwatch.Frequency is var ticks && ticks < long.MaxValue ? (long)ticks : long.MaxValue;
        CheckResumeFrom(options);
        try
        {
            if (this.group is null || this.group.IsRoot)
            {
                folder = new RunFolder(options.Folder);
                (found, Found) = Find(options.Folder, isOwn: true);
                if (found is null && options.ResumeFrom is { } other)
                {
                    (found, Found) = FindOther(other);
                    IsFork = true;
                }

                if (found is not null)
                    RunSetting.Check(Found!, found.Settings, Settings);
            }

            if (this.group is null)
                return;
            transfer = new CheckpointTransfer(this.group, Found, IsFork);
            (Found, IsFork) = (transfer.Path, transfer.IsFork);
            if (transfer.Folder is { } copy)
                found ??= CheckpointFiles.Check(copy);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The settings of the run.</summary>
    public IReadOnlyList<RunSetting> Settings { get; }

    /// <summary>The path of the checkpoint that the run continues from; null for a new run.</summary>
    public string? Found { get; }

    /// <summary>Where the run continues; null for a new run.</summary>
    public TrainingResumption? Resumed => found is null ? null : new TrainingResumption(Found!, found.Epochs + 1, found.EpochSteps, found.Steps);

    /// <summary>Whether the run begins with a checkpoint of another run.</summary>
    public bool IsFork { get; }

    /// <summary>Checkpoints that could not be used, for warnings.</summary>
    public IReadOnlyList<string> Problems => problems;

    /// <summary>The path of the last checkpoint that was saved or found in the folder; null if there is none.</summary>
    public string? Last { get; private set; }

    /// <summary>Whether the last call of <see cref="Save"/> has saved a checkpoint; the same on all ranks of a group.</summary>
    public bool WasSaved { get; private set; }

    /// <summary>Restores the model, and everything else by a delegate.</summary>
    /// <param name="restore">Restores everything else.</param>
    public void Restore(Action<CheckpointReader, Manifest> restore)
    {
        if (found is null || Found is null)
            return;

        // The copy on this rank is not needed afterwards.
        using var copy = transfer;
        var files = copy?.Folder ?? Found;
        using (var file = SafetensorsFile.Open(Path.Combine(files, CheckpointFiles.ModelFile)))
        using (model.Write())
            CheckpointLoader.Load(model, file, LoadOptions.Default);
        using var tensors = SafetensorsFile.Open(Path.Combine(files, CheckpointFiles.TrainingFile));
        var reader = new CheckpointReader(Found, found.Values, tensors);
        model.TrainingSteps = checked((uint)reader.GetInt64("model.steps"));
        restore(reader, found);
        (Last, lastSteps, lastTime) = (IsFork ? null : Found, found.Steps, Stopwatch.GetTimestamp());
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
        transfer?.Dispose();
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

    private static void CheckResumeFrom(CheckpointOptions options)
    {
        if (options.ResumeFrom is not { } other)
            return;
        var own = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Folder));
        if ((Path.GetFullPath(other) + Path.DirectorySeparatorChar).StartsWith(own + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"ResumeFrom '{other}' lies in the folder of the run, '{options.Folder}', which is continued from its last checkpoint. Give the new run another folder.", nameof(options));
        }
    }

    private (Manifest? Manifest, string? Path) FindOther(string path)
    {
        if (File.Exists(Path.Combine(path, ManifestFile.Name)))
        {
            try
            {
                return (CheckpointFiles.Check(path), path);
            }
            catch (InvalidDataException exception)
            {
                throw new InvalidDataException($"The checkpoint '{path}' cannot be used: {exception.Message}. Set ResumeFrom to another one.", exception);
            }
        }

        var (manifest, found) = Find(path, isOwn: false);
        return manifest is not null ? (manifest, found)
            : throw new DirectoryNotFoundException($"There is no checkpoint in '{path}': set ResumeFrom to a checkpoint, such as 'runs/first/step-00000500', or to the folder of a run.");
    }

    /// <summary>Finds the newest checkpoint that is complete and undamaged.</summary>
    private (Manifest? Manifest, string? Path) Find(string runFolder, bool isOwn)
    {
        var unusable = new List<(string Path, string Reason)>();
        foreach (var path in RunFolder.Checkpoints(runFolder))
        {
            try
            {
                var manifest = CheckpointFiles.Check(path);
                foreach (var (damaged, reason) in unusable)
                {
                    var renamed = isOwn ? $" It was renamed to '{RunFolder.SetAside(damaged)}'." : "";
                    problems.Add($"The checkpoint '{damaged}' cannot be used: {reason}.{renamed} Training continues from '{path}'.");
                }

                return (manifest, path);
            }
            catch (Exception exception) when (exception is InvalidDataException or IOException)
            {
                unusable.Add((path, exception.Message.TrimEnd('.')));
            }
        }

        if (unusable.Count == 0)
            return (null, null);
        throw new InvalidDataException(
            $"No checkpoint in '{runFolder}' can be used:{string.Concat(unusable.Select(static entry => $"\n  '{entry.Path}': {entry.Reason}"))}\n"
            + "What to do: restore the folder from a copy, or move it away to start a new run.");
    }
}
