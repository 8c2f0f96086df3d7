using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ModelDsl.Checkpoints;

/// <summary>Numbers as the bytes of safetensors files.</summary>
internal static class LittleEndian
{
    /// <summary>Writes numbers of 32 or 64 bits.</summary>
    public static void Write<T>(Stream stream, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        if (BitConverter.IsLittleEndian)
        {
            // In parts, because the number of bytes may exceed the length of a span.
            for (; values.Length > 1 << 20; values = values[(1 << 20)..])
                stream.Write(MemoryMarshal.AsBytes(values[..(1 << 20)]));
            stream.Write(MemoryMarshal.AsBytes(values));
            return;
        }

        var reversed = values.ToArray();
        Reverse(reversed.AsSpan());
        stream.Write(MemoryMarshal.AsBytes(reversed.AsSpan()));
    }

    /// <summary>Reads numbers of 32 or 64 bits.</summary>
    public static void Read<T>(Stream stream, Span<T> values)
        where T : unmanaged
    {
        for (var rest = values; rest.Length > 0; rest = rest[Math.Min(rest.Length, 1 << 20)..])
            stream.ReadExactly(MemoryMarshal.AsBytes(rest[..Math.Min(rest.Length, 1 << 20)]));
        if (!BitConverter.IsLittleEndian)
            Reverse(values);
    }

    private static unsafe void Reverse<T>(Span<T> values)
        where T : unmanaged
    {
        if (sizeof(T) == sizeof(long))
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<T, long>(values), MemoryMarshal.Cast<T, long>(values));
        else
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<T, int>(values), MemoryMarshal.Cast<T, int>(values));
    }
}
