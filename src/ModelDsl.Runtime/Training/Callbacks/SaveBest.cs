namespace ModelDsl;

/// <summary>Saves the model whenever an epoch made it better than ever in the run.</summary>
public sealed class SaveBest : MonitoringCallback
{
    /// <summary>Creates the callback.</summary>
    /// <param name="path">The safetensors file, which is replaced each time.</param>
    public SaveBest(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FilePath = path;
    }

    /// <summary>The file.</summary>
    public string FilePath { get; }

    private protected override void Improved(TrainingRun run, EpochResult epoch) => run.Model.Save(FilePath);
}
