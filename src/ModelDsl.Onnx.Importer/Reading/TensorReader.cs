using System.Buffers.Binary;
using ModelDsl.Onnx.Importer.Values;
using ModelDsl.Onnx.Schema;
using static ModelDsl.Onnx.Schema.TensorProto.Types;

namespace ModelDsl.Onnx.Importer.Reading;

/// <summary>Reads the numbers of tensors. Floating-point numbers of other precisions become 32-bit floats, and whole numbers 64-bit integers.</summary>
/// <param name="folder">The folder of the file, in which external data must be.</param>
internal sealed class TensorReader(string folder)
{
    /// <summary>Returns a tensor. Its numbers are converted when they are needed, and checked before.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="isTrained">Whether it is an initializer, and so a weight that can be trained.</param>
    public Constant Read(TensorProto tensor, bool isTrained)
    {
        long[] shape = [.. tensor.Dims];
        if (Sizes.CountOf(shape) is not { } count || count > int.MaxValue)
            throw Error(tensor, $"its shape [{string.Join(", ", shape)}] is not possible: sizes are not negative, and a tensor has fewer than 2 billion numbers.");

        var type = (DataType)tensor.DataType;
        var size = SizeOf(type);
        if (size == 0) throw Error(tensor, $"its type is {type}, but only numbers and logical values can be read.");
        if (tensor.DataLocation == DataLocation.External)
        {
            var file = ExternalData.Of(tensor, folder, count * size);
            return IsFloat(type)
                ? Constant.Of(shape, () => Floats(type, file.Read()), tensor.Name, isTrained)
                : Constant.Of(shape, Integers(type, file.Read()), tensor.Name);
        }

        if (tensor.RawData.Length > 0 || count == 0)
        {
            if (tensor.RawData.Length != count * size)
                throw Error(tensor, $"its shape [{string.Join(", ", shape)}] of {type} needs {count * size:N0} bytes, but it has {tensor.RawData.Length:N0}.");
            return IsFloat(type)
                ? Constant.Of(shape, () => Floats(type, tensor.RawData.Span), tensor.Name, isTrained)
                : Constant.Of(shape, Integers(type, tensor.RawData.Span), tensor.Name);
        }

        var listed = Listed(tensor, type);
        if (listed != count) throw Error(tensor, $"its shape [{string.Join(", ", shape)}] has {count:N0} numbers, but it has {listed:N0}.");
        return IsFloat(type) ? Constant.Of(shape, () => ListedFloats(tensor, type), tensor.Name, isTrained) : Constant.Of(shape, ListedIntegers(tensor, type), tensor.Name);
    }

    private static bool IsFloat(DataType type) => type is DataType.Float or DataType.Float16 or DataType.Bfloat16 or DataType.Double;

    private static int SizeOf(DataType type) => type switch
    {
        DataType.Double or DataType.Int64 or DataType.Uint64 => 8,
        DataType.Float or DataType.Int32 or DataType.Uint32 => 4,
        DataType.Float16 or DataType.Bfloat16 or DataType.Int16 or DataType.Uint16 => 2,
        DataType.Int8 or DataType.Uint8 or DataType.Bool => 1,
        _ => 0,
    };

    private static float[] Floats(DataType type, ReadOnlySpan<byte> bytes)
    {
        var size = SizeOf(type);
        var values = new float[bytes.Length / size];
        for (var i = 0; i < values.Length; i++)
        {
            var at = bytes[(i * size)..];
            values[i] = type switch
            {
                DataType.Float => BinaryPrimitives.ReadSingleLittleEndian(at),
                DataType.Double => (float)BinaryPrimitives.ReadDoubleLittleEndian(at),
                DataType.Float16 => (float)BinaryPrimitives.ReadHalfLittleEndian(at),
                _ => FromBfloat16(BinaryPrimitives.ReadUInt16LittleEndian(at)),
            };
        }

        return values;
    }

    private static long[] Integers(DataType type, ReadOnlySpan<byte> bytes)
    {
        var size = SizeOf(type);
        var values = new long[bytes.Length / size];
        for (var i = 0; i < values.Length; i++)
        {
            var at = bytes[(i * size)..];
            values[i] = type switch
            {
                DataType.Int64 or DataType.Uint64 => BinaryPrimitives.ReadInt64LittleEndian(at),
                DataType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(at),
                DataType.Uint32 => BinaryPrimitives.ReadUInt32LittleEndian(at),
                DataType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(at),
                DataType.Uint16 => BinaryPrimitives.ReadUInt16LittleEndian(at),
                DataType.Int8 => (sbyte)at[0],
                _ => at[0],
            };
        }

        return values;
    }

    private static int Listed(TensorProto tensor, DataType type) => type switch
    {
        DataType.Float => tensor.FloatData.Count,
        DataType.Double => tensor.DoubleData.Count,
        DataType.Int64 => tensor.Int64Data.Count,
        DataType.Uint32 or DataType.Uint64 => tensor.Uint64Data.Count,
        _ => tensor.Int32Data.Count,
    };

    private static float[] ListedFloats(TensorProto tensor, DataType type) => type switch
    {
        DataType.Float => [.. tensor.FloatData],
        DataType.Double => [.. tensor.DoubleData.Select(value => (float)value)],
        DataType.Float16 => [.. tensor.Int32Data.Select(value => (float)BitConverter.UInt16BitsToHalf((ushort)value))],
        _ => [.. tensor.Int32Data.Select(value => FromBfloat16((ushort)value))],
    };

    private static long[] ListedIntegers(TensorProto tensor, DataType type) => type switch
    {
        DataType.Int64 => [.. tensor.Int64Data],
        DataType.Uint32 or DataType.Uint64 => [.. tensor.Uint64Data.Select(value => unchecked((long)value))],
        _ => [.. tensor.Int32Data.Select(value => (long)value)],
    };

    private static float FromBfloat16(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    private static ImportException Error(TensorProto tensor, string message) => new(ImportException.Damaged, $"tensor '{tensor.Name}': {message}");
}
