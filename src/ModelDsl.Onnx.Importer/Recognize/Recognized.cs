using ModelDsl.Onnx.Importer.Reading;
using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Importer.Recognize;

/// <summary>
/// Finds layers that a file has as several operators, and replaces the last of these by one operator. The others are left out if nothing else reads them. A pattern that is not found costs speed and
/// readability only: each operator can be converted on its own.
/// </summary>
internal static class Recognized
{
    /// <summary>A product with a constant matrix and its bias: inputs, matrix, bias.</summary>
    public const string Dense = "ModelDsl.Dense";

    private static readonly Func<NodeProto, GraphIndex, NodeProto?>[] Patterns = [LayerNormPattern.Find, GeluPattern.Find, DensePattern.Find];

    /// <summary>Replaces all that is found.</summary>
    public static void Replace(GraphProto graph, TensorReader tensors)
    {
        var index = new GraphIndex(graph, tensors);
        for (var at = 0; at < graph.Node.Count; at++)
        {
            var node = graph.Node[at];
            if (node.Output.Count != 1 || !Versions.IsStandard(node.Domain)) continue;
            if (Patterns.Select(find => find(node, index)).FirstOrDefault(found => found is not null) is not { } replacement) continue;
            if (replacement.Name.Length == 0) replacement.Name = node.Name;
            replacement.Output.Add(node.Output[0]);
            graph.Node[at] = replacement;
        }
    }
}
