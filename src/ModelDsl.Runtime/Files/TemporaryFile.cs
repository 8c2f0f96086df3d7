using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace ModelDsl.Files;

/// <summary>
/// A temporary file in the folder of its target, which is deleted unless it is moved to the target. The process holds a lock on it, which ends with the process: the lock
/// distinguishes files that are being written from files of killed processes, which are deleted.
/// </summary>
internal sealed partial class TemporaryFile : IDisposable
{
    private const int Attempts = 3;

    /// <summary>The minimum time between searches for leftover files, because a folder may contain many files.</summary>
    private const int MillisecondsBetweenSearches = 1000;

    private static readonly ConcurrentDictionary<string, long> Searched = new();

    private readonly string path;
    private bool moved;

    /// <summary>Creates the file, and deletes leftover files in its folder.</summary>
    /// <param name="target">The path of the target.</param>
    /// <exception cref="IOException">The file cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied.</exception>
    public TemporaryFile(string target)
    {
        (path, Stream) = Create(target);
        DeleteLeftovers(Path.GetDirectoryName(target)!);
    }

    /// <summary>The stream to write to.</summary>
    public FileStream Stream { get; }

    /// <summary>Moves the file to its target, which is replaced.</summary>
    /// <param name="target">The target.</param>
    public void MoveTo(string target)
    {
        // Moved while the lock is held: without it, the file could be deleted as a leftover.
        File.Move(path, target, overwrite: true);
        moved = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!moved)
            File.Delete(path);
        Stream.Dispose();
    }

    private static (string Path, FileStream Stream) Create(string target)
    {
        for (var attempt = 1; ; attempt++)
        {
            var path = $"{target}.{Guid.NewGuid():N}.modeldsl.tmp";
            try
            {
                // Sharing "delete" allows the file to be moved while it is open; it is a lock that a search for leftover files respects.
                return (path, new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete));
            }
            catch (IOException exception) when (exception.GetType() == typeof(IOException) && attempt < Attempts)
            {
                // A search of another process may have opened the file between its creation and its lock.
            }
        }
    }

    private void DeleteLeftovers(string folder)
    {
        var now = Environment.TickCount64;
        if (Searched.TryGetValue(folder, out var last) && now - last < MillisecondsBetweenSearches)
            return;
        Searched[folder] = now;
        try
        {
            foreach (var found in Directory.EnumerateFiles(folder, "*.modeldsl.tmp"))
            {
                if (found == path || !Name().IsMatch(found))
                    continue;

                // If the file system has no locks, leftover files cannot be recognized.
                if (TryDelete(path, delete: false))
                    return;
                TryDelete(found, delete: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // If a folder cannot be searched, its leftover files stay; the file can be written anyway.
        }
    }

    /// <returns>Whether no process holds a lock on the file.</returns>
    private static bool TryDelete(string path, bool delete)
    {
        try
        {
            using var stream = new FileStream(
                path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, delete ? FileOptions.DeleteOnClose : FileOptions.None);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\.[0-9a-f]{32}\.modeldsl\.tmp$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
