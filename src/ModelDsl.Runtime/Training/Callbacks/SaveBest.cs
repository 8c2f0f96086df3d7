namespace ModelDsl;

/// <summary>Saves the model after each epoch that is the best of the run so far.</summary>
public sealed class SaveBest : MonitoringCallback
{
    /// <summary>Creates the callback.</summary>
    /// <param name="path">The path of the safetensors file, which is replaced each time.</param>
    public SaveBest(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FilePath = path;
    }

    /// <summary>The path of the file.</summary>
    public string FilePath { get; }

    private protected override void Improved(TrainingRun run, EpochResult epoch)
    {
        if (run.IsRoot)
            run.Model.Save(FilePath);
    }
}
