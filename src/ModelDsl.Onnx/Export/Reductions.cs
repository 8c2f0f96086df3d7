using ModelDsl.Compiled;
using ModelDsl.Onnx.Graphs;

namespace ModelDsl.Onnx.Export;

/// <summary>Writes reductions.</summary>
internal static class Reductions
{
    /// <summary>Writes a reduction.</summary>
    public static OnnxTensor Write(ExportScope scope, GraphNode node)
    {
        int[] kept = [.. node.Output.SelectMany(coordinate => coordinate.Terms).Select(term => term.Axis).Distinct()];
        int[] reduced = [.. Enumerable.Range(0, node.Domain.Length).Where(axis => !kept.Contains(axis))];
        var neutral = node.Reduction == GraphReduction.Sum ? 0f : float.NegativeInfinity;
        var terms = Masked(scope, node, Expressions.Write(scope, node), neutral);
        if (node.Reduction == GraphReduction.ArgMax)
            return ArgMax(scope, node, terms, reduced);

        // Along an axis that the terms do not have, they are equal.
        int[] missing = [.. reduced.Where(axis => terms.PositionOf(axis) < 0)];
        if (node.Reduction == GraphReduction.Sum && missing.Length > 0)
            terms = scope.Layouts.Full(node.Name, terms, node.Domain, [.. terms.Axes.Union(missing).Order()]);
        var combined = Combine(scope, node.Name, terms, [.. reduced.Where(axis => terms.PositionOf(axis) >= 0)], node.Reduction == GraphReduction.Max);
        return Results.Write(scope, node, combined, node.Reduction == GraphReduction.Max);
    }

    /// <summary>Sums along axes, which are removed.</summary>
    public static OnnxTensor Sum(ExportScope scope, string name, OnnxTensor value, int[] axes) => Combine(scope, name, value, axes, isMaximum: false);

    /// <summary>Sums along axes, or takes the maximum. The axes are removed.</summary>
    public static OnnxTensor Combine(ExportScope scope, string name, OnnxTensor value, int[] axes, bool isMaximum) =>
        axes.Length == 0 ? value : Reduce(scope, isMaximum ? "ReduceMax" : "ReduceSum", name, value, axes);

    /// <summary>Writes an operator that reduces axes, which are removed.</summary>
    public static OnnxTensor Reduce(ExportScope scope, string type, string name, OnnxTensor value, int[] axes)
    {
        int[] positions = [.. axes.Select(value.PositionOf).Order()];

        // Axes are an operand of ReduceSum since opset 13, of the others since opset 18.
        var isOperand = type == "ReduceSum" || scope.Graph.Opset >= 18;
        var keepsAxes = OnnxAttribute.Of("keepdims", 0);
        var result = isOperand
            ? scope.Graph.Add(type, name, [value.Name, scope.Graph.Integers(positions)], keepsAxes)
            : scope.Graph.Add(type, name, [value.Name], keepsAxes, OnnxAttribute.Of("axes", positions));
        return new(result, [.. value.Axes.Except(axes)]);
    }

    /// <summary>Replaces terms with a coordinate out of bounds.</summary>
    private static OnnxTensor Masked(ExportScope scope, GraphNode node, OnnxTensor terms, float neutral)
    {
        (GraphCoordinate[] Map, int[] Shape)[] outside =
        [
            .. node.Operands.Where(operand => operand.Map is not null).Select(operand => (operand.Map!, scope.Node(operand.Node).Shape))
                .Where(read => !read.Item1.Select((coordinate, axis) => ElementTable.IsInside(coordinate, read.Shape[axis], node.Domain)).All(isInside => isInside)),
        ];
        if (outside.Length == 0)
            return terms;
        int[] axes = [.. outside.SelectMany(read => ElementTable.AxesOf(read.Map, node.Domain)).Distinct().Order()];
        var inside = new List<bool>(ElementTable.Count(node.Name, axes.Select(axis => node.Domain[axis])));
        ElementTable.ForEach(axes, node.Domain, at => inside.Add(outside.All(read => ElementTable.IndexOf(read.Map, read.Shape, at) >= 0)));
        var mask = new OnnxTensor(scope.Graph.Conditions(node.Name + "_inside", [.. inside], [.. axes.Select(axis => node.Domain[axis])]), axes);
        int[] all = [.. terms.Axes.Union(axes).Order()];
        var order = terms.Axes.Length == all.Length ? terms.Axes : all;
        string[] operands = [scope.Layouts.Arrange(node.Name, mask, order).Name, scope.Layouts.Arrange(node.Name, terms, order).Name, scope.Graph.Scalar(neutral)];
        return new(scope.Graph.Add("Where", node.Name, operands), order);
    }

    private static OnnxTensor ArgMax(ExportScope scope, GraphNode node, OnnxTensor terms, int[] reduced)
    {
        int[] kept = [.. Enumerable.Range(0, node.Domain.Length).Except(reduced)];
        var full = scope.Layouts.Full(node.Name, terms, node.Domain, [.. kept, .. reduced]);
        var flat = scope.Layouts.Reshape(node.Name, full.Name, [.. kept.Select((axis, position) => node.Domain[axis] < 0 ? 0 : node.Domain[axis]), -1]);
        var first = scope.Graph.Add("ArgMax", node.Name, [flat], OnnxAttribute.Of("axis", -1), OnnxAttribute.Of("keepdims", 0));
        var number = scope.Graph.Add("Cast", node.Name, [first], OnnxAttribute.Of("to", (int)Schema.TensorProto.Types.DataType.Float));
        return Results.Write(scope, node, new(number, kept), isMaximum: false);
    }
}
