using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;

namespace ModelDsl.Runtime.Tests.Training.TensorBoard;

/// <summary>A message as Google's library reads it, with its fields by number.</summary>
internal sealed class ProtoMessage
{
    private readonly List<(int Field, object Value)> fields = [];

    public static ProtoMessage Read(byte[] data)
    {
        var message = new ProtoMessage();
        using var input = new CodedInputStream(data);
        while (input.ReadTag() is var tag and not 0)
        {
            object value = WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => input.ReadInt64(),
                WireFormat.WireType.Fixed64 => input.ReadDouble(),
                WireFormat.WireType.Fixed32 => input.ReadFloat(),
                WireFormat.WireType.LengthDelimited => input.ReadBytes().ToByteArray(),
                var other => throw new InvalidDataException($"{other} is not used."),
            };
            message.fields.Add((WireFormat.GetTagFieldNumber(tag), value));
        }

        Assert.True(input.IsAtEnd);
        return message;
    }

    public IEnumerable<int> Fields => fields.Select(entry => entry.Field);

    public bool Has(int field) => Fields.Contains(field);

    public T Get<T>(int field) => Assert.IsType<T>(Assert.Single(fields, entry => entry.Field == field).Value);

    public string Text(int field) => Encoding.UTF8.GetString(Get<byte[]>(field));

    public ProtoMessage Message(int field) => Read(Get<byte[]>(field));

    public ProtoMessage Path(params int[] path) => path.Aggregate(this, (message, field) => message.Message(field));

    public ProtoMessage[] Messages(int field) => [.. fields.Where(entry => entry.Field == field).Select(entry => Read((byte[])entry.Value))];

    public double[] Doubles(int field) => [.. Get<byte[]>(field).Chunk(8).Select(bytes => BinaryPrimitives.ReadDoubleLittleEndian(bytes))];

    public float[] Floats(int field) => [.. Get<byte[]>(field).Chunk(4).Select(bytes => BinaryPrimitives.ReadSingleLittleEndian(bytes))];
}
