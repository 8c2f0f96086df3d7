using ModelDsl.Compiled;
using ModelDsl.Onnx.Graphs;

namespace ModelDsl.Onnx.Export;

/// <summary>Writes contractions: as matrix products where possible, otherwise as Einsum.</summary>
internal static class Contractions
{
    /// <summary>Writes a contraction.</summary>
    public static OnnxTensor Write(ExportScope scope, GraphNode node)
    {
        int[] kept = [.. node.Output.SelectMany(coordinate => coordinate.Terms).Select(term => term.Axis).Distinct()];
        var a = SumOut(scope, node, scope.Read(node.Operands[0], node, needsAll: true), node.Operands[1], kept);
        var b = SumOut(scope, node, scope.Read(node.Operands[1], node, needsAll: true), node.Operands[0], kept);

        // The samples belong to the first factor, as operators expect.
        if (a.PositionOf(0) < 0 && b.PositionOf(0) >= 0)
            (a, b) = (b, a);
        return Results.Write(scope, node, Product(scope, node, a, b, kept), isMaximum: false);
    }

    /// <summary>Sums a factor along the axes that neither the result nor the other factor has.</summary>
    private static OnnxTensor SumOut(ExportScope scope, GraphNode node, OnnxTensor factor, GraphOperand other, int[] kept)
    {
        HashSet<int> others = [.. kept, .. other.Map is { } map ? map.SelectMany(coordinate => coordinate.Terms).Select(term => term.Axis) : Enumerable.Range(0, scope.Node(other.Node).Shape.Length)];
        int[] summed = [.. factor.Axes.Where(axis => !others.Contains(axis))];
        return summed.Length == 0 ? factor : Reductions.Sum(scope, node.Name, factor, summed);
    }

    private static OnnxTensor Product(ExportScope scope, GraphNode node, OnnxTensor a, OnnxTensor b, int[] kept)
    {
        int[] summed = [.. a.Axes.Where(axis => b.PositionOf(axis) >= 0 && !kept.Contains(axis))];
        int[] shared = [.. a.Axes.Where(axis => b.PositionOf(axis) >= 0 && kept.Contains(axis))];
        int[] ofA = [.. a.Axes.Where(axis => b.PositionOf(axis) < 0)];
        int[] ofB = [.. b.Axes.Where(axis => a.PositionOf(axis) < 0)];
        if (summed.Length == 0)
            return Elementwise(scope, node, a, b);
        if (summed.Length > 1 || ofB.Length > 1 || ofA.Length == 0 || (shared.Length > 0 && (ofA.Length > 1 || ofB.Length == 0)))
            return Einsum(scope, node, a, b, [.. a.Axes.Where(kept.Contains), .. ofB]);

        var sum = summed[0];
        int[] result = [.. shared, .. ofA, .. ofB];
        if (shared.Length == 0 && ofA.Length == 1 && ofB.Length == 1 && b.Has([ofB[0], sum]) && a.Has([ofA[0], sum]))
            return new(scope.Graph.Add("Gemm", node.Name, [a.Name, b.Name], OnnxAttribute.Of("transB", 1)), result);
        var left = scope.Layouts.Transpose(node.Name, a, [.. shared, .. ofA, sum]);
        var right = scope.Layouts.Transpose(node.Name, b, [.. shared, sum, .. ofB]);
        return new(scope.Graph.Add("MatMul", node.Name, [left.Name, right.Name]), result);
    }

    private static OnnxTensor Elementwise(ExportScope scope, GraphNode node, OnnxTensor a, OnnxTensor b)
    {
        int[] axes = [.. a.Axes.Union(b.Axes).Order()];
        var order = a.Axes.Length == axes.Length ? a.Axes : b.Axes.Length == axes.Length ? b.Axes : axes;
        return new(scope.Graph.Add("Mul", node.Name, [scope.Layouts.Arrange(node.Name, a, order).Name, scope.Layouts.Arrange(node.Name, b, order).Name]), order);
    }

    private static OnnxTensor Einsum(ExportScope scope, GraphNode node, OnnxTensor a, OnnxTensor b, int[] result)
    {
        static string Letters(int[] axes) => string.Concat(axes.Select(axis => (char)('a' + axis)));
        var equation = $"{Letters(a.Axes)},{Letters(b.Axes)}->{Letters(result)}";
        return new(scope.Graph.Add("Einsum", node.Name, [a.Name, b.Name], OnnxAttribute.Of("equation", equation)), result);
    }
}
