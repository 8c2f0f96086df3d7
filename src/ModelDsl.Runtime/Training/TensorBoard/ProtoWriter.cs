using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace ModelDsl.Training.TensorBoard;

/// <summary>Writes messages in the binary format of Protocol Buffers (https://protobuf.dev/programming-guides/encoding), in memory that is reused.</summary>
internal sealed class ProtoWriter
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int LengthDelimited = 2;
    private const int Fixed32 = 5;

    private byte[] buffer = new byte[256];
    private int length;

    /// <summary>The message.</summary>
    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, length);

    /// <summary>Removes everything.</summary>
    public void Clear() => length = 0;

    public void Int64(int field, long value)
    {
        Tag(field, Varint);
        WriteVarint((ulong)value);
    }

    public void Double(int field, double value)
    {
        Tag(field, Fixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(Reserve(sizeof(double)), value);
    }

    public void Single(int field, float value)
    {
        Tag(field, Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(Reserve(sizeof(float)), value);
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, LengthDelimited);
        WriteVarint((ulong)value.Length);
        value.CopyTo(Reserve(value.Length));
    }

    public void String(int field, string value)
    {
        var bytes = Encoding.UTF8.GetByteCount(value);
        Tag(field, LengthDelimited);
        WriteVarint((ulong)bytes);
        Encoding.UTF8.GetBytes(value, Reserve(bytes));
    }

    /// <summary>Writes a repeated field in the packed form.</summary>
    public void Doubles(int field, ReadOnlySpan<double> values)
    {
        Tag(field, LengthDelimited);
        WriteVarint((ulong)values.Length * sizeof(double));
        foreach (var value in values)
            BinaryPrimitives.WriteDoubleLittleEndian(Reserve(sizeof(double)), value);
    }

    /// <summary>Writes the little-endian bytes of floats.</summary>
    public void SinglesAsBytes(int field, ReadOnlySpan<float> values)
    {
        Tag(field, LengthDelimited);
        WriteVarint((ulong)values.Length * sizeof(float));
        var target = Reserve(values.Length * sizeof(float));
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(values).CopyTo(target);
            return;
        }

        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(target[(i * sizeof(float))..], values[i]);
    }

    /// <summary>Begins a field that is a message; <see cref="End"/> ends it.</summary>
    /// <returns>The start of the message.</returns>
    public int Begin(int field)
    {
        Tag(field, LengthDelimited);
        return length;
    }

    /// <summary>Ends a field that is a message: its length is inserted before it.</summary>
    /// <param name="start">What <see cref="Begin"/> returned.</param>
    public void End(int start)
    {
        var size = length - start;
        Span<byte> prefix = stackalloc byte[10];
        var bytes = Encode(prefix, (ulong)size);
        Reserve(bytes);
        buffer.AsSpan(start, size).CopyTo(buffer.AsSpan(start + bytes));
        prefix[..bytes].CopyTo(buffer.AsSpan(start));
    }

    private void Tag(int field, int wireType) => WriteVarint(((ulong)field << 3) | (uint)wireType);

    private void WriteVarint(ulong value)
    {
        Span<byte> bytes = stackalloc byte[10];
        var count = Encode(bytes, value);
        bytes[..count].CopyTo(Reserve(count));
    }

    private static int Encode(Span<byte> target, ulong value)
    {
        var count = 0;
        for (; value >= 0x80; value >>= 7)
            target[count++] = (byte)(value | 0x80);
        target[count++] = (byte)value;
        return count;
    }

    private Span<byte> Reserve(int bytes)
    {
        var needed = checked(length + bytes);
        if (needed > buffer.Length)
            Array.Resize(ref buffer, (int)Math.Min(Math.Max(needed, 2L * buffer.Length), Array.MaxLength));
        var reserved = buffer.AsSpan(length, bytes);
        length = needed;
        return reserved;
    }
}
