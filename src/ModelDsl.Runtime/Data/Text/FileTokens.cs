using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using ModelDsl.Files;

namespace ModelDsl;

/// <summary>
/// Ids in a file. They are read with positioned reads, not through a memory map: the pages of a map count as resident memory of the process, and a file that becomes shorter while it is mapped
/// ends the process.
/// </summary>
internal sealed class FileTokens : TokenSource, IDisposable
{
    private readonly FileStream stream;
    private readonly TokenFileLayout layout;

    private FileTokens(FileStream stream, TokenFileLayout layout)
    {
        this.stream = stream;
        this.layout = layout;
    }

    public string Path => stream.Name;

    public int VocabularySize => layout.VocabularySize;

    public override long Length => layout.Count;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The path.</param>
    /// <param name="read">Reads the layout.</param>
    public static FileTokens Open(string path, Func<FileStream, TokenFileLayout> read)
    {
        var stream = InputFile.Open(path);
        try
        {
            return new FileTokens(stream, read(stream));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public override void Read(long position, Span<int> target)
    {
        // 16-bit ids are read into the second half of the target. Converted from the front, no id is overwritten before it is converted.
        var bytes = MemoryMarshal.AsBytes(target);
        if (layout.BytesPerId == sizeof(ushort))
            bytes = bytes[(bytes.Length / 2)..];
        ReadBytes(layout.Start + (position * layout.BytesPerId), bytes);

        var greatest = 0u;
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = layout.BytesPerId == sizeof(ushort)
                ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[(i * sizeof(ushort))..])
                : BinaryPrimitives.ReadInt32LittleEndian(bytes[(i * sizeof(int))..]);
            greatest = Math.Max(greatest, (uint)target[i]);
        }

        if (greatest >= (uint)layout.VocabularySize)
            throw OutOfRange(position, target);
    }

    public void Dispose() => stream.Dispose();

    private void ReadBytes(long offset, Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var read = RandomAccess.Read(stream.SafeFileHandle, bytes, offset);
            if (read == 0)
                throw new EndOfStreamException(string.Create(CultureInfo.InvariantCulture, $"'{Path}' ends before byte {offset + bytes.Length:N0}; it was longer when it was opened. Another program has cut it short: write it again."));
            bytes = bytes[read..];
            offset += read;
        }
    }

    private InvalidDataException OutOfRange(long position, ReadOnlySpan<int> ids)
    {
        var i = 0;
        while ((uint)ids[i] < (uint)layout.VocabularySize)
            i++;
        return new InvalidDataException(string.Create(
            CultureInfo.InvariantCulture,
            $"'{Path}' has the id {ids[i]} at position {position + i:N0}, but ids of its vocabulary run from 0 to {layout.VocabularySize - 1}. It was written with another tokenizer, or is damaged: write it again, or give OpenRaw the size of the vocabulary that it was written with."));
    }
}
