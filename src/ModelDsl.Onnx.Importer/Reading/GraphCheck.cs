using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Importer.Reading;

/// <summary>Checks that each value of a graph is computed once, and before it is used. So there are no cycles.</summary>
internal static class GraphCheck
{
    /// <summary>Gives nodes without a name the name of their first output, by which errors and options refer to them.</summary>
    public static void Name(GraphProto graph)
    {
        for (var index = 0; index < graph.Node.Count; index++)
        {
            var node = graph.Node[index];
            if (node.Name.Length == 0) node.Name = node.Output.FirstOrDefault(output => output.Length > 0) ?? $"node {index}";
        }
    }

    /// <summary>Fails if a value is used before it is computed, or computed twice.</summary>
    public static void Check(GraphProto graph)
    {
        var known = new HashSet<string>(graph.Input.Select(input => input.Name).Concat(graph.Initializer.Select(tensor => tensor.Name)));
        foreach (var node in graph.Node)
        {
            foreach (var input in node.Input.Where(input => input.Length > 0 && !known.Contains(input)))
            {
                var isLater = graph.Node.Any(other => other.Output.Contains(input));
                throw Error(node, isLater
                    ? $"its input '{input}' is computed after it. The nodes of a file are in the order of computation, without cycles."
                    : $"its input '{input}' is neither an input of the file, nor a tensor in it, nor the output of a node.");
            }

            foreach (var output in node.Output.Where(output => output.Length > 0 && !known.Add(output)))
                throw Error(node, $"its output '{output}' has the name of another value.");
        }

        foreach (var output in graph.Output.Where(output => !known.Contains(output.Name)))
            throw new ImportException(ImportException.Damaged, $"the output '{output.Name}' of the file is not computed by any node.");
    }

    private static ImportException Error(NodeProto node, string message) => ImportException.AtNode(ImportException.Damaged, node.Name, node.OpType, message);
}
