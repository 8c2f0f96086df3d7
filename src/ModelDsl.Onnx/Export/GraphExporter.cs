using ModelDsl.Compiled;
using ModelDsl.Onnx.Patterns;

namespace ModelDsl.Onnx.Export;

/// <summary>
/// Writes the nodes that some roots need. Every kind of node has operators that compute it. Groups of nodes for which ONNX has one operator are found first, from the roots on: nodes that only
/// such a group reads are not written.
/// </summary>
/// <param name="scope">The graph. Inputs, parameters and values of a step are already in it.</param>
internal sealed class GraphExporter(ExportScope scope)
{
    /// <summary>Writes nodes.</summary>
    /// <param name="roots">The nodes whose values are needed.</param>
    /// <exception cref="NotSupportedException">A node cannot be expressed; the message names it.</exception>
    public void Run(IReadOnlyList<int> roots)
    {
        scope.CountReaders(roots);
        var count = scope.Description.Nodes.Length;
        var isNeeded = new bool[count];
        var matches = new PatternMatch?[count];
        foreach (var root in roots)
            isNeeded[root] = true;
        for (var number = count - 1; number >= 0; number--)
        {
            if (!isNeeded[number])
                continue;
            matches[number] = PatternTable.Find(scope, number);
            foreach (var operand in matches[number]?.Reads ?? scope.Node(number).Operands.Select(operand => operand.Node))
                isNeeded[operand] = true;
        }

        for (var number = 0; number < count; number++)
        {
            if (isNeeded[number])
                Write(number, matches[number]);
        }
    }

    private void Write(int number, PatternMatch? match)
    {
        var node = scope.Node(number);
        switch (node.Kind)
        {
            case GraphNodeKind.Loop:
                scope.Loops[number] = match?.WriteLoop is { } write ? write() : Loops.Write(scope, node);
                break;

            // They are in the scope already.
            case GraphNodeKind.Input or GraphNodeKind.Parameter or GraphNodeKind.State or GraphNodeKind.Constant or GraphNodeKind.LoopValue:
                break;
            default:
                scope[number] = match?.Write is { } value ? value() : Value(node);
                break;
        }
    }

    private OnnxTensor Value(GraphNode node) => node.Kind switch
    {
        GraphNodeKind.InverseBatch => Arrangements.InverseBatch(scope, node),
        GraphNodeKind.Map => Expressions.Write(scope, node),
        GraphNodeKind.Contract => Contractions.Write(scope, node),
        GraphNodeKind.Reduce => Reductions.Write(scope, node),
        GraphNodeKind.LogSumExp => Arrangements.LogSumExp(scope, node),
        GraphNodeKind.View => scope.Read(node.Operands[0], node),
        GraphNodeKind.Reshape => Arrangements.Reshape(scope, node),
        GraphNodeKind.Concat => Arrangements.Concat(scope, node),
        GraphNodeKind.Pad => Arrangements.Pad(scope, node),
        GraphNodeKind.Gather => Arrangements.Gather(scope, node),
        GraphNodeKind.StopGradient => scope[node.Operands[0].Node],
        GraphNodeKind.LoopResult => Loops.Result(scope, node),
        GraphNodeKind.Random when scope.IsTraining => Arrangements.Random(scope, node),
        GraphNodeKind.Random => throw Unsupported(node, "it draws random numbers in predictions, and those of other runtimes are different"),
        _ => throw Unsupported(node, $"it contains the operation {node.Kind}, which forward passes do not have otherwise"),
    };

    private static NotSupportedException Unsupported(GraphNode node, string why) => new($"'{node.Name}' cannot be written as ONNX: {why}.");
}
