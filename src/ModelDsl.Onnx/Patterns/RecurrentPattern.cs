using ModelDsl.Compiled;
using ModelDsl.Onnx.Export;
using ModelDsl.Onnx.Graphs;

namespace ModelDsl.Onnx.Patterns;

/// <summary>Recurrent layers over whole sequences: the operators LSTM, GRU and RNN. Their values have the positions before the samples. Other loops, such as those that skip padding, are Scan.</summary>
internal static class RecurrentPattern
{
    /// <summary>Returns the group whose result is a node; null if there is none.</summary>
    public static PatternMatch? Find(ExportScope scope, int number)
    {
        var node = scope.Node(number);
        if (node is not { Kind: GraphNodeKind.Loop, Loop: { } loop } || RecurrentStep.Of(loop) is not { } step || !OnlyLastCellIsRead(scope, number))
            return null;
        if (Inputs.Of(scope, node.Operands[loop.Carried].Node, isWithBoth: step.Operator != "GRU") is not { } inputs)
            return null;
        int[] biases = step.Bias >= 0 ? [.. inputs.Biases, node.Operands[step.Bias].Node] : inputs.Biases;
        int[] numbers = [inputs.Weight, node.Operands[step.Weight].Node, .. biases];
        if (biases.Length == 1 || !numbers.All(weight => Maps.IsNumbers(scope.Node(weight))))
            return null;
        return new([inputs.Source, .. numbers, .. node.Operands.Take(loop.Carried).Select(start => start.Node)], null)
        {
            WriteLoop = () => Write(scope, node, step, inputs.Source, inputs.Weight, biases),
        };
    }

    private static LoopResults Write(ExportScope scope, GraphNode node, RecurrentStep step, int source, int weight, int[] biases)
    {
        var (graph, loop) = (scope.Graph, node.Loop!);
        var units = loop.Body.Nodes[loop.Body.Outputs[0].Node].Shape[1];
        var first = graph.Integers(0);
        string Blocks(int tensor)
        {
            var name = scope.Canonical(tensor);
            string[] parts = [.. step.Gates.Select(gate => graph.Add("Slice", node.Name, [name, graph.Integers(gate * units), graph.Integers((gate + 1) * units), first]))];
            return parts.Length == 1 ? parts[0] : graph.Add("Concat", node.Name, parts, OnnxAttribute.Of("axis", 0));
        }

        string Directed(string value) => graph.Add("Unsqueeze", node.Name, [value, first]);
        string Start(int carried) => IsZero(scope.Node(node.Operands[carried].Node)) ? "" : Directed(scope.Canonical(node.Operands[carried].Node));
        var bias = biases.Length == 0 ? "" : Directed(graph.Add("Concat", node.Name, [.. biases.Select(Blocks)], OnnxAttribute.Of("axis", 0)));
        List<string> operands =
        [
            scope.Layouts.Full(node.Name, scope[source], scope.Node(source).Shape, [1, 0, 2]).Name, Directed(Blocks(weight)), Directed(Blocks(node.Operands[step.Weight].Node)), bias, "",
            .. Enumerable.Range(0, loop.Carried).Select(Start),
        ];
        while (operands[^1].Length == 0)
            operands.RemoveAt(operands.Count - 1);
        var results = graph.Add(
            step.Operator, node.Name, operands, 1 + loop.Carried, [
                OnnxAttribute.Of("hidden_size", units), OnnxAttribute.Of("direction", loop.IsReversed ? "reverse" : "forward"),
                .. step.Operator == "GRU" ? [OnnxAttribute.Of("linear_before_reset", 1)] : Array.Empty<Schema.AttributeProto>()]);
        var each = new OnnxTensor(graph.Add("Squeeze", node.Name, [results[0], graph.Integers(1)]), [1, 0, 2]);
        return new([.. results.Skip(1).Select(last => new OnnxTensor(graph.Add("Squeeze", node.Name, [last, first]), [0, 1]))], [each], []);
    }

    /// <summary>Whether the cell state is read after the last step only: the operator returns no other.</summary>
    private static bool OnlyLastCellIsRead(ExportScope scope, int loop)
    {
        var nodes = scope.Description.Nodes;
        var cells = Enumerable.Range(0, nodes.Length).Where(at => nodes[at] is { Kind: GraphNodeKind.LoopResult, Number: > 0 } result && result.Operands[0].Node == loop).ToHashSet();
        return nodes.Where(node => node.Operands.Any(operand => cells.Contains(operand.Node))).All(reader => LoopStatePattern.IsLast(scope, reader));
    }

    private static bool IsZero(GraphNode node) => node is { Kind: GraphNodeKind.Map, Body: [{ Operation: GraphScalarOperation.Constant, Value: 0 }] };

    /// <summary>The products of the inputs at all positions with their weights, with the biases that are added to them.</summary>
    private sealed record Inputs(int Source, int Weight, int[] Biases)
    {
        public static Inputs? Of(ExportScope scope, int number, bool isWithBoth)
        {
            var node = scope.Node(number);
            int[] biases = [];
            if (BodyPattern.Matches(node, isWithBoth ? "Add(x0,Add(x1,x2))" : "Add(x0,x1)"))
            {
                if (!node.Operands.Skip(1).All(bias => Maps.IsOfLastAxis(scope, node, bias)))
                    return null;
                biases = [.. node.Operands.Skip(1).Select(bias => bias.Node)];
                node = scope.Node(node.Operands[0].Node);
            }

            if (node is not { Kind: GraphNodeKind.Contract, Domain.Length: 4, Operands: [var source, var weight] } || !node.Output.Are(0, 1, 3) || !weight.Map.Are(3, 2))
                return null;
            return source.Map is null || source.Map.Are(0, 1, 2) ? new(source.Node, weight.Node, biases) : null;
        }
    }
}
