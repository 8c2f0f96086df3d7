using ModelDsl.Onnx.Importer.Operators;
using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Folding;

/// <summary>Nodes that are constants.</summary>
internal static class Sources
{
    public static IEnumerable<KeyValuePair<string, Action<Node>>> Folds => [new("Constant", Literal), new("ConstantOfShape", OfShape), new("Range", Range), new("Shape", Shape), new("Size", Size)];

    private static void Literal(Node node) => node.Set(0, node.Numbers("value") is { } tensor ? node.Scope.Tensors.Read(tensor, isTrained: false) with { Source = node.Name }
        : node.HasAttribute("value_float") ? Constant.Of([], [(float)node.Float("value_float", 0)])
        : node.HasAttribute("value_int") ? Constant.Of([], [node.Int("value_int", 0)])
        : node.Floats("value_floats") is { Length: > 0 } floats ? Constant.Of([floats.Length], floats, node.Name)
        : node.Ints("value_ints") is { } ints ? Constant.Of([ints.Length], ints, node.Name)
        : throw node.Unsupported("it is neither numbers nor logical values."));

    /// <summary>Equal elements, stored as one.</summary>
    private static void OfShape(Node node)
    {
        var shape = node.Integers(0)!;
        node.Check(Sizes.CountOf(shape) is not null, $"the shape {Sizes.Text(shape)} is not possible.");
        var value = node.Numbers("value") is { } tensor ? node.Scope.Tensors.Read(tensor, isTrained: false) : Constant.Of([1], [0f]);
        node.Set(0, value.IsInteger ? Constant.Of(shape, [value.Integer(0)]) : Constant.Of(shape, [value.Float(0)]));
    }

    private static void Range(Node node)
    {
        var (start, limit, step) = (node.Constant(0), node.Constant(1), node.Constant(2));
        node.Check(step.Uniform is not 0, "the step is 0.");
        if (start.IsInteger)
        {
            var count = Math.Max(0, (long)Math.Ceiling((limit.Integer(0) - start.Integer(0)) / (double)step.Integer(0)));
            node.Set(0, Constant.Of([count], [.. Enumerable.Range(0, Folder.Count(node, [count])).Select(i => start.Integer(0) + (i * step.Integer(0)))]));
            return;
        }

        var steps = Math.Max(0, (long)Math.Ceiling((limit.Float(0) - start.Float(0)) / step.Float(0)));
        node.Set(0, Constant.Of([steps], [.. Enumerable.Range(0, Folder.Count(node, [steps])).Select(i => start.Float(0) + (i * step.Float(0)))], node.Name));
    }

    private static void Shape(Node node) => OperatorTable.Convert(node);

    private static void Size(Node node) => OperatorTable.Convert(node);
}
