using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Export;

/// <summary>Creates the types of inputs and outputs.</summary>
internal static class ValueInfos
{
    /// <summary>The name of the axis of samples in files for any number of samples.</summary>
    public const string BatchAxis = "batch";

    /// <summary>Returns the type of integers or floats.</summary>
    public static TensorProto.Types.DataType TypeOf(bool isInteger) => isInteger ? TensorProto.Types.DataType.Int64 : TensorProto.Types.DataType.Float;

    /// <summary>Creates the type of a value.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isInteger">Whether its elements are integers.</param>
    /// <param name="shape">Its shape, −1 for any number of samples; null if the reader is to derive it.</param>
    public static ValueInfoProto Of(string name, bool isInteger, IEnumerable<int>? shape) => Of(name, TypeOf(isInteger), shape);

    /// <summary>Creates the type of a value.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">The type of its elements.</param>
    /// <param name="shape">Its shape, −1 for any number of samples; null if the reader is to derive it.</param>
    public static ValueInfoProto Of(string name, TensorProto.Types.DataType type, IEnumerable<int>? shape)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type };
        if (shape is not null)
        {
            tensor.Shape = new TensorShapeProto();
            tensor.Shape.Dim.AddRange(shape.Select(extent => extent < 0
                ? new TensorShapeProto.Types.Dimension { DimParam = BatchAxis }
                : new TensorShapeProto.Types.Dimension { DimValue = extent }));
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
