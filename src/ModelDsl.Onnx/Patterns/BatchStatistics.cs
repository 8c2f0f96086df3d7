using System.Globalization;
using ModelDsl.Compiled;
using ModelDsl.Onnx.Export;

namespace ModelDsl.Onnx.Patterns;

/// <summary>Batch normalization by the mean and the variance of the batch.</summary>
/// <param name="Result">The node of the normalized values.</param>
/// <param name="Input">The values.</param>
/// <param name="Weight">The scale; −1 for none.</param>
/// <param name="Bias">The bias; −1 for none.</param>
/// <param name="Mean">The node of the mean.</param>
/// <param name="Squares">The node of the sum of the squared distances from the mean.</param>
/// <param name="Epsilon">The number that is added to the variance.</param>
internal sealed record BatchStatistics(int Result, int Input, int Weight, int Bias, int Mean, int Squares, double Epsilon)
{
    /// <summary>Returns the normalization whose result, mean or unbiased variance a node is; null if it is none of them.</summary>
    public static BatchStatistics? Find(ExportScope scope, int number)
    {
        if (Of(scope, number) is { } own)
            return own;
        if (!IsMean(scope, scope.Node(number), "{0}", out _) && !IsVariance(scope, number))
            return null;
        return Enumerable.Range(0, scope.Description.Nodes.Length).Select(other => Of(scope, other))
            .FirstOrDefault(found => found is not null && (found.Mean == number || (IsVariance(scope, number) && scope.Node(number).Operands[0].Node == found.Squares)));
    }

    private static BatchStatistics? Of(ExportScope scope, int number)
    {
        var node = scope.Node(number);
        if (node is not { Kind: GraphNodeKind.Map, Shape: [-1, _, ..], Operands: [var input, var mean, var factor, ..] })
            return null;
        var hasBias = BodyPattern.Matches(node, "Add(Multiply(Subtract(x0,x1),x2),x3)");
        if ((!hasBias && !BodyPattern.Matches(node, "Multiply(Subtract(x0,x1),x2)")) || !Maps.IsWhole(scope, node, input))
            return null;
        var last = node.Shape.Length - 1;
        if (!node.Operands.Skip(1).All(operand => operand.Map.Are(last)) || (hasBias && !Maps.IsOfLastAxis(scope, node, node.Operands[3])))
            return null;

        var (scale, weight) = (scope.Node(factor.Node), -1);
        if (BodyPattern.Matches(scale, "Multiply(x0,x1)"))
        {
            weight = scale.Operands[1].Node;
            scale = scope.Node(scale.Operands[0].Node);
        }

        if ((weight >= 0 && !Maps.IsNumbers(scope.Node(weight))) || !IsMean(scope, scale, "Divide(#,Sqrt(Add({0},#)))", out var numbers) || numbers[0] != 1)
            return null;
        var squares = scale.Operands[0].Node;
        return IsMean(scope, scope.Node(mean.Node), "{0}", out _) && IsSum(scope, scope.Node(mean.Node).Operands[0].Node, "x0", input.Node)
            && IsSum(scope, squares, "Multiply(Subtract(x0,x1),Subtract(x0,x1))", input.Node) && scope.Node(squares).Operands[1].Node == mean.Node
                ? new(number, input.Node, weight, hasBias ? node.Operands[3].Node : -1, mean.Node, squares, numbers[^1])
                : null;
    }

    /// <summary>Whether a node is a function of a sum divided by the number of its terms: the samples, and with positions a factor beside them.</summary>
    private static bool IsMean(ExportScope scope, GraphNode node, string form, out double[] numbers)
    {
        numbers = [];
        if (node is not { Kind: GraphNodeKind.Map, Operands: [_, var inverse] } || scope.Node(inverse.Node).Kind != GraphNodeKind.InverseBatch)
            return false;
        foreach (var mean in (string[])["Multiply(x0,x1)", "Multiply(#,Multiply(x0,x1))"])
        {
            if (BodyPattern.Matches(node, string.Format(CultureInfo.InvariantCulture, form, mean), out numbers))
                return true;
        }

        return false;
    }

    /// <summary>Whether a node is a sum for each index of the last axis of an input.</summary>
    private static bool IsSum(ExportScope scope, int number, string body, int input) =>
        scope.Node(number) is { Kind: GraphNodeKind.Reduce, Reduction: GraphReduction.Sum } sum && BodyPattern.Matches(sum, body)
        && sum.Operands[0].Node == input && Maps.IsWhole(scope, sum, sum.Operands[0]) && sum.Output.Are(sum.Domain.Length - 1);

    private static bool IsVariance(ExportScope scope, int number) =>
        scope.Node(number) is { Kind: GraphNodeKind.Map, Operands: [_, var inverse] } node && scope.Node(inverse.Node).Kind == GraphNodeKind.InverseBatch
        && BodyPattern.Matches(node, "Divide(Multiply(x0,x1),Subtract(#,x1))");
}
