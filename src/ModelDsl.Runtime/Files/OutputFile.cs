using System.Formats.Tar;

namespace ModelDsl.Files;

/// <summary>
/// Writes files. A temporary file in the same folder is written, which then replaces the target, so that the path always has a complete file, the old one or the new one.
/// For a symbolic link, the file that it points to is replaced. A pipe or a device is written to directly.
/// </summary>
internal static class OutputFile
{
    /// <summary>Writes a file.</summary>
    /// <param name="path">The path; an existing file is replaced and keeps its permissions.</param>
    /// <param name="write">Writes the contents in order, without seeking, because the stream may be a pipe.</param>
    /// <exception cref="DirectoryNotFoundException">The folder of the file does not exist.</exception>
    /// <exception cref="IOException">The path is a folder, or the file cannot be written; an existing file is unchanged.</exception>
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
                // A file that is open already, such as the target of /dev/stdout, may have no path.
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
        catch (ArgumentOutOfRangeException exception) when (exception.ParamName == "value")
        {
            // The error of FileStream if the file system, or a limit of the process, does not allow so large a file.
            throw new IOException($"'{path}' cannot be written: the file is too large for its file system, or for the limit of the process.", exception);
        }
    }

    /// <summary>Returns the path that symbolic links lead to.</summary>
    private static string Target(string path) =>
        new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    /// <summary>
    /// Whether a path exists and is not a regular file. It must not be opened to find out: that would wait for the reader of a pipe, or the reader would see the end of the
    /// data. The runtime exposes the type of a file only in its archive API.
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
