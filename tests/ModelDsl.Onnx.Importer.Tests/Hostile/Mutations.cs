using Google.Protobuf;
using ModelDsl.Onnx.Importer.Operators;
using ModelDsl.Onnx.Schema;
using static ModelDsl.Onnx.Schema.AttributeProto.Types;
using static ModelDsl.Onnx.Schema.TensorProto.Types;

namespace ModelDsl.Onnx.Importer.Tests.Hostile;

/// <summary>Changes of files that contradict the rest of the file, or ask for what no file should get.</summary>
internal static class Mutations
{
    private static readonly long[] Sizes = [0, 1, -1, 2, 3, 7, 1000, 65_537, 1_000_003, 1L << 31, 1L << 40, 1L << 62, long.MinValue, long.MaxValue];

    private static readonly float[] Numbers = [0, -1, 1e-30f, 1e30f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue];

    private static readonly string[] Names = ["", "x", "y", "\n", "\"); System.Environment.Exit(1); //", "*/ class", "{0}", "class", "é東", "a\0b", new('n', 100_000)];

    private static readonly string[] Operators = [.. OperatorTable.Names, "If", "Loop", "Scan", "Constant", "ConstantOfShape", "Range", "NonZero"];

    private static readonly Action<ModelProto, Random>[] OfGraphs =
    [
        (model, random) => SetSize(Any(model.Graph.Initializer, random), random),
        (model, random) => Any(model.Graph.Initializer, random)?.Dims.Add(Any(Sizes, random)),
        (model, random) => SetInteger(model.Graph.Initializer, random),
        (model, random) => With(Any(model.Graph.Initializer, random), tensor => tensor.DataType = random.Next(-1, 25)),
        (model, random) => With(Any(model.Graph.Initializer, random), tensor => tensor.RawData = ByteString.CopyFrom(tensor.RawData.Span[..random.Next(tensor.RawData.Length + 1)])),
        (model, random) => With(Any(model.Graph.Initializer, random), tensor => tensor.Name = Any(Names, random)!),
        (model, random) => SetExternal(Any(model.Graph.Initializer, random), random),
        (model, random) => With(Any(model.Graph.Input, random)?.Type?.TensorType?.Shape, shape => SetDimension(shape, random)),
        (model, random) => With(Any(model.Graph.Input, random)?.Type?.TensorType, type => type.ElemType = random.Next(-1, 25)),
        (model, random) => With(Any(model.Graph.Input, random), input => input.Type = null),
        (model, random) => SetAttribute(Any(Any(model.Graph.Node, random)?.Attribute, random), random),
        (model, random) => RemoveOne(Any(model.Graph.Node, random)?.Attribute, random),
        (model, random) => Any(model.Graph.Node, random)?.Attribute.Add(new AttributeProto { Name = Any(["axis", "axes", "group", "perm", "pads", "mode", "to", "value", "training_mode"], random), Type = AttributeType.Ints, Ints = { Any(Sizes, random) }, I = Any(Sizes, random) }),
        (model, random) => With(Any(model.Graph.Node, random), node => node.OpType = Any(Operators, random)!),
        (model, random) => With(Any(model.Graph.Node, random), node => node.Domain = Any(["", "ai.onnx", "com.microsoft", "\n"], random)!),
        (model, random) => With(Any(model.Graph.Node, random), node => node.Name = Any(Names, random)!),
        (model, random) => SetInput(model.Graph, random),
        (model, random) => RemoveOne(Any(model.Graph.Node, random)?.Input, random),
        (model, random) => RemoveOne(Any(model.Graph.Node, random)?.Output, random),
        (model, random) => Any(model.Graph.Node, random)?.Output.Add(Any(Names, random)!),
        (model, random) => RemoveOne(model.Graph.Node, random),
        (model, random) => With(Any(model.Graph.Node, random), node => model.Graph.Node.Insert(random.Next(model.Graph.Node.Count), node.Clone())),
        (model, random) => RemoveOne(model.Graph.Initializer, random),
        (model, random) => RemoveOne(model.Graph.Input, random),
        (model, random) => With(Any(model.Graph.Output, random), output => output.Name = Any(model.Graph.Node.SelectMany(node => node.Output).Concat(model.Graph.Initializer.Select(tensor => tensor.Name)).ToArray(), random) ?? ""),
        (model, random) => With(model.OpsetImport.FirstOrDefault(), set => set.Version = Any([.. Enumerable.Range(0, 25).Select(version => (long)version), .. Sizes], random)),
    ];

