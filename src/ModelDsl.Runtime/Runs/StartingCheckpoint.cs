using ModelDsl.Checkpoints;
using ModelDsl.Distributed;

namespace ModelDsl.Runs;

/// <summary>The checkpoint that a run begins with. In a group, the root finds it, and all ranks read it.</summary>
internal sealed class StartingCheckpoint : IDisposable
{
    private readonly CheckpointTransfer? transfer;
    private readonly Manifest? found;

    /// <summary>Finds the checkpoint.</summary>
    /// <param name="folder">The folder of the run, whose checkpoints come first; null if the run is not saved.</param>
    /// <param name="origin">Where a new run begins; null for a run without a past.</param>
    /// <param name="settings">The settings of the run.</param>
    /// <param name="group">The group of several ranks that trains the model; null for none. All ranks create an object.</param>
    /// <exception cref="ArgumentException">The checkpoint to begin with is in the folder of the run, and not its last one.</exception>
    /// <exception cref="CheckpointMismatchException">The checkpoint belongs to a run with other settings.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no checkpoint to begin with.</exception>
    /// <exception cref="InvalidDataException">There are checkpoints, and none of them can be read.</exception>
    public StartingCheckpoint(string? folder, CheckpointOrigin? origin, IReadOnlyList<RunSetting> settings, Collective? group)
    {
        if (group is null || group.IsRoot)
        {
            var search = new CheckpointSearch(folder, origin);
            (found, Path, IsFork, Problems) = (search.Manifest, search.Path, search.IsFork, search.Problems);
            if (found is not null)
                RunSetting.Check(Path!, found.Settings, settings, IsFork ? $"give {origin!.Name} another checkpoint" : "set Checkpoint or RunFolder to another folder to start a new run");
        }

        if (group is null)
            return;
        transfer = new CheckpointTransfer(group, Path, IsFork);
        try
        {
            (Path, IsFork) = (transfer.Path, transfer.IsFork);
            if (transfer.Folder is { } copy)
                found ??= CheckpointFiles.Check(copy);
        }
        catch
        {
            transfer.Dispose();
            throw;
        }
    }

    /// <summary>The path of the checkpoint; null for a run without a past.</summary>
    public string? Path { get; }

    /// <summary>Whether the checkpoint belongs to another run.</summary>
    public bool IsFork { get; }

    /// <summary>Checkpoints that could not be used, for warnings.</summary>
    public IReadOnlyList<string> Problems { get; } = [];

    /// <summary>Where the run continues; null for a run without a past.</summary>
    public TrainingResumption? Resumed => found is null ? null : new TrainingResumption(Path!, found.Epochs + 1, found.EpochSteps, found.Steps);

    /// <summary>Restores the model, and everything else by a delegate.</summary>
    /// <param name="model">The model.</param>
    /// <param name="restore">Restores everything else.</param>
    /// <returns>Whether there is a checkpoint.</returns>
    public bool Restore(Model model, Action<CheckpointReader, Manifest> restore)
    {
        if (found is null || Path is null)
            return false;

        // The copy on this rank is not needed afterwards.
        using var copy = transfer;
        var files = copy?.Folder ?? Path;
        using (var file = SafetensorsFile.Open(System.IO.Path.Combine(files, CheckpointFiles.ModelFile)))
        using (model.Write())
            CheckpointLoader.Load(model, file, LoadOptions.Default);
        using var tensors = SafetensorsFile.Open(System.IO.Path.Combine(files, CheckpointFiles.TrainingFile));
        var reader = new CheckpointReader(Path, found.Values, tensors);
        model.TrainingSteps = checked((uint)reader.GetInt64("model.steps"));
        restore(reader, found);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => transfer?.Dispose();
}
