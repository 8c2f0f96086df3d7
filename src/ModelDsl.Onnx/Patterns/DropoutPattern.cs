using ModelDsl.Compiled;
using ModelDsl.Onnx.Export;
using ModelDsl.Onnx.Graphs;

namespace ModelDsl.Onnx.Patterns;

/// <summary>Values of which random ones are 0 in training: the operator Dropout in training mode. Where whole channels are dropped, it is applied to ones, which are the factors of the channels.</summary>
internal static class DropoutPattern
{
    private const double Tolerance = 1e-9;

    /// <summary>Returns the group whose result is a node; null if there is none.</summary>
    public static PatternMatch? Find(ExportScope scope, int number)
    {
        var node = scope.Node(number);
        if (!scope.IsTraining || node.Kind != GraphNodeKind.Map)
            return null;
        var (isFactor, random) = BodyPattern.Matches(node, "Select(Less(x0,#),#,#)", out var numbers) ? (true, 0)
            : BodyPattern.Matches(node, "Select(Less(x1,#),#,Multiply(#,x0))", out numbers) ? (false, 1)
            : (false, -1);
        if (random < 0 || numbers[1] != 0 || Math.Abs((numbers[2] * (1 - numbers[0])) - 1) > Tolerance || !node.Operands.All(operand => Maps.IsWhole(scope, node, operand)))
            return null;
        var drawn = node.Operands[random].Node;
        if (scope.Node(drawn).Kind != GraphNodeKind.Random || !scope.IsReadOnce(drawn))
            return null;
        return isFactor
            ? new([], () => Write(scope, node, new(scope.Graph.Scalar(1), []), numbers[0]))
            : new([node.Operands[0].Node], () => Write(scope, node, scope[node.Operands[0].Node], numbers[0]));
    }

    private static OnnxTensor Write(ExportScope scope, GraphNode node, OnnxTensor value, double rate)
    {
        var all = value.Axes.Length == node.Shape.Length ? value : scope.Layouts.Full(node.Name, value, node.Shape);
        return all with { Name = scope.Graph.Add("Dropout", node.Name, [all.Name, scope.Graph.Scalar(rate), scope.Graph.Conditions("training_mode", [true], [])]) };
    }
}
