using System.Buffers.Binary;

namespace ModelDsl.Runtime.Tests.Training.TensorBoard;

/// <summary>Reads event files as TensorBoard does, and checks the length and both checksums of each record.</summary>
internal static class EventReader
{
    // Field numbers of event.proto and summary.proto in TensorBoard's repository.
    public const int Step = 2;
    public const int FileVersion = 3;
    public const int Summary = 5;
    public const int SessionLog = 7;
    public const int Tag = 1;
    public const int SimpleValue = 2;
    public const int Image = 4;
    public const int Histogram = 5;
    public const int Tensor = 8;
    public const int Metadata = 9;

    /// <summary>The events of a file.</summary>
    public static ProtoMessage[] Events(string path)
    {
        ReadOnlySpan<byte> data = File.ReadAllBytes(path);
        var events = new List<ProtoMessage>();
        while (!data.IsEmpty)
        {
            var length = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(data));
            Assert.Equal(Mask(Crc(data[..8])), BinaryPrimitives.ReadUInt32LittleEndian(data[8..]));
            var record = data.Slice(12, length);
            Assert.Equal(Mask(Crc(record)), BinaryPrimitives.ReadUInt32LittleEndian(data[(12 + length)..]));
            events.Add(ProtoMessage.Read(record.ToArray()));
            data = data[(16 + length)..];
        }

        return [.. events];
    }

    /// <summary>The values of all event files of a folder with their steps, in order.</summary>
    public static List<(long Step, ProtoMessage Value)> Values(string folder) => [.. Files(folder).SelectMany(Events).Where(item => item.Has(Summary))
        .SelectMany(item => item.Message(Summary).Messages(1).Select(value => (item.Get<long>(Step), value)))];

    /// <summary>The scalars of a tag by step.</summary>
    public static (long Step, float Value)[] Scalars(string folder, string tag) =>
        [.. Values(folder).Where(value => value.Value.Text(Tag) == tag).Select(value => (value.Step, value.Value.Get<float>(SimpleValue)))];

    public static string[] Files(string folder) => [.. Directory.GetFiles(folder, "events.out.tfevents.*").Order(StringComparer.Ordinal)];

    /// <summary>CRC-32C, bit by bit.</summary>
    public static uint Crc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78);
        }

        return ~crc;
    }

    private static uint Mask(uint crc) => ((crc >> 15) | (crc << 17)) + 0xA282EAD8;
}
