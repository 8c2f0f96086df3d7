using ModelDsl.Onnx.Importer.Reading;
using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Importer.Recognize;

/// <summary>Finds the nodes around a value.</summary>
internal sealed class GraphIndex
{
    private readonly Dictionary<string, NodeProto> producers = [];
    private readonly Dictionary<string, int> readers = [];
    private readonly Dictionary<string, TensorProto> initializers;
    private readonly HashSet<string> constants;
    private readonly TensorReader tensors;

    public GraphIndex(GraphProto graph, TensorReader tensors, long opset)
    {
        this.tensors = tensors;
        Opset = opset;
        initializers = graph.Initializer.GroupBy(tensor => tensor.Name).ToDictionary(group => group.Key, group => group.Last());
        constants = [.. initializers.Keys];
        foreach (var node in graph.Node)
        {
            foreach (var output in node.Output) producers[output] = node;
            foreach (var input in node.Input) readers[input] = readers.GetValueOrDefault(input) + 1;
            if (node.Input.All(input => input.Length == 0 || constants.Contains(input))) constants.UnionWith(node.Output);
        }

        foreach (var output in graph.Output) readers[output.Name] = readers.GetValueOrDefault(output.Name) + 1;
    }

    /// <summary>The version of the operators.</summary>
    public long Opset { get; }

    /// <summary>Whether arithmetic matches its right side from a given axis on, as it could before opset 7. No pattern has that.</summary>
    public static bool IsFromAxis(NodeProto node) => node.OpType is "Add" or "Sub" or "Mul" or "Div" or "Pow" && node.Attribute.Any(attribute => attribute.Name == "axis");

    /// <summary>Whether a value does not depend on the inputs.</summary>
    public bool IsConstant(string value) => constants.Contains(value);

    /// <summary>Whether only one node reads a value, and no output has it.</summary>
    public bool IsReadOnce(string value) => readers.GetValueOrDefault(value) == 1;

    /// <summary>Returns the node that computes a value, if it has this operator.</summary>
    public NodeProto? Producer(string value, params ReadOnlySpan<string> types) => producers.GetValueOrDefault(value) is { } node && types.Contains(node.OpType) && !IsFromAxis(node) && node.Input.Count >= Inputs(node.OpType) ? node : null;

    /// <summary>Returns the shape of a tensor in the file.</summary>
    public IReadOnlyList<long>? ShapeOf(string value) => TensorOf(value)?.Dims;

    /// <summary>Returns a number in the file; null if the value is not a single number.</summary>
    public double? NumberOf(string value)
    {
        if (TensorOf(value) is not { } tensor || Values.Sizes.CountOf(tensor.Dims) != 1) return null;
        var constant = tensors.Read(tensor, isTrained: false);
        return constant.IsInteger ? constant.Integer(0) : constant.Float(0);
    }

    /// <summary>Whether a value is a number, but for the rounding of 32-bit floats.</summary>
    public bool IsNumber(string value, double number) => NumberOf(value) is { } found && Math.Abs(found - number) <= 1e-4 * Math.Abs(number);

    /// <summary>Returns the inputs of a node in the order in which the second one satisfies a condition; null if neither does.</summary>
    public static (string Value, string Other)? Sides(NodeProto? node, Func<string, bool> isOther)
    {
        if (node is not { Input.Count: 2 }) return null;
        if (isOther(node.Input[1])) return (node.Input[0], node.Input[1]);
        return isOther(node.Input[0]) ? (node.Input[1], node.Input[0]) : null;
    }

    /// <summary>The number of inputs that an operator needs.</summary>
    private static int Inputs(string type) => type switch
    {
        "Where" => 3,
        "Constant" => 0,
        "Erf" or "Sqrt" or "ReduceMean" or "Softmax" => 1,
        _ => 2,
    };

    private TensorProto? TensorOf(string value) => initializers.GetValueOrDefault(value)
        ?? Producer(value, "Constant")?.Attribute.FirstOrDefault(attribute => attribute.Name == "value")?.T;
}
