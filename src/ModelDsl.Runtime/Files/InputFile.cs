namespace ModelDsl.Files;

/// <summary>Opens files for reading. If a file cannot be read, the message of the <see cref="IOException"/> contains the path and the reason.</summary>
internal static class InputFile
{
    /// <summary>Opens a file.</summary>
    /// <param name="path">The path.</param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="IOException">The path is a folder, a pipe or a device, or access is denied.</exception>
    public static FileStream Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw new IOException($"'{path}' is a folder; give the path of a file.");
        FileStream stream;
        try
        {
            stream = File.OpenRead(path);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"'{path}' cannot be read: access is denied. Check the permissions of the file and of its folder.", exception);
        }

        if (stream.CanSeek)
            return stream;
        stream.Dispose();
        throw new IOException($"'{path}' is a pipe or a device; only files can be read. Save what it gives as a file first.");
    }
}
