using System.IO.MemoryMappedFiles;

namespace ModelDsl.Files;

/// <summary>A file in the address space of the process: what is read of it stays in the system's cache of files, and needs no memory of the process.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* start;

    private MappedFile(MemoryMappedFile file, MemoryMappedViewAccessor view)
    {
        this.file = file;
        this.view = view;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        start += view.PointerOffset;
    }

    /// <summary>Maps a file. Returns null if that is not possible: some file systems do not have maps, and 32-bit processes have no space for large files.</summary>
    /// <param name="stream">The file, which is open and not empty. It must stay open.</param>
    public static MappedFile? TryCreate(FileStream stream)
    {
        MemoryMappedFile? file = null;
        try
        {
            file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            return new MappedFile(file, file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or OutOfMemoryException or NotSupportedException)
        {
            file?.Dispose();
            return null;
        }
    }

    /// <summary>Returns floats of the file. They are valid until the file is disposed.</summary>
    /// <param name="offset">The offset of the first byte, a multiple of 4; the floats lie within the file.</param>
    /// <param name="count">The number of floats.</param>
    public ReadOnlySpan<float> Floats(long offset, int count) => new(start + offset, count);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (view.SafeMemoryMappedViewHandle.IsClosed)
            return;
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file.Dispose();
    }
}
