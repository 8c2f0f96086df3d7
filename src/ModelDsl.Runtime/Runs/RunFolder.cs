using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelDsl.Runs;

/// <summary>
/// The folder of a run, which one process at a time can open. Checkpoints are written into a temporary folder, which is then renamed, so that a checkpoint is
/// complete or does not exist.
/// </summary>
internal sealed partial class RunFolder : IDisposable
{
    private const string Temporary = ".tmp";

    /// <summary>The ending of a checkpoint that is being replaced.</summary>
    private const string Replaced = ".old";

    /// <summary>The name of a checkpoint that is being written.</summary>
    private const string NewCheckpoint = "step" + Temporary;

    private readonly RunLock held;

    /// <summary>Creates the folder if it does not exist, locks it, and repairs what an interrupted process has left.</summary>
    /// <param name="path">The path of the folder.</param>
    /// <exception cref="IOException">Another process uses the folder, or it cannot be written to.</exception>
    public RunFolder(string path)
    {
        Path = path;
        held = RunLock.Take(path);
        try
        {
            Recover();
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>The path of the folder.</summary>
    public string Path { get; }

    /// <summary>Returns the paths of the checkpoints in a folder, the newest first.</summary>
    public static IReadOnlyList<string> Checkpoints(string folder) =>
        [.. Folders(folder).Where(static path => Name().IsMatch(path)).OrderByDescending(static path => path.Length).ThenByDescending(static path => path, StringComparer.Ordinal)];

    /// <summary>Whether a path is that of a folder with the name of a checkpoint.</summary>
    public static bool IsCheckpoint(string path) => Directory.Exists(path) && Name().IsMatch(System.IO.Path.TrimEndingDirectorySeparator(path));

    /// <summary>Writes a checkpoint, and deletes the oldest ones.</summary>
    /// <param name="steps">The number of steps, which is the name of the checkpoint.</param>
    /// <param name="keep">The number of checkpoints to keep.</param>
    /// <param name="write">Writes the files into a folder.</param>
    /// <returns>The path of the checkpoint.</returns>
    /// <exception cref="IOException">The checkpoint cannot be written; the earlier checkpoints are unchanged.</exception>
    public string Save(long steps, int keep, Action<string> write)
    {
        var target = System.IO.Path.Combine(Path, string.Create(CultureInfo.InvariantCulture, $"step-{steps:00000000}"));
        var beside = System.IO.Path.Combine(Path, NewCheckpoint);
        try
        {
            DeleteIfExists(beside);
            Directory.CreateDirectory(beside);
            write(beside);
            Replace(beside, target);
            foreach (var old in Checkpoints(Path).Skip(keep))
                TryDelete(old);
            return target;
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"'{target}' cannot be written: access is denied. Check the permissions of the folder.", exception);
        }
        finally
        {
            TryDelete(beside);
        }
    }

    /// <summary>Renames a checkpoint that cannot be read, so that it neither counts as a checkpoint nor is deleted.</summary>
    /// <returns>Its new path.</returns>
    public static string SetAside(string checkpoint)
    {
        var target = checkpoint + ".damaged";
        DeleteIfExists(target);
        Directory.Move(checkpoint, target);
        return target;
    }

    /// <inheritdoc/>
    public void Dispose() => held.Dispose();

    /// <summary>Finishes or undoes what an interrupted process has begun.</summary>
    private void Recover()
    {
        foreach (var path in Folders(Path).Where(static path => path.EndsWith(Replaced + Temporary, StringComparison.Ordinal)))
        {
            var target = path[..^(Replaced + Temporary).Length];
            if (Name().IsMatch(target) && !Directory.Exists(target))
                Directory.Move(path, target);
        }

        foreach (var path in Folders(Path).Where(static path => TemporaryName().IsMatch(path)))
            TryDelete(path);
    }

    private static void Replace(string beside, string target)
    {
        // A folder cannot replace another in one operation. Recover renames the old one back if the process ends between the two.
        var old = target + Replaced + Temporary;
        var exists = Directory.Exists(target);
        if (exists)
        {
            DeleteIfExists(old);
            Directory.Move(target, old);
        }

        try
        {
            Directory.Move(beside, target);
        }
        catch when (exists)
        {
            Directory.Move(old, target);
            throw;
        }

        if (exists)
            TryDelete(old);
    }

    private static void DeleteIfExists(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    /// <summary>
    /// Deletes a folder if possible; otherwise the next process that opens the run does. A checkpoint is renamed first, so that no part of it is taken for one.
    /// </summary>
    private static void TryDelete(string folder)
    {
        try
        {
            if (Name().IsMatch(folder))
            {
                DeleteIfExists(folder + Temporary);
                Directory.Move(folder, folder + Temporary);
                folder += Temporary;
            }

            DeleteIfExists(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static string[] Folders(string folder) => Directory.Exists(folder) ? Directory.GetDirectories(folder, "step*") : [];

    [GeneratedRegex(@"step-[0-9]{8,}$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"step(-[0-9]{8,}(\.old)?)?\.tmp$", RegexOptions.CultureInvariant)]
    private static partial Regex TemporaryName();
}
