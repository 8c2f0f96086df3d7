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

    /// <summary>Attention: queries, transposed keys, values, and what the scores are scaled and masked with.</summary>
    public const string Attention = "ModelDsl.Attention";

    /// <summary>Batch normalization: input, scale, bias, mean, deviation, and the variance if it is known.</summary>
    public const string BatchNorm = "ModelDsl.BatchNorm";

    /// <summary>A convolution with the operands of Conv, and factors and summands for its result.</summary>
    public const string Convolution = "ModelDsl.Conv";

    private static readonly Func<NodeProto, GraphIndex, NodeProto?>[] Patterns =
        [LayerNormPattern.Find, BatchNormPattern.Find, ConvolutionPattern.Find, GeluPattern.Find, DensePattern.Find, AttentionPattern.Find];

    /// <summary>Returns the operator as it is in the file, for messages.</summary>
    public static string Shown(string type) => type switch
    {
        Dense => "MatMul",
        BatchNorm => "Add",
        Convolution => "Conv",
        _ => type,
    };

    /// <summary>Replaces all that is found.</summary>
    public static void Replace(GraphProto graph, TensorReader tensors, long opset)
    {
        var index = new GraphIndex(graph, tensors, opset);
        for (var at = 0; at < graph.Node.Count; at++)
        {
            var node = graph.Node[at];
            if (node.Output.Count != 1 || !Versions.IsStandard(node.Domain) || GraphIndex.IsFromAxis(node)) continue;
            if (Patterns.Select(find => find(node, index)).FirstOrDefault(found => found is not null) is not { } replacement) continue;
            if (replacement.Name.Length == 0) replacement.Name = node.Name;
            replacement.Output.Add(node.Output[0]);
            graph.Node[at] = replacement;
        }
    }
}
