using ModelDsl.Compiled;
using ModelDsl.Onnx.Graphs;

namespace ModelDsl.Onnx.Export;

/// <summary>Writes nodes that arrange elements without computing with them.</summary>
internal static class Arrangements
{
    private const int OpsetOfPadAxes = 18;

    /// <summary>Writes a reshape. Axes that are split or merged and are adjacent in the value stay where they are; other values are transposed first.</summary>
    public static OnnxTensor Reshape(ExportScope scope, GraphNode node)
    {
        var (from, value) = (scope.Node(node.Operands[0].Node).Shape, scope[node.Operands[0].Node]);
        if (value.Axes.Length < from.Length)
            value = scope.Layouts.Full(node.Name, value, from);
        if (Blocks(from, node.Shape) is not { } blocks || InOrder(value, blocks) is not { } order)
        {
            value = scope.Layouts.Transpose(node.Name, value, [.. Enumerable.Range(0, from.Length)]);
            return new(scope.Layouts.Reshape(node.Name, value.Name, [.. node.Shape.Select((extent, axis) => extent < 0 ? 0 : extent)]), [.. Enumerable.Range(0, node.Shape.Length)], value.IsInteger);
        }

        int[] axes = [.. order.SelectMany(block => block.To)];
        var hasBatchFirst = axes.Length > 0 && node.Shape[axes[0]] < 0;
        int[] extents = [.. axes.Select((axis, position) => node.Shape[axis] >= 0 ? node.Shape[axis] : position == 0 && hasBatchFirst ? 0 : -1)];
        return new(scope.Layouts.Reshape(node.Name, value.Name, extents), axes, value.IsInteger);
    }

    /// <summary>Ranges of axes with the same elements before and after a reshape; null if an axis of one element belongs to no range.</summary>
    private static List<(int[] From, int[] To)>? Blocks(int[] from, int[] to)
    {
        var blocks = new List<(int[], int[])>();
        for (int i = 0, k = 0; i < from.Length || k < to.Length;)
        {
            if (i == from.Length || k == to.Length)
                return null;
            var (first, start) = (i, k);
            var (left, right) = ((long)Math.Abs(from[i++]), (long)Math.Abs(to[k++]));
            if (from[first] < 0 != to[start] < 0)
                return null;
            while (left != right)
            {
                if (left < right ? i == from.Length : k == to.Length)
                    return null;
                if (left < right)
                    left *= from[i++];
                else
                    right *= to[k++];
            }

            blocks.Add(([.. Enumerable.Range(first, i - first)], [.. Enumerable.Range(start, k - start)]));
        }

        return blocks;
    }

    /// <summary>The ranges in the order of a value's axes; null if the axes of a range are not adjacent and in order.</summary>
    private static (int[] From, int[] To)[]? InOrder(OnnxTensor value, List<(int[] From, int[] To)> blocks)
    {
        (int[] From, int[] To)[] order = [.. blocks.OrderBy(block => value.PositionOf(block.From[0]))];
        return value.Has([.. order.SelectMany(block => block.From)]) ? order : null;
    }

    /// <summary>Writes a concatenation.</summary>
    public static OnnxTensor Concat(ExportScope scope, GraphNode node)
    {
        int[] parts = [.. node.Operands.Select(operand => operand.Node)];
        var order = parts.Select(part => scope[part].Axes).FirstOrDefault(axes => axes.Length == node.Shape.Length) ?? [.. Enumerable.Range(0, node.Shape.Length)];
        string[] names = [.. parts.Select(part => scope.Layouts.Full(node.Name, scope[part], scope.Node(part).Shape, order).Name)];
        return new(scope.Graph.Add("Concat", node.Name, names, OnnxAttribute.Of("axis", Array.IndexOf(order, node.Axis))), order, node.IsInteger);
    }

