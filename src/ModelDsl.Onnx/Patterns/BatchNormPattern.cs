using ModelDsl.Compiled;
using ModelDsl.Onnx.Export;
using ModelDsl.Onnx.Graphs;

namespace ModelDsl.Onnx.Patterns;

/// <summary>Batch normalization by running statistics, where the channels follow the samples: the operator BatchNormalization. With other layouts it is a multiplication and an addition.</summary>
internal static class BatchNormPattern
{
    /// <summary>Returns the group whose result is a node; null if there is none.</summary>
    public static PatternMatch? Find(ExportScope scope, int number)
    {
        var node = scope.Node(number);
        if (node is not { Kind: GraphNodeKind.Map, Shape: [-1, .., var channels], Operands: [var input, var factor, var shift] } || !BodyPattern.Matches(node, "Add(Multiply(x0,x1),x2)"))
            return null;
        var last = node.Shape.Length - 1;
        if (!Maps.IsWhole(scope, node, input) || !factor.Map.Are(last) || !shift.Map.Are(last) || Statistics.Of(scope, factor.Node, shift.Node) is not { } found)
            return null;

        // The factor and the summand are needed as well if the channels do not follow the samples.
        return new([input.Node, factor.Node, shift.Node, .. found.All], () =>
        {
            var value = scope[input.Node];
            if (value.Axes.Length != node.Shape.Length || value.Axes[1] != last)
                return Expressions.Write(scope, node);
            string Numbers(int at, float otherwise, string name) =>
                at >= 0 ? scope.Canonical(at) : scope.Graph.Floats($"{node.Name}_{name}", [.. Enumerable.Repeat(otherwise, channels)], channels);
            string[] operands = [value.Name, Numbers(found.Weight, 1, "scale"), Numbers(found.Bias, 0, "bias"), scope.Canonical(found.Mean), scope.Canonical(found.Variance)];
            return value with { Name = scope.Graph.Add("BatchNormalization", node.Name, operands, OnnxAttribute.Of("epsilon", found.Epsilon)) };
        });
    }

    private sealed record Statistics(int Mean, int Variance, int Weight, int Bias, double Epsilon)
    {
        public int[] All => [.. new[] { Mean, Variance, Weight, Bias }.Where(number => number >= 0)];

        public static Statistics? Of(ExportScope scope, int factorNumber, int shiftNumber)
        {
            var (factor, shift) = (scope.Node(factorNumber), scope.Node(shiftNumber));
            var weight = -1;
            if (BodyPattern.Matches(factor, "Multiply(x0,x1)"))
            {
                weight = factor.Operands[1].Node;
                factor = scope.Node(factor.Operands[0].Node);
            }

            if (!BodyPattern.Matches(factor, "Divide(#,Sqrt(Add(x0,#)))", out var numbers) || numbers[0] != 1 || (weight >= 0 && !Maps.IsNumbers(scope.Node(weight))))
                return null;
            var hasBias = BodyPattern.Matches(shift, "Subtract(x2,Multiply(x0,x1))");
            if ((!hasBias && !BodyPattern.Matches(shift, "Negate(Multiply(x0,x1))")) || shift.Operands[1].Node != factorNumber)
                return null;
            var found = new Statistics(shift.Operands[0].Node, factor.Operands[0].Node, weight, hasBias ? shift.Operands[2].Node : -1, numbers[1]);
            return found.All.All(number => Maps.IsNumbers(scope.Node(number))) ? found : null;
        }
    }
}
