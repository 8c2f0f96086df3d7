using System.Globalization;
using Google.Protobuf;
using ModelDsl.Onnx.Schema;
using static ModelDsl.Onnx.Schema.AttributeProto.Types;

namespace ModelDsl.Onnx.Graphs;

/// <summary>Creates attributes of nodes.</summary>
internal static class OnnxAttribute
{
    /// <summary>Creates an integer.</summary>
    public static AttributeProto Of(string name, int value) => new() { Name = name, Type = AttributeType.Int, I = value };

    /// <summary>Creates a number.</summary>
    public static AttributeProto Of(string name, double value) => new() { Name = name, Type = AttributeType.Float, F = (float)value };

    /// <summary>Creates a text.</summary>
    public static AttributeProto Of(string name, string value) => new() { Name = name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    /// <summary>Creates a graph, such as the body of a loop.</summary>
    public static AttributeProto Of(string name, GraphProto value) => new() { Name = name, Type = AttributeType.Graph, G = value };

    /// <summary>Returns the name and the value of an attribute that is no graph, to compare it with others.</summary>
    public static string Text(AttributeProto attribute) => string.Create(
        CultureInfo.InvariantCulture, $"{attribute.Name} {BitConverter.SingleToInt32Bits(attribute.F)} {attribute.I} {attribute.S.ToBase64()} {string.Join(',', attribute.Ints)} {string.Join(',', attribute.Strings.Select(text => text.ToBase64()))}");

    /// <summary>Creates a list of texts.</summary>
    public static AttributeProto Of(string name, IEnumerable<string> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeType.Strings };
        attribute.Strings.AddRange(values.Select(ByteString.CopyFromUtf8));
        return attribute;
    }

    /// <summary>Creates a list of integers.</summary>
    public static AttributeProto Of(string name, IEnumerable<int> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeType.Ints };
        attribute.Ints.AddRange(values.Select(value => (long)value));
        return attribute;
    }
}
