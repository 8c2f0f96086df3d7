namespace ModelDsl;

/// <content>The folder of a run.</content>
public sealed partial class Trainer
{
    /// <summary>
    /// Where and how often the run is saved; null, the default, for never. If the folder contains a checkpoint of this run, <see cref="Fit"/> continues from it, with the same results, to the
    /// last bit, as a run that was never interrupted.
    /// </summary>
    /// <exception cref="ArgumentException">The folder is not that of <see cref="RunFolder"/>.</exception>
    public CheckpointOptions? Checkpoint
    {
        get;
        init
        {
            field = value;
            CheckFolders();
        }
    }

    /// <summary>
    /// The folder of the run; null, the default, for none. The run is saved there, as with <c>Checkpoint = new(folder)</c>, and writes <c>log.csv</c> and TensorBoard's files, as with the callbacks
    /// <see cref="CsvLog"/> and <see cref="TensorBoardLog"/>. For other options set <see cref="Checkpoint"/> with the same folder too, or list such a callback.
    /// </summary>
    /// <exception cref="ArgumentException">The name is empty, or not that of the folder of <see cref="Checkpoint"/>.</exception>
    public string? RunFolder
    {
        get;
        init
        {
            if (value is not null)
                ArgumentException.ThrowIfNullOrWhiteSpace(value);
            field = value;
            CheckFolders();
        }
    }

    /// <summary>Where the run is saved: <see cref="Checkpoint"/>, or <see cref="RunFolder"/>.</summary>
    internal CheckpointOptions? CheckpointOrFolder => Checkpoint ?? (RunFolder is { } folder ? new CheckpointOptions(folder) : null);

    /// <summary>The callbacks, after those that write the logs of <see cref="RunFolder"/>: an epoch is in the logs even if a callback fails.</summary>
    internal IReadOnlyList<TrainingCallback> CallbacksAndLogs => field ??= RunFolder is { } folder
        ?
        [
            .. Callbacks.OfType<CsvLog>().Any() ? Array.Empty<TrainingCallback>() : [new CsvLog(Path.Combine(folder, "log.csv"))],
            .. Callbacks.OfType<TensorBoardLog>().Any() ? Array.Empty<TrainingCallback>() : [new TensorBoardLog(folder)],
            .. Callbacks,
        ]
        : Callbacks;

    private void CheckFolders()
    {
        if (RunFolder is { } folder && Checkpoint is { } options && Path.GetFullPath(folder) != Path.GetFullPath(options.Folder))
        {
            throw new ArgumentException(
                $"RunFolder is '{folder}', but Checkpoint saves the run in '{options.Folder}': use the same folder for both, or set only Checkpoint, and list CsvLog and TensorBoardLog as callbacks.");
        }
    }
}
