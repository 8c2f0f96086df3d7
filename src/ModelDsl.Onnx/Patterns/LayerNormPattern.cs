using ModelDsl.Compiled;
using ModelDsl.Onnx.Export;
using ModelDsl.Onnx.Graphs;

namespace ModelDsl.Onnx.Patterns;

/// <summary>Normalization along the last axis, with or without scale and bias: the operators LayerNormalization and, since opset 23, RMSNormalization.</summary>
internal static class LayerNormPattern
{
    private const int OpsetOfRmsNorm = 23;
    private const double Tolerance = 1e-9;

    /// <summary>Returns the group whose result is a node; null if there is none.</summary>
    public static PatternMatch? Find(ExportScope scope, int number)
    {
        var node = scope.Node(number);
        if (node.Kind != GraphNodeKind.Map || node.Shape.Length < 2)
            return null;
        if (Normal.Of(scope, node) is { } plain)
            return new([plain.Input], () => Write(scope, node, plain, scale: -1, bias: -1));

        var (hasScale, hasBias) = BodyPattern.Matches(node, "Add(Multiply(x0,x1),x2)") ? (true, true) : BodyPattern.Matches(node, "Multiply(x0,x1)") ? (true, false) : (false, BodyPattern.Matches(node, "Add(x0,x1)"));
        if ((!hasScale && !hasBias) || !Maps.IsWhole(scope, node, node.Operands[0]) || !scope.IsReadOnce(node.Operands[0].Node))
            return null;
        int[] affine = [.. node.Operands.Skip(1).Select(operand => operand.Node)];
        if (Normal.Of(scope, scope.Node(node.Operands[0].Node)) is not { } normal || !node.Operands.Skip(1).All(operand => Maps.IsOfLastAxis(scope, node, operand)) || (normal.IsRms && hasBias))
            return null;
        return new([normal.Input, .. affine], () => Write(scope, node, normal, hasScale ? affine[0] : -1, hasBias ? affine[^1] : -1));
    }

    private static OnnxTensor Write(ExportScope scope, GraphNode node, Normal normal, int scale, int bias)
    {
        var input = scope.Canonical(normal.Input);
        var factors = scale >= 0 ? scope.Canonical(scale) : scope.Graph.Floats(node.Name + "_scale", [.. Enumerable.Repeat(1f, node.Shape[^1])], node.Shape[^1]);
        string[] operands = bias >= 0 ? [input, factors, scope.Canonical(bias)] : [input, factors];
        var type = normal.IsRms ? "RMSNormalization" : "LayerNormalization";
        return new(scope.Graph.Add(type, node.Name, operands, OnnxAttribute.Of("axis", -1), OnnxAttribute.Of("epsilon", normal.Epsilon)), [.. Enumerable.Range(0, node.Shape.Length)]);
    }

    /// <summary>A value less its mean, divided by the square root of its variance; or divided by the square root of the mean of its squares.</summary>
    private sealed record Normal(int Input, double Epsilon, bool IsRms)
    {
        public static Normal? Of(ExportScope scope, GraphNode node)
        {
            if (node.Kind != GraphNodeKind.Map)
                return null;
            var isRms = BodyPattern.Matches(node, "Multiply(x0,x1)");
            if (isRms ? scope.Graph.Opset < OpsetOfRmsNorm : !BodyPattern.Matches(node, "Multiply(Subtract(x0,x1),x2)"))
                return null;
            var (input, factor) = (node.Operands[0], scope.Node(node.Operands[^1].Node));
            if (!Maps.IsWhole(scope, node, input) || factor.Kind != GraphNodeKind.Map || !BodyPattern.Matches(factor, "Divide(#,Sqrt(Add(Multiply(#,x0),#)))", out var numbers))
                return null;
            if (numbers[0] != 1 || Math.Abs((numbers[1] * node.Shape[^1]) - 1) > Tolerance || SumOfLast(scope, factor) is not { } squares || squares.Operands[0].Node != input.Node)
                return null;
            var found = new Normal(input.Node, numbers[2], isRms);
            if (isRms)
                return BodyPattern.Matches(squares, "Multiply(x0,x0)") ? found : null;
            var mean = node.Operands[1].Node;
            return BodyPattern.Matches(squares, "Multiply(Subtract(x0,x1),Subtract(x0,x1))") && squares.Operands[1].Node == mean && IsMean(scope, scope.Node(mean), input.Node) ? found : null;
        }

        private static bool IsMean(ExportScope scope, GraphNode node, int input) =>
            node.Kind == GraphNodeKind.Map && BodyPattern.Matches(node, "Multiply(#,x0)", out var numbers)
            && SumOfLast(scope, node) is { } sum && BodyPattern.Matches(sum, "x0") && sum.Operands[0].Node == input && Math.Abs((numbers[0] * sum.Domain[^1]) - 1) <= Tolerance;

        /// <summary>The sum along the last axis that a node reads element by element.</summary>
        private static GraphNode? SumOfLast(ExportScope scope, GraphNode node) =>
            scope.Node(node.Operands[0].Node) is { Kind: GraphNodeKind.Reduce, Reduction: GraphReduction.Sum } sum
            && Maps.IsWhole(scope, node, node.Operands[0]) && Maps.IsWhole(scope, sum, sum.Operands[0])
            && sum.Output.Are([.. Enumerable.Range(0, sum.Domain.Length - 1)])
                ? sum
                : null;
    }
}
