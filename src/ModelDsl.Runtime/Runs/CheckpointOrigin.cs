namespace ModelDsl.Runs;

/// <summary>A checkpoint from which a user wants a run to begin.</summary>
/// <param name="Path">The path of a checkpoint, or of a folder with checkpoints.</param>
/// <param name="Name">What the user has given the path to, for messages.</param>
/// <param name="MayBeOwn">Whether the path may be in the folder of the run.</param>
internal sealed record CheckpointOrigin(string Path, string Name, bool MayBeOwn)
{
    /// <summary>Returns that of options; null for none.</summary>
    public static CheckpointOrigin? Of(CheckpointOptions options) => options.ResumeFrom is { } path ? new(path, nameof(options.ResumeFrom), MayBeOwn: false) : null;

    /// <summary>Returns that of <see cref="Trainer.Resume"/>.</summary>
    public static CheckpointOrigin OfResume(string path) => new(path, nameof(Trainer.Resume), MayBeOwn: true);
}
