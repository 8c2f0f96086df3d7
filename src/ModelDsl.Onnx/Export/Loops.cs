using ModelDsl.Compiled;
using ModelDsl.Onnx.Graphs;
using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Export;

/// <summary>Writes loops over time as the operator Scan.</summary>
internal static class Loops
{
    /// <summary>The axis of the steps of a sequence with the given shape: the axis after the samples, or the first.</summary>
    public static int TimeAxis(int[] shape) => shape is [-1, ..] ? 1 : 0;

    /// <summary>Writes a loop. The values from outside that are the same in all steps are read by the body directly.</summary>
    public static LoopResults Write(ExportScope scope, GraphNode node)
    {
        var loop = node.Loop!;
        var graph = scope.Graph.Inner();
        var body = new ExportScope(loop.Body, graph, scope.Batch) { IsTraining = scope.IsTraining };
        var proto = new GraphProto { Name = scope.Graph.Reserve(node.Name + "_step") };
        var operands = new List<string>();
        for (var number = 0; number < node.Operands.Length; number++)
        {
            var value = Array.FindIndex(loop.Body.Nodes, inner => inner.Kind == GraphNodeKind.LoopValue && inner.Number == number);
            var isInvariant = number >= loop.Carried + loop.Sequences;
            if (isInvariant && value < 0)
                continue;
            var outside = scope.Canonical(node.Operands[number].Node);
            var inner = scope.Node(node.Operands[number].Node);
            var name = isInvariant ? outside : scope.Graph.Reserve(value < 0 ? $"{node.Name}_{number}" : loop.Body.Nodes[value].Name);
            if (value >= 0)
                body[value] = new(name, [.. Enumerable.Range(0, loop.Body.Nodes[value].Shape.Length)], inner.IsInteger);
            if (isInvariant)
                continue;
            operands.Add(outside);
            proto.Input.Add(ValueInfos.Of(name, inner.IsInteger, null));
        }

        new GraphExporter(body).Run([.. loop.Body.Outputs.Select(output => output.Node)]);
        int[] next = [.. loop.Body.Outputs.Take(loop.Carried).Select(output => output.Node)];
        int[] outputs = [.. loop.Body.Outputs.Skip(loop.Carried).Select(output => output.Node)];
        foreach (var result in (int[])[.. next, .. next, .. outputs])
        {
            var name = scope.Graph.Reserve($"{loop.Body.Nodes[result].Name}_result");
            graph.Rename(body.Canonical(result), name);
            proto.Output.Add(ValueInfos.Of(name, isInteger: false, null));
        }

        proto.Node.AddRange(graph.NodesFor(proto.Output.Select(output => output.Name)));
        int[] ends = [.. next.Concat(outputs).Select(result => TimeAxis(loop.Body.Nodes[result].Shape))];
        var direction = loop.IsReversed ? 1 : 0;
        var results = scope.Graph.Add(
            "Scan", node.Name, operands, loop.Carried + ends.Length, OnnxAttribute.Of("body", proto), OnnxAttribute.Of("num_scan_inputs", loop.Sequences),
            OnnxAttribute.Of("scan_input_axes", node.Operands.Skip(loop.Carried).Take(loop.Sequences).Select(operand => TimeAxis(scope.Node(operand.Node).Shape))),
            OnnxAttribute.Of("scan_input_directions", Enumerable.Repeat(direction, loop.Sequences)),
            OnnxAttribute.Of("scan_output_axes", ends),
            OnnxAttribute.Of("scan_output_directions", Enumerable.Repeat(direction, ends.Length)));
        return new(
            [.. results.Take(loop.Carried).Select((result, carried) => Ordered(result, loop.Body.Nodes[next[carried]].Shape.Length))],
            [.. results.Skip(loop.Carried).Take(loop.Carried).Select((result, carried) => Ordered(result, loop.Body.Nodes[next[carried]].Shape.Length + 1))],
            [.. results.Skip(2 * loop.Carried).Select((result, output) => Ordered(result, loop.Body.Nodes[outputs[output]].Shape.Length + 1))]);
    }

    private static OnnxTensor Ordered(string name, int rank) => new(name, [.. Enumerable.Range(0, rank)]);

    /// <summary>Writes a result of a loop.</summary>
    public static OnnxTensor Result(ExportScope scope, GraphNode node)
    {
        var (loop, results) = (scope.Node(node.Operands[0].Node), scope.Loops[node.Operands[0].Node]);
        int[] axes = [.. Enumerable.Range(0, node.Shape.Length)];
        if (node.Result == GraphLoopResult.Output)
            return results.Outputs[node.Number];
        if (node.Result == GraphLoopResult.Total)
        {
            var terms = results.Outputs[loop.Loop!.Outputs + node.Number];
            var time = TimeAxis(node.Shape);
            int[] labels = [.. axes.Take(time), -1, .. axes.Skip(time)];
            return Reductions.Sum(scope, node.Name, terms with { Axes = labels }, [-1]);
        }

        var axis = TimeAxis(node.Shape);
        var start = scope.Graph.Add("Unsqueeze", node.Name, [scope.Canonical(loop.Operands[node.Number].Node), scope.Graph.Integers(axis)]);
        var next = scope.Layouts.Transpose(node.Name, results.Next[node.Number], axes).Name;
        string[] parts = loop.Loop!.IsReversed ? [next, start] : [start, next];
        return new(scope.Graph.Add("Concat", node.Name, parts, OnnxAttribute.Of("axis", axis)), axes);
    }
}
