using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>Sizes of values, which are known during the import.</summary>
internal static class Shapes
{
    public static IEnumerable<KeyValuePair<string, Action<Node>>> Converters => [new("Shape", Shape), new("Size", node => node.Set(0, Constant.Of([], [Sizes.Product(node.Input(0).Shape)])))];

    private static void Shape(Node node)
    {
        var shape = node.Input(0).Shape;
        var (start, end) = (IndexOf(node.Int("start", 0)), IndexOf(node.Int("end", shape.Length)));
        long[] sizes = start < end ? shape[start..end] : [];
        node.Set(0, Constant.Of([sizes.Length], sizes));

        int IndexOf(long axis) => (int)Math.Clamp(axis < 0 ? axis + shape.Length : axis, 0, shape.Length);
    }
}