    /// <summary>Writes a pad with zeros.</summary>
    public static OnnxTensor Pad(ExportScope scope, GraphNode node)
    {
        var (from, value) = (scope.Node(node.Operands[0].Node).Shape, scope[node.Operands[0].Node]);
        if (value.Axes.Length < from.Length)
            value = scope.Layouts.Full(node.Name, value, from);
        int Before(int axis) => node.Start[axis];
        int After(int axis) => from[axis] < 0 ? 0 : node.Shape[axis] - node.Start[axis] - from[axis];
        int[] padded = [.. value.Axes.Where(axis => Before(axis) + After(axis) > 0)];

        // ONNX Runtime merges a pad with the pool after it, where zeros would not count, unless the axes are named.
        if (scope.Graph.Opset < OpsetOfPadAxes)
            return padded.Aggregate((Value: value, Shape: from), (inner, axis) => Surrounded(scope, node, inner, axis)).Value;
        string[] operands = [value.Name, scope.Graph.Integers([.. padded.Select(Before), .. padded.Select(After)]), scope.Graph.Scalar(0), scope.Graph.Integers(padded.Select(value.PositionOf))];
        return value with { Name = scope.Graph.Add("Pad", node.Name, operands) };
    }

    /// <summary>Concatenates a value with zeros before and after it.</summary>
    private static (OnnxTensor Value, int[] Shape) Surrounded(ExportScope scope, GraphNode node, (OnnxTensor Value, int[] Shape) inner, int axis)
    {
        var after = node.Shape[axis] - node.Start[axis] - inner.Shape[axis];
        string[] parts = [.. Zeros(node.Start[axis]), inner.Value.Name, .. Zeros(after)];
        var outer = inner.Shape.ToArray();
        outer[axis] = node.Shape[axis];
        return (inner.Value with { Name = scope.Graph.Add("Concat", node.Name, parts, OnnxAttribute.Of("axis", inner.Value.PositionOf(axis))) }, outer);

        string[] Zeros(int count)
        {
            int[] extents = [.. inner.Value.Axes.Select(other => other == axis ? count : inner.Shape[other])];
            return count == 0 ? [] : [scope.Graph.Add("Expand", node.Name, [scope.Graph.Scalar(0), scope.Layouts.Extents(extents)])];
        }
    }

    /// <summary>Writes a lookup of rows.</summary>
    public static OnnxTensor Gather(ExportScope scope, GraphNode node)
    {
        string[] operands = [scope.Canonical(node.Operands[0].Node), scope.Canonical(node.Operands[1].Node)];
        return new(scope.Graph.Add("Gather", node.Name, operands, OnnxAttribute.Of("axis", 0)), [.. Enumerable.Range(0, node.Shape.Length)]);
    }

    /// <summary>Writes log Σ exp over the last axis.</summary>
    public static OnnxTensor LogSumExp(ExportScope scope, GraphNode node)
    {
        var shape = scope.Node(node.Operands[0].Node).Shape;
        var value = scope.Layouts.Full(node.Name, scope[node.Operands[0].Node], shape);
        return Reductions.Reduce(scope, "ReduceLogSumExp", node.Name, value, [shape.Length - 1]);
    }

    /// <summary>Writes uniform random numbers, which are others in each run.</summary>
    public static OnnxTensor Random(ExportScope scope, GraphNode node)
    {
        var zeros = scope.Layouts.Full(node.Name, new(scope.Graph.Scalar(0), []), node.Shape);
        return zeros with { Name = scope.Graph.Add("RandomUniformLike", node.Name, [zeros.Name], OnnxAttribute.Of("dtype", (int)Schema.TensorProto.Types.DataType.Float)) };
    }

    /// <summary>Writes 1 divided by the number of samples.</summary>
    public static OnnxTensor InverseBatch(ExportScope scope, GraphNode node)
    {
        var count = scope.Graph.Add("Cast", node.Name, [scope.Batch], OnnxAttribute.Of("to", (int)Schema.TensorProto.Types.DataType.Float));
        var scalar = scope.Graph.Add("Squeeze", node.Name, [count, scope.Graph.Integers(0)]);
        return new(scope.Graph.Add("Reciprocal", node.Name, [scalar]), []);
    }
}
