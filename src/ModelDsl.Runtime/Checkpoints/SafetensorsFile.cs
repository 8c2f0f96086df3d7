using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using ModelDsl.Files;

namespace ModelDsl.Checkpoints;

/// <summary>
/// A safetensors file that is open for reading. The format is 8 bytes with the length of the header, a JSON header with names, types, shapes and offsets, and the
/// values.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    /// <summary>The limit of the format.</summary>
    private const long GreatestHeader = 100_000_000;

    private readonly Stream stream;
    private readonly long dataStart;
    private readonly Dictionary<string, SafetensorsEntry> entries;
    private readonly Dictionary<string, string> metadata = [];
    private readonly Lazy<MappedFile?> map;

    private SafetensorsFile(Stream stream)
    {
        this.stream = stream;
        map = new(() => stream is FileStream file ? MappedFile.TryCreate(file) : null);
        Span<byte> prefix = stackalloc byte[8];
        if (stream.Length < prefix.Length)
            throw new InvalidDataException($"It has {stream.Length} bytes; a safetensors file begins with 8 bytes that say how long its header is.");

        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > GreatestHeader || (long)length > stream.Length - prefix.Length)
            throw new InvalidDataException($"Its header would have {length} bytes, but the file has {stream.Length}: it is cut off, or no safetensors file.");

        var header = new byte[length];
        stream.ReadExactly(header);
        dataStart = prefix.Length + (long)length;
        entries = SafetensorsHeader.Parse(header, stream.Length - dataStart, metadata);
    }

    /// <summary>The file's path.</summary>
    public string Path => stream is FileStream file ? file.Name : "";

    /// <summary>The tensors, in the order of the header.</summary>
    public IReadOnlyCollection<SafetensorsEntry> Entries => entries.Values;

    /// <summary>The metadata of the file.</summary>
    public IReadOnlyDictionary<string, string> Metadata => metadata;

    /// <summary>Opens a file and checks its header.</summary>
    /// <param name="path">The path.</param>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, or is not a safetensors file. For files of PyTorch, Keras, NumPy and ONNX the message says how to convert them.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SafetensorsFile Open(string path)
    {
        var stream = InputFile.Open(path);
        try
        {
            return new SafetensorsFile(stream);
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            using (stream)
                throw new InvalidDataException($"'{path}' cannot be read as safetensors: {ForeignFile.Advice(stream, path) ?? exception.Message}", exception);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Writes the list of the tensors of a file as a text beside it, <c>net.safetensors.txt</c> for <c>net.safetensors</c>: one line for each tensor with its name, type and sizes, separated by tabs. The compiler compares
    /// the list with the model that has <c>[Weights("net.safetensors")]</c>.
    /// </summary>
    /// <param name="path">The path of the safetensors file.</param>
    /// <exception cref="InvalidDataException">The file is damaged, is not a safetensors file, or has a tensor whose name contains a tab or a line break.</exception>
    /// <exception cref="IOException">The file cannot be read, or the text cannot be written.</exception>
    public static void WriteTensorList(string path) => TensorListWriter.Write(path);

    /// <summary>Reads the contents of a file from memory.</summary>
    /// <param name="bytes">The contents.</param>
    internal static SafetensorsFile FromBytes(byte[] bytes) => new(new MemoryStream(bytes, writable: false));

    /// <summary>Gets the tensor with a name, if it exists.</summary>
    /// <param name="name">The name of the tensor.</param>
    /// <param name="entry">The tensor, or null.</param>
    /// <returns>Whether the tensor exists.</returns>
    public bool TryGet(string name, [NotNullWhen(true)] out SafetensorsEntry? entry) => entries.TryGetValue(name, out entry);

    /// <summary>Reads the values of a tensor, and converts other float types.</summary>
    /// <param name="entry">One of <see cref="Entries"/>.</param>
    /// <param name="destination">The destination, which has exactly the length of the tensor.</param>
    /// <exception cref="ArgumentException">The destination has another length, or the values are not floats.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void Read(SafetensorsEntry entry, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (!entry.IsFloat)
            throw new ArgumentException($"Tensor '{entry.Name}' has type {entry.Type}, which is not read as floats.", nameof(entry));
        var size = SafetensorsEntry.SizeOf(entry.Type);
        if ((entry.End - entry.Begin) / size != destination.Length)
            throw new ArgumentException($"Tensor '{entry.Name}' has {(entry.End - entry.Begin) / size} values, not {destination.Length}.", nameof(destination));

        stream.Position = dataStart + entry.Begin;
        if (entry.Type == "F32")
        {
            LittleEndian.Read(stream, destination);
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        while (destination.Length > 0)
        {
            var count = Math.Min(destination.Length, buffer.Length / size);
            var bytes = buffer.AsSpan(0, count * size);
            stream.ReadExactly(bytes);
            Convert(entry.Type, bytes, destination[..count]);
            destination = destination[count..];
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>
    /// Gets the values of a tensor as they are in the file, without copying them. They are valid while the file is open. If the file is made shorter by another process before they are used, the process ends:
    /// the caller uses them at once.
    /// </summary>
    /// <param name="entry">One of <see cref="Entries"/>.</param>
    /// <param name="values">The values.</param>
    /// <returns>False if the values must be converted, or the file cannot be mapped; then <see cref="Read"/> reads them.</returns>
    internal bool TryMap(SafetensorsEntry entry, out ReadOnlySpan<float> values)
    {
        var (begin, end) = (dataStart + entry.Begin, dataStart + entry.End);
        values = default;
        if (entry.Type != "F32" || !BitConverter.IsLittleEndian || begin % sizeof(float) != 0 || (stream is FileStream file && RandomAccess.GetLength(file.SafeFileHandle) < end) || map.Value is not { } mapped)
            return false;
        values = mapped.Floats(begin, checked((int)((end - begin) / sizeof(float))));
        return true;
    }

    /// <summary>Reads the values of a tensor without converting them.</summary>
    /// <param name="entry">One of <see cref="Entries"/>, whose type is that of the destination.</param>
    /// <param name="destination">The destination, which has exactly the length of the tensor.</param>
    internal void ReadExactly<T>(SafetensorsEntry entry, Span<T> destination)
        where T : unmanaged
    {
        stream.Position = dataStart + entry.Begin;
        LittleEndian.Read(stream, destination);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (map.IsValueCreated)
            map.Value?.Dispose();
        stream.Dispose();
    }

    private static void Convert(string type, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = type switch
            {
                "F64" => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]),
                "F16" => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]),
                _ => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) << 16),
            };
        }
    }
}
