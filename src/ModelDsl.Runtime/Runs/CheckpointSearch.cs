namespace ModelDsl.Runs;

/// <summary>Finds the checkpoint that a run begins with: the last one of its own folder, or the one that the user has named.</summary>
internal sealed class CheckpointSearch
{
    private readonly string? folder;
    private readonly List<string> problems = [];

    /// <summary>Searches.</summary>
    /// <param name="folder">The folder of the run; null if the run is not saved.</param>
    /// <param name="origin">Where a new run begins; null for a run without a past.</param>
    /// <exception cref="ArgumentException">The checkpoint to begin with is in the folder of the run, and not its last one.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no checkpoint to begin with.</exception>
    /// <exception cref="InvalidDataException">There are checkpoints, and none of them can be read.</exception>
    public CheckpointSearch(string? folder, CheckpointOrigin? origin)
    {
        this.folder = folder;
        if (folder is not null && origin is not null && IsWithin(folder, origin.Path))
        {
            (Manifest, Path) = FindOwn(folder, origin);
            return;
        }

        if (folder is not null)
            (Manifest, Path) = FindLast(folder, "move it away to start a new run");
        if (Manifest is not null || origin is null)
            return;
        (Manifest, Path) = FindOther(origin);
        IsFork = true;
    }

    /// <summary>The manifest of the checkpoint; null if there is none.</summary>
    public Manifest? Manifest { get; }

    /// <summary>The path of the checkpoint; null if there is none.</summary>
    public string? Path { get; }

    /// <summary>Whether the checkpoint belongs to another run.</summary>
    public bool IsFork { get; }

    /// <summary>Newer checkpoints that cannot be used.</summary>
    public IReadOnlyList<string> Problems => problems;

    /// <summary>Finds a checkpoint of the folder of the run that the user has named. Only the last one can be continued there, because older ones would leave checkpoints of two courses of training in the folder.</summary>
    private (Manifest Manifest, string Path) FindOwn(string own, CheckpointOrigin origin)
    {
        if (!origin.MayBeOwn)
        {
            throw new ArgumentException(
                $"{origin.Name} '{origin.Path}' lies in the folder of the run, '{own}', which is continued from its last checkpoint. Give the new run another folder.");
        }

        if (Full(origin.Path) == Full(own))
            return FindLast(own, "move it away to start a new run") is ({ } manifest, { } last) ? (manifest, last) : throw NotFound(origin);
        var named = Read(origin);
        if (RunFolder.Checkpoints(own) is [var newest, ..] && Full(newest) != Full(origin.Path))
        {
            throw new ArgumentException(
                $"'{origin.Path}' is not the last checkpoint in the folder of the run, which is '{newest}'. To continue from the last one, give {origin.Name} the folder '{own}'; "
                + "to go back, set Checkpoint or RunFolder to another folder, or move the later checkpoints away.");
        }

        return (named, origin.Path);
    }

    /// <summary>Finds a checkpoint of another run, of which nothing is changed.</summary>
    private (Manifest Manifest, string Path) FindOther(CheckpointOrigin origin)
    {
        if (RunFolder.IsCheckpoint(origin.Path) || File.Exists(System.IO.Path.Combine(origin.Path, ManifestFile.Name)))
            return (Read(origin), origin.Path);
        return FindLast(origin.Path, $"give {origin.Name} another one") is ({ } manifest, { } path) ? (manifest, path) : throw NotFound(origin);
    }

    /// <summary>Reads the one checkpoint that the user has named.</summary>
    private static Manifest Read(CheckpointOrigin origin)
    {
        if (!Directory.Exists(origin.Path))
            throw NotFound(origin);
        try
        {
            return CheckpointFiles.Check(origin.Path);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw new InvalidDataException($"The checkpoint '{origin.Path}' cannot be used: {exception.Message.TrimEnd('.')}. Give {origin.Name} another one, or the folder of its run, for the last one that can be used.", exception);
        }
    }

    /// <summary>Finds the newest checkpoint that is complete and undamaged. In the folder of the run, damaged ones are renamed.</summary>
    private (Manifest? Manifest, string? Path) FindLast(string runFolder, string otherwise)
    {
        var unusable = new List<(string Path, string Reason)>();
        foreach (var path in RunFolder.Checkpoints(runFolder))
        {
            try
            {
                var manifest = CheckpointFiles.Check(path);
                foreach (var (damaged, reason) in unusable)
                {
                    var renamed = runFolder == folder ? $" It was renamed to '{RunFolder.SetAside(damaged)}'." : "";
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
            + $"What to do: restore the folder from a copy, or {otherwise}.");
    }

    private static DirectoryNotFoundException NotFound(CheckpointOrigin origin)
    {
        var reason = File.Exists(origin.Path) ? ", which is a file" : Directory.Exists(origin.Path) ? "" : ", which does not exist";
        return new DirectoryNotFoundException(
            $"There is no checkpoint in '{origin.Path}'{reason}: give {origin.Name} a checkpoint, such as 'runs/first/step-00000500', or the folder of a run, such as 'runs/first'. Weights alone are read by model.Load.");
    }

    private static bool IsWithin(string folder, string path) =>
        (Full(path) + System.IO.Path.DirectorySeparatorChar).StartsWith(Full(folder) + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string Full(string path) => System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
}
