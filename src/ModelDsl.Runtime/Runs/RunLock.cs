using System.Globalization;

namespace ModelDsl.Runs;

/// <summary>A lock on the folder of a run, which ends with the process that holds it.</summary>
internal sealed class RunLock : IDisposable
{
    /// <summary>The name of the locked file, which stays in the folder: a file that is deleted could be locked twice.</summary>
    public const string FileName = "run.lock";

    /// <summary>The name of the file that says who holds the lock: other processes cannot read the locked file.</summary>
    public const string OwnerName = "run.owner";

    private readonly FileStream stream;
    private readonly string owner;

    private RunLock(FileStream stream, string owner)
    {
        this.stream = stream;
        this.owner = owner;
    }

    /// <summary>Locks a folder, which is created if it does not exist.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="IOException">Another process uses the folder, or it cannot be written to.</exception>
    public static RunLock Take(string folder)
    {
        if (File.Exists(folder))
            throw new IOException($"'{folder}' is a file; give a folder for the checkpoints of the run.");
        FileStream? stream = null;
        try
        {
            Directory.CreateDirectory(folder);
            stream = Open(Path.Combine(folder, FileName));
            var owner = Path.Combine(folder, OwnerName);
            if (stream is not null)
            {
                File.WriteAllText(owner, string.Create(CultureInfo.InvariantCulture,
                    $"process {Environment.ProcessId} on {Environment.MachineName}, since {DateTime.UtcNow:yyyy-MM-dd HH:mm:ss} UTC"));
                return new RunLock(stream, owner);
            }
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            stream?.Dispose();
            var reason = exception is UnauthorizedAccessException ? "access is denied" : exception.Message.TrimEnd('.');
            throw new IOException($"Checkpoints cannot be saved in '{folder}': {reason}. Check the folder, its permissions and the free space of its disk, or set Checkpoint or RunFolder to another folder.", exception);
        }

        throw new IOException(
            $"'{folder}' is already used by a run ({Read(Path.Combine(folder, OwnerName))}), and two runs cannot share a folder. "
            + "Wait until that run has ended, or set Checkpoint or RunFolder to another folder.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            File.Delete(owner);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The text only matters while the lock is held.
        }

        stream.Dispose();
    }

    /// <summary>Opens and locks a file; returns null if another process has locked it.</summary>
    private static FileStream? Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception.GetType() == typeof(IOException) && IsLocked(exception))
        {
            return null;
        }
    }

    /// <summary>Whether an error is that of a lock: a sharing violation on Windows, and EWOULDBLOCK on Linux and macOS.</summary>
    private static bool IsLocked(IOException exception) =>
        OperatingSystem.IsWindows() ? (exception.HResult & 0xFFFF) is 32 or 33 : exception.HResult is 11 or 35;

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "of another process";
        }
    }
}
