using System.Buffers.Binary;
using System.Numerics;

namespace ModelDsl.Training.TensorBoard;

/// <summary>CRC-32C (Castagnoli, RFC 3720), and the masked form in which records of event files have it.</summary>
internal static class Crc32C
{
    /// <summary>A CRC of data that contains CRCs is weak, so the format rotates it by 15 bits and adds a constant.</summary>
    private const uint MaskDelta = 0xA282EAD8;

    public static uint Of(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        foreach (var value in data)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }

    public static uint Masked(ReadOnlySpan<byte> data) => BitOperations.RotateRight(Of(data), 15) + MaskDelta;
}
