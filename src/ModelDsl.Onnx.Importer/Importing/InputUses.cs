using ModelDsl.Onnx.Importer.Recognize;
using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Importer.Importing;

/// <summary>What the nodes that read an input tell about it.</summary>
/// <param name="nodes">The nodes in their order.</param>
/// <param name="graph">The graph.</param>
internal sealed class InputUses(IReadOnlyList<NodeProto> nodes, GraphProto graph)
{
    private static readonly HashSet<string> OfPictures =
        ["Conv", "ConvTranspose", "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "BatchNormalization", "InstanceNormalization", "GroupNormalization", "LRN", "Resize", "Upsample", "DepthToSpace", "SpaceToDepth", Recognized.Convolution];

    private static readonly HashSet<string> OnElements =
        ["Add", "Sub", "Mul", "Div", "Relu", "LeakyRelu", "Clip", "Pad", "Identity", "Cast", "Sigmoid", "Tanh", "Concat", "Sum", "Pow", "Dropout", "Exp", "Neg", "Abs", Recognized.BatchNorm];

    /// <summary>The operators that select rows of a table, with their inputs for the table and for the ids of rows.</summary>
    private static readonly Dictionary<string, (int Table, int Ids)> Tables = new() { ["Gather"] = (0, 1), ["RotaryEmbedding"] = (1, 3) };

    private static readonly HashSet<string> OfIds = ["Cast", "Identity", "Reshape", "Squeeze", "Unsqueeze"];

    /// <summary>Whether a picture is read: windows slide over it, or its second axis has the channels. Functions of elements may be before that.</summary>
    /// <param name="input">The input.</param>
    /// <param name="rank">The number of its axes.</param>
    public bool IsPicture(string input, int rank) => Reaches(input, OnElements, (node, _) => OfPictures.Contains(node.OpType) || (node.OpType == Recognized.BatchNorm && node.Input.Skip(1).Any(name => IsOfSecondAxis(name, rank))));

    /// <summary>The smallest number of rows of the tables that an input selects rows of; null if it is not an index.</summary>
    public long? RowsFor(string input)
    {
        long? rows = null;
        Reaches(input, OfIds, (node, value) =>
        {
            if (!Tables.TryGetValue(node.OpType, out var inputs) || node.Input.Count <= inputs.Ids || node.Input[inputs.Ids] != value || graph.Initializer.FirstOrDefault(tensor => tensor.Name == node.Input[inputs.Table]) is not { Dims.Count: 2 } table) return false;
            rows = Math.Min(rows ?? long.MaxValue, table.Dims[0]);
            return false;
        });
        return rows;
    }

    /// <summary>Whether a tensor of the file has a number for each index of axis 1 of a value with a number of axes.</summary>
    private bool IsOfSecondAxis(string name, int rank) => graph.Initializer.FirstOrDefault(tensor => tensor.Name == name)?.Dims is { } sizes
        && sizes.Count >= rank - 1 && sizes.Count <= rank && sizes[sizes.Count - rank + 1] > 1 && sizes.Where((_, axis) => axis != sizes.Count - rank + 1).All(size => size == 1);

    private bool Reaches(string input, HashSet<string> through, Func<NodeProto, string, bool> isThere)
    {
        var reached = new HashSet<string> { input };
        foreach (var node in nodes)
        {
            foreach (var value in node.Input.Where(reached.Contains))
            {
                if (isThere(node, value)) return true;
                if (through.Contains(node.OpType)) reached.UnionWith(node.Output);
                break;
            }
        }

        return false;
    }
}
