using System.Text;

namespace ModelDsl.Files;

/// <summary>
/// Enumerates the files of a tar archive (POSIX.1-1988, ustar): headers of 512 bytes, each followed by its file. Unlike
/// <see cref="System.Formats.Tar.TarReader"/> it allocates nothing according to the sizes in headers, so that a damaged archive cannot exhaust the memory. Names of more
/// than 100 characters are truncated.
/// </summary>
/// <param name="stream">The archive.</param>
internal sealed class TarFiles(Stream stream)
{
    private const int Block = 512, NameBytes = 100, SizeStart = 124, SizeBytes = 12, ChecksumStart = 148, ChecksumBytes = 8, TypeAt = 156;

    private readonly byte[] block = new byte[Block];
    private long unread;

    /// <summary>The name of the file, including its folders.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The length of the file in bytes. Bytes that are not read are skipped.</summary>
    public long Length { get; private set; }

    /// <summary>Advances to the next file.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="InvalidDataException">A header is damaged, or the archive is truncated.</exception>
    public bool MoveNext()
    {
        while (true)
        {
            Skip();
            var read = stream.ReadAtLeast(block, Block, throwOnEndOfStream: false);
            if (read == 0 || (read == Block && block.AsSpan().IndexOfAnyExcept((byte)0) < 0))
            {
                // Only the end of a compressed archive shows whether it is complete.
                while (stream.Read(block) > 0)
                {
                }

                return false;
            }

            if (read < Block || Octal(ChecksumStart, ChecksumBytes) != Checksum())
                throw new InvalidDataException(read < Block ? "it ends within a header" : "the checksum of a header is wrong");
            Length = Octal(SizeStart, SizeBytes) ?? throw new InvalidDataException("the size of a file is not an octal number");
            unread = (Length + Block - 1) / Block * Block;
            var name = block.AsSpan(0, NameBytes);
            Name = Encoding.UTF8.GetString(name.IndexOf((byte)0) is >= 0 and var end ? name[..end] : name);

            // Other entries, such as folders, links and attributes, are skipped.
            if (block[TypeAt] is (byte)'0' or 0)
                return true;
        }
    }

    /// <summary>Reads the next bytes of the file.</summary>
    /// <param name="target">Receives the bytes.</param>
    /// <returns>The number of bytes that were read.</returns>
    public int Read(Span<byte> target)
    {
        var padding = ((Length + Block - 1) / Block * Block) - Length;
        var wanted = (int)Math.Min(target.Length, unread - padding);
        var read = stream.ReadAtLeast(target[..wanted], wanted, throwOnEndOfStream: false);
        unread -= read;
        return read == wanted ? read : throw CutShort();
    }

    private static InvalidDataException CutShort() => new("it ends within a file");

    private void Skip()
    {
        while (unread > 0)
        {
            var read = stream.Read(block, 0, (int)Math.Min(Block, unread));
            if (read == 0)
                throw CutShort();
            unread -= read;
        }
    }

    private long? Octal(int start, int length)
    {
        var value = 0L;
        var digits = 0;
        foreach (var character in block.AsSpan(start, length).Trim((byte)' ').TrimEnd((byte)0).Trim((byte)' '))
        {
            if (character is < (byte)'0' or > (byte)'7')
                return null;
            value = (value * 8) + character - '0';
            digits++;
        }

        return digits > 0 ? value : null;
    }

    /// <summary>Returns the sum of the header's bytes, with spaces in place of the checksum itself.</summary>
    private long Checksum()
    {
        var sum = ChecksumBytes * (long)' ';
        for (var i = 0; i < Block; i++)
            sum += i is >= ChecksumStart and < ChecksumStart + ChecksumBytes ? 0 : block[i];
        return sum;
    }
}
