using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelDsl.Training.TensorBoard;

/// <summary>
/// An event file: records of a length (64 bits), its masked CRC-32C, the data, and its masked CRC-32C, all little-endian
/// (https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details).
/// </summary>
internal sealed partial class EventFile : IDisposable
{
    private const int HeaderBytes = sizeof(ulong) + sizeof(uint);

    private readonly FileStream stream;
    private byte[] record = new byte[256];

    /// <summary>Creates a file. TensorBoard finds it by its name, and reads the files of a folder in the order of their names.</summary>
    /// <param name="folder">The folder, which is created if it does not exist.</param>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public EventFile(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            stream = Create(folder);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"The folder '{folder}' cannot be written to: access is denied. Check its permissions.", exception);
        }
    }

    /// <summary>The path of the file.</summary>
    public string FilePath => stream.Name;

    /// <summary>Writes a record with one call of the operating system, so that TensorBoard can read it and a process that ends leaves complete records.</summary>
    /// <param name="data">The data.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(ReadOnlySpan<byte> data)
    {
        var length = HeaderBytes + data.Length + sizeof(uint);
        if (record.Length < length)
            record = new byte[Math.Max(length, (int)Math.Min(2L * record.Length, Array.MaxLength))];
        var target = record.AsSpan(0, length);
        BinaryPrimitives.WriteUInt64LittleEndian(target, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(target[sizeof(ulong)..], Crc32C.Masked(target[..sizeof(ulong)]));
        data.CopyTo(target[HeaderBytes..]);
        BinaryPrimitives.WriteUInt32LittleEndian(target[(HeaderBytes + data.Length)..], Crc32C.Masked(data));
        stream.Write(target);
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    private static FileStream Create(string folder)
    {
        var host = NoName().Replace(Environment.MachineName, "_");
        var seconds = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        for (var number = 0; ; number++)
        {
            var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{seconds:0000000000}.{host}.{Environment.ProcessId}.{number}"));
            if (!File.Exists(path))
                return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
    }

    [GeneratedRegex("[^A-Za-z0-9_.-]", RegexOptions.CultureInvariant)]
    private static partial Regex NoName();
}