    /// <summary>Returns the bytes of a file after some changes.</summary>
    public static byte[] Of(ModelProto file, Random random)
    {
        var model = file.Clone();
        for (var changes = random.Next(1, 4); changes > 0; changes--) Any(OfGraphs, random)!(model, random);
        var bytes = model.ToByteArray();
        return random.Next(4) == 0 ? Damaged(bytes, random) : bytes;
    }

    private static byte[] Damaged(byte[] bytes, Random random)
    {
        var (at, length) = (random.Next(bytes.Length), random.Next(1, 9));
        switch (random.Next(4))
        {
            case 0:
                return bytes[..at];
            case 1:
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + length)..]];
            case 2:
                var inserted = new byte[length];
                random.NextBytes(inserted);
                return [.. bytes[..at], .. inserted, .. bytes[at..]];
            default:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
        }
    }

    private static void SetSize(TensorProto? tensor, Random random)
    {
        if (tensor is { Dims.Count: > 0 }) tensor.Dims[random.Next(tensor.Dims.Count)] = Any(Sizes, random);
    }

    private static void SetInteger(IEnumerable<TensorProto> tensors, Random random)
    {
        if (Any(tensors.Where(tensor => tensor.DataType == (int)DataType.Int64 && tensor.RawData.Length >= sizeof(long)).ToArray(), random) is not { } tensor) return;
        var bytes = tensor.RawData.ToByteArray();
        BitConverter.GetBytes(Any(Sizes, random)).CopyTo(bytes, sizeof(long) * random.Next(bytes.Length / sizeof(long)));
        tensor.RawData = ByteString.CopyFrom(bytes);
    }

    private static void SetExternal(TensorProto? tensor, Random random)
    {
        if (tensor is null) return;
        tensor.RawData = ByteString.Empty;
        tensor.DataLocation = DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = Any(Locations, random) });
        if (random.Next(2) == 0) tensor.ExternalData.Add(new StringStringEntryProto { Key = Any(["offset", "length"], random), Value = Any(["0", "4", "-1", "99999999999999999999", "x", long.MaxValue.ToString(System.Globalization.CultureInfo.InvariantCulture)], random) });
    }

    /// <summary>Files outside the folder of the ONNX file, links to them, folders, devices, and a file beside it.</summary>
    private static readonly string[] Locations = ["../secret.bin", "sub/../../secret.bin", "/etc/passwd", "link.bin", "linked/secret.bin", ".", "..", "/dev/zero", "near.bin", "", "near.bin\0", "./near.bin", "~/x"];

    private static void SetDimension(TensorShapeProto shape, Random random)
    {
        if (random.Next(3) == 0 || shape.Dim.Count == 0) shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = Any(Sizes, random) });
        else shape.Dim[random.Next(shape.Dim.Count)] = random.Next(3) == 0 ? new() { DimParam = Any(Names, random) } : new() { DimValue = Any(Sizes, random) };
    }

    private static void SetAttribute(AttributeProto? attribute, Random random)
    {
        if (attribute is null) return;
        attribute.I = Any(Sizes, random);
        attribute.F = Any(Numbers, random);
        attribute.S = ByteString.CopyFromUtf8(Any(Names, random)!);
        if (attribute.Ints.Count > 0 && random.Next(3) > 0) attribute.Ints[random.Next(attribute.Ints.Count)] = Any(Sizes, random);
        else if (random.Next(2) == 0) attribute.Ints.Add(Any(Sizes, random));
        else RemoveOne(attribute.Ints, random);
    }

    private static void SetInput(GraphProto graph, Random random)
    {
        if (Any(graph.Node, random) is not { Input.Count: > 0 } node) return;
        string[] values = ["", "nothing", .. graph.Initializer.Select(tensor => tensor.Name), .. graph.Node.SelectMany(other => other.Output), .. graph.Input.Select(input => input.Name)];
        node.Input[random.Next(node.Input.Count)] = Any(values, random)!;
    }

    private static void RemoveOne<T>(IList<T>? list, Random random)
    {
        if (list is { Count: > 0 }) list.RemoveAt(random.Next(list.Count));
    }

    private static T? Any<T>(IList<T>? list, Random random) => list is { Count: > 0 } ? list[random.Next(list.Count)] : default;

    private static void With<T>(T? item, Action<T> change)
    {
        if (item is not null) change(item);
    }
}
