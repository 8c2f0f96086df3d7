using ModelDsl.Onnx.Graphs;
using static ModelDsl.Onnx.Graphs.OnnxAttribute;

namespace ModelDsl.Onnx.Export;

/// <summary>Changes the order and the number of the axes of values.</summary>
/// <param name="graph">The graph that the nodes are added to.</param>
/// <param name="batch">The value with the number of samples, a vector of one integer.</param>
internal sealed class Layouts(OnnxGraph graph, string batch)
{
    /// <summary>Returns a value with the given order of axes. Axes that it does not have are axes of one element; the first ones are omitted, because operators add them.</summary>
    public OnnxTensor Arrange(string name, OnnxTensor value, IReadOnlyList<int> order)
    {
        int[] kept = [.. order.Where(axis => value.PositionOf(axis) >= 0)];
        var result = Transpose(name, value, kept);
        int[] all = [.. order.SkipWhile(axis => value.PositionOf(axis) < 0)];
        int[] missing = [.. Enumerable.Range(0, all.Length).Where(position => value.PositionOf(all[position]) < 0)];
        return missing.Length == 0 ? result : new(graph.Add("Unsqueeze", name, [result.Name, graph.Integers(missing)]), all, value.IsInteger);
    }

    /// <summary>Returns a value with its axes in another order.</summary>
    public OnnxTensor Transpose(string name, OnnxTensor value, IReadOnlyList<int> order) => value.Has(order)
        ? value
        : new(graph.Add("Transpose", name, [value.Name], Of("perm", order.Select(value.PositionOf))), [.. order], value.IsInteger);

    /// <summary>Returns a value that has all axes, in the given order, with all their elements.</summary>
    /// <param name="name">The name of the layer.</param>
    /// <param name="value">The value.</param>
    /// <param name="shape">The extents of the axes by their labels; −1 for the samples.</param>
    /// <param name="order">The order; null for the order of the shape.</param>
    public OnnxTensor Full(string name, OnnxTensor value, int[] shape, IReadOnlyList<int>? order = null)
    {
        order ??= [.. Enumerable.Range(0, shape.Length)];
        if (order.All(axis => value.PositionOf(axis) >= 0))
            return Transpose(name, value, order);
        var arranged = Arrange(name, value, order);
        return new(graph.Add("Expand", name, [arranged.Name, Extents([.. order.Select(axis => shape[axis])])]), [.. order], value.IsInteger);
    }

    /// <summary>Returns the value with a shape, a vector of integers.</summary>
    public string Extents(int[] shape)
    {
        var at = Array.IndexOf(shape, -1);
        if (at < 0)
            return graph.Integers(shape);
        string[] parts =
        [
            .. at > 0 ? [graph.Integers(shape[..at])] : Array.Empty<string>(), batch,
            .. at < shape.Length - 1 ? [graph.Integers(shape[(at + 1)..])] : Array.Empty<string>(),
        ];
        return parts.Length == 1 ? batch : graph.Add("Concat", "shape", parts, Of("axis", 0));
    }

    /// <summary>Returns the elements in row-major order in another shape with the same samples, whose number may be anywhere in it.</summary>
    public string Reshape(string name, string value, int[] shape) => graph.Add("Reshape", name, [value, graph.Integers(shape)]);
}
