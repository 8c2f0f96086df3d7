using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Folding;
using ModelDsl.Onnx.Importer.Operators;
using ModelDsl.Onnx.Importer.Reading;
using ModelDsl.Onnx.Importer.Recognize;
using ModelDsl.Onnx.Importer.Values;
using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Importer.Importing;

/// <summary>Converts the graph of a file, node by node in its order, from what the outputs need.</summary>
internal static class GraphImporter
{
    /// <summary>Converts a file.</summary>
    /// <param name="model">The file.</param>
    /// <param name="options">What is imported.</param>
    public static ImportedModel Import(ModelProto model, ImportOptions options)
    {
        var (inputs, values) = Convert(model, options);
        if (inputs.Count == 0) throw new ImportException(ImportException.Unsupported, "the outputs do not depend on any input.");
        return new(inputs, [.. values.Select(value => Output(value.Key, value.Value))]);
    }

    /// <summary>Returns the inputs, and the values of the outputs, which may be constants.</summary>
    public static (IReadOnlyList<ImportedInput> Inputs, IReadOnlyList<KeyValuePair<string, Value?>> Outputs) Convert(ModelProto model, ImportOptions options)
    {
        var graph = model.Graph;
        GraphCheck.Name(graph);
        GraphCheck.Check(graph);
        var tensors = new TensorReader(Path.GetDirectoryName(Path.GetFullPath(options.Path))!);
        var targets = Targets.Of(graph, options);
        Recognized.Replace(graph, tensors, Versions.Opset(model));
        var needed = Needed(graph, targets);
        var used = graph.Node.Where(needed.Contains).SelectMany(node => node.Input).Concat(targets).ToHashSet();
        var scope = new ImportScope(Versions.Opset(model), tensors, used, options.Model);
        var values = new Dictionary<string, Value>();
        foreach (var tensor in graph.Initializer.Where(tensor => used.Contains(tensor.Name))) values[tensor.Name] = tensors.Read(tensor, isTrained: true);
        var inputs = Inputs.Of(graph, needed, used, options);
        foreach (var input in inputs)
        {
            values[input.Source] = input.Value;
            scope.Names.Reserve(input.Value.Code.Name);
        }

        foreach (var node in graph.Node.Where(needed.Contains)) Convert(node, values, scope);
        return (inputs, [.. targets.Select(target => KeyValuePair.Create(target, values.GetValueOrDefault(target)))]);
    }

    private static void Convert(NodeProto proto, Dictionary<string, Value> values, ImportScope scope)
    {
        var node = new Node(proto, [.. proto.Input.Select(input => input.Length == 0 ? null : values.GetValueOrDefault(input))], scope);
        if (!Versions.IsStandard(proto.Domain)) throw node.Unsupported($"the operator is one of the set '{proto.Domain}'. The operators of the ONNX standard are supported.");
        if (proto.Input.FirstOrDefault(input => input.Length > 0 && !values.ContainsKey(input)) is { } missing) throw node.Unsupported($"its input '{missing}' is an output that the operator before it does not compute here.");
        if (JoinedAxes.Concern(proto.OpType, node.Inputs)) node = JoinedAxes.Convert(proto, node.Inputs, scope, Guarded);
        else if (!Folder.TryFold(node)) Guarded(node);
        for (var output = 0; output < proto.Output.Count; output++)
        {
            if (node.Outputs[output] is { } value) values[proto.Output[output]] = value;
        }
    }

    /// <summary>A file that contradicts itself may have sizes or axes that a converter does not expect: it is damaged, and the converter is not.</summary>
    private static void Guarded(Node node)
    {
        try
        {
            OperatorTable.Convert(node);
        }
        catch (Exception exception) when (exception is IndexOutOfRangeException or ArgumentException or InvalidCastException or OverflowException or DivideByZeroException or InvalidOperationException or NullReferenceException)
        {
            throw node.Damaged($"its inputs {string.Join(", ", node.Inputs.Select(input => input is null ? "none" : Sizes.Text(input.Shape)))} or attributes do not fit together.");
        }
    }

    /// <summary>Returns the nodes that the outputs need.</summary>
    private static HashSet<NodeProto> Needed(GraphProto graph, IEnumerable<string> targets)
    {
        var needed = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        var wanted = targets.ToHashSet();
        foreach (var node in graph.Node.Reverse())
        {
            if (!node.Output.Any(wanted.Contains)) continue;
            needed.Add(node);

            // An input or output that is left out has no name.
            wanted.UnionWith(node.Input.Where(name => name.Length > 0));
        }

        return needed;
    }

    private static ImportedOutput Output(string name, Value? value)
    {
        if (value is Tensor { Apart: not null })
            throw new ImportException(ImportException.Unsupported, $"the output '{name}' joins samples and another axis. Import the value before, with Outputs=\"…\".");
        if (value is not Tensor { Kind: not ElementKind.Token } tensor)
            throw new ImportException(ImportException.Unsupported, $"the output '{name}' does not depend on the inputs as numbers: a model must compute its outputs.");

        // Pictures have their channels last, here too.
        int[] positions = [.. Enumerable.Range(2, Math.Max(0, tensor.Rank - 2)), 1];
        var isPicture = tensor.Rank > 2 && tensor.Axes.SequenceEqual(positions);
        return new(name, Identifier.Of(name), isPicture ? tensor : tensor.Natural());
    }
}
