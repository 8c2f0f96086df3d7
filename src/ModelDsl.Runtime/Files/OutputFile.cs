using System.Formats.Tar;

namespace ModelDsl.Files;

/// <summary>
/// Writes files. A file is written beside its target, which it then replaces: at the path there is always a whole file, the old one or the new one. A symbolic
/// link stays one, and what it leads to is replaced. A pipe or a device is written to as it is.
/// </summary>
internal static class OutputFile
{
    /// <summary>Writes a file.</summary>
    /// <param name="path">The path; a file that is there is replaced and its permissions are kept.</param>
    /// <param name="write">Writes the contents from front to back: the stream may be a pipe, which cannot seek.</param>
    /// <exception cref="DirectoryNotFoundException">The folder of the file does not exist.</exception>
    /// <exception cref="IOException">The path is a folder, or the file cannot be written; what was at the path is still there.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            throw new IOException($"'{path}' is a folder; give the path of a file.");
        try
        {
            var target = Target(full);
            if (target.StartsWith("/proc/", StringComparison.Ordinal))
            {
                // What the system lists as open, such as what /dev/stdout leads to, may have no path of its own.
                WriteTo(full, write);
                return;
            }

            if (Directory.GetParent(target) is { Exists: false } folder)
                throw new DirectoryNotFoundException($"'{path}' cannot be written: the folder '{folder.FullName}' does not exist. Create it first.");
            if (IsPipeOrDevice(target))
                WriteTo(target, write);
            else
                Replace(target, write);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"'{path}' cannot be written: access is denied. Check the permissions of the file and of its folder.", exception);
        }
    }

    /// <summary>Where a path leads through symbolic links.</summary>
    private static string Target(string path) =>
        new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    /// <summary>
    /// Whether a path is there and is no regular file. It must not be opened to find out: that would wait for the reader of a pipe, or make its reader believe that
    /// all has been written. What the runtime knows of a file's type it says only in archives.
    /// </summary>
    private static bool IsPipeOrDevice(string target)
    {
        if (OperatingSystem.IsWindows() || new FileInfo(target) is not { Exists: true, Length: 0 })
            return false;
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
            writer.WriteEntry(target, "target");
        archive.Position = 0;
        using var reader = new TarReader(archive);
        return reader.GetNextEntry() is not { EntryType: TarEntryType.RegularFile };
    }

    private static void WriteTo(string target, Action<Stream> write)
    {
        using var stream = new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        write(stream);
        stream.Flush();
    }

    private static void Replace(string target, Action<Stream> write)
    {
        using var beside = new TemporaryFile(target);
        write(beside.Stream);
        beside.Stream.Flush(flushToDisk: true);
        if (!OperatingSystem.IsWindows() && File.Exists(target))
            File.SetUnixFileMode(beside.Stream.SafeFileHandle, File.GetUnixFileMode(target));
        beside.MoveTo(target);
    }
}
