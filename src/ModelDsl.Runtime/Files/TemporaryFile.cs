using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace ModelDsl.Files;

/// <summary>
/// A file beside its target, deleted unless it is moved there. Its process holds a lock on it, which ends with the process: that is how leftovers of processes that
/// were killed are told from files that are being written, and deleted.
/// </summary>
internal sealed partial class TemporaryFile : IDisposable
{
    private const int Attempts = 3;

    /// <summary>A folder may have very many files: it is not searched for leftovers more often than this.</summary>
    private const int MillisecondsBetweenSearches = 1000;

    private static readonly ConcurrentDictionary<string, long> Searched = new();

    private readonly string path;
    private bool moved;

    /// <summary>Creates the file, and deletes leftovers in its folder.</summary>
    /// <param name="target">The file it is going to be.</param>
    /// <exception cref="IOException">The file cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied.</exception>
    public TemporaryFile(string target)
    {
        (path, Stream) = Create(target);
        DeleteLeftovers(Path.GetDirectoryName(target)!);
    }

    /// <summary>What is written.</summary>
    public FileStream Stream { get; }

    /// <summary>Moves the file to its target, which is replaced.</summary>
    /// <param name="target">The target.</param>
    public void MoveTo(string target)
    {
        // While the lock is held: without it, the file could be taken for a leftover.
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
                // Sharing "delete" lets the file be moved while it is open; it is a lock that a search for leftovers respects.
                return (path, new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete));
            }
            catch (IOException exception) when (exception.GetType() == typeof(IOException) && attempt < Attempts)
            {
                // A search of another process may have met the file between its creation and its lock.
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

                // Where the file system has no locks, nothing can be told.
                if (TryDelete(path, delete: false))
                    return;
                TryDelete(found, delete: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A folder that cannot be searched keeps its leftovers; the file can be written all the same.
        }
    }

    /// <returns>Whether nobody holds a lock on the file.</returns>
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
