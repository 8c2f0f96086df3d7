using System.Runtime.InteropServices;
using Google.Protobuf;
using ModelDsl.Onnx.Schema;
using static ModelDsl.Onnx.Schema.AttributeProto.Types;
using static ModelDsl.Onnx.Schema.TensorProto.Types;

namespace ModelDsl.Onnx.Importer.Tests;

/// <summary>Builds small files.</summary>
internal sealed class OnnxGraph
{
    private readonly Random random = new(1);

    public OnnxGraph(long opset = 17) => File = new() { IrVersion = 8, Graph = new() { Name = "graph" }, OpsetImport = { new OperatorSetIdProto { Version = opset } } };

    /// <summary>The file.</summary>
    public ModelProto File { get; }

    /// <summary>Adds an input; 0 is a size that the file does not say.</summary>
    public OnnxGraph Input(string name, DataType type, params long[] shape)
    {
        File.Graph.Input.Add(Info(name, type, shape));
        return this;
    }

    /// <summary>Adds an output.</summary>
    public OnnxGraph Output(string name)
    {
        File.Graph.Output.Add(Info(name, DataType.Float, []));
        return this;
    }

    /// <summary>Adds random weights.</summary>
    public OnnxGraph Weight(string name, params long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++) values[i] = random.NextSingle() - 0.5f;
        File.Graph.Initializer.Add(new TensorProto { Name = name, Dims = { shape }, DataType = (int)DataType.Float, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())) });
        return this;
    }

    /// <summary>Adds numbers.</summary>
    public OnnxGraph Floats(string name, long[] shape, params float[] values)
    {
        File.Graph.Initializer.Add(new TensorProto { Name = name, Dims = { shape }, DataType = (int)DataType.Float, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())) });
        return this;
    }

    /// <summary>Adds equal numbers, which the file computes from a shape.</summary>
    public OnnxGraph Equal(string name, float value, params long[] shape) => Integers(name + "_shape", shape)
        .Node("ConstantOfShape", name, [name + "_shape"], ("value", new TensorProto { Dims = { 1 }, DataType = (int)DataType.Float, FloatData = { value } }));

    /// <summary>Adds whole numbers.</summary>
    public OnnxGraph Integers(string name, params long[] values)
    {
        File.Graph.Initializer.Add(new TensorProto { Name = name, Dims = { values.Length }, DataType = (int)DataType.Int64, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())) });
        return this;
    }

    /// <summary>Adds a node, whose name is that of its output.</summary>
    public OnnxGraph Node(string type, string output, string[] inputs, params (string Name, object Value)[] attributes)
    {
        File.Graph.Node.Add(new NodeProto { OpType = type, Name = output + "_node", Input = { inputs }, Output = { output }, Attribute = { attributes.Select(Attribute) } });
        return this;
    }

    /// <summary>The bytes of the file.</summary>
    public byte[] Bytes() => File.ToByteArray();

    /// <summary>Imports the file.</summary>
    public OnnxImport Import(Func<ImportOptions, ImportOptions>? options = null) => OnnxImport.Of(File.Clone(), (options ?? (given => given))(new ImportOptions { Path = "net.onnx", Model = "Net" }));

    private static AttributeProto Attribute((string Name, object Value) attribute) => attribute.Value switch
    {
        int number => new() { Name = attribute.Name, Type = AttributeType.Int, I = number },
        float number => new() { Name = attribute.Name, Type = AttributeType.Float, F = number },
        string text => new() { Name = attribute.Name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(text) },
        TensorProto tensor => new() { Name = attribute.Name, Type = AttributeType.Tensor, T = tensor },
        long[] numbers => new() { Name = attribute.Name, Type = AttributeType.Ints, Ints = { numbers } },
        _ => throw new NotSupportedException(),
    };

    private static ValueInfoProto Info(string name, DataType type, long[] shape)
    {
        var sizes = new TensorShapeProto();
        foreach (var size in shape) sizes.Dim.Add(size > 0 ? new TensorShapeProto.Types.Dimension { DimValue = size } : new() { DimParam = "size" });
        return new() { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = sizes } } };
    }
}
