using System.Globalization;
using Google.Protobuf;
using ModelDsl.Compiled;
using ModelDsl.Onnx.Export;
using ModelDsl.Onnx.Graphs;
using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx;

/// <summary>Writes a graph with its numbers as an ONNX model.</summary>
internal static class OnnxModelWriter
{
    /// <summary>The property with the name of the model.</summary>
    public const string ModelProperty = "model";

    /// <summary>The property with the version of the model.</summary>
    public const string VersionProperty = "version";

    /// <summary>The property with the names of the classes.</summary>
    public const string LabelsProperty = "labels";

    /// <summary>What follows the name of a state in the name of its value after a training step.</summary>
    public const string StateSuffix = ".next";

    /// <summary>The version of the operators of classic machine learning: the first that looks up integers by strings.</summary>
    private const int ClassicOpset = 2;

    /// <summary>The limit of protobuf, with room for everything but the numbers.</summary>
    private const long MostBytes = int.MaxValue - (64 << 20);

    /// <summary>Converts a graph to an ONNX model.</summary>
    /// <param name="name">The name of the model.</param>
    /// <param name="description">The graph.</param>
    /// <param name="values">The numbers of the model.</param>
    /// <param name="options">What the file contains.</param>
    /// <param name="external">Gets the numbers of parameters, which are then not in the file; null if they are.</param>
    /// <param name="columns">The number of columns that are inputs of predictions. Further ones are targets.</param>
    /// <exception cref="NotSupportedException">A node cannot be expressed, or the parameters are too many for a file; the message names it.</exception>
    public static ModelProto Write(string name, GraphDescription description, IModelValues values, OnnxExportOptions options, ExternalNumbers? external = null, int columns = int.MaxValue)
    {
        var graph = new OnnxGraph(options.Opset);
        var proto = new GraphProto { Name = graph.Reserve(name) };
        var inputs = Inputs(description, options, graph);
        var outputs = Outputs(description, options, graph);
        CheckLabels(description, options);
        var batch = Batch(description, inputs, graph, options);
        var scope = new ExportScope(description, graph, batch) { IsTraining = options.Graph != OnnxExportGraph.Prediction };
        var lookups = TokenLookup.Find(description, columns, options.Tokens);
        AddInputs(scope, inputs, columns, options.Preprocessing, lookups);
        AddNumbers(name, scope, values, external, [.. outputs.Select(output => output.Node)]);
        new GraphExporter(scope).Run([.. outputs.Select(output => output.Node)]);
        foreach (var (output, number) in outputs)
            graph.Rename(scope.Canonical(number), output);

        int[] Shape(GraphNode node) => [.. node.Shape.Select(extent => extent < 0 && !options.DynamicBatch ? options.BatchSize : extent)];
        proto.Input.AddRange(inputs.Select(input => ValueInfos.Of(input.Value, lookups.ContainsKey(input.Key) ? TensorProto.Types.DataType.String : ValueInfos.TypeOf(description.Nodes[input.Key].IsInteger), Shape(description.Nodes[input.Key]))));
        proto.Output.AddRange(outputs.Select(output => ValueInfos.Of(output.Name, isInteger: false, Shape(description.Nodes[output.Node]))));
        proto.Node.AddRange(graph.NodesFor(outputs.Select(output => output.Name)));
        var read = proto.Node.SelectMany(OnnxGraph.Reads).ToHashSet();
        proto.Initializer.AddRange(graph.Initializers.Where(tensor => read.Contains(tensor.Name)));
        external?.Locate(proto.Initializer);
        CheckSize(name, proto.Initializer.Sum(tensor => (long)tensor.RawData.Length), external);
        return Model(name, proto, options);
    }

    /// <summary>Writes an ONNX model to a stream.</summary>
    public static void Save(ModelProto model, Stream stream)
    {
        using var output = new CodedOutputStream(stream, leaveOpen: true);
        model.WriteTo(output);
    }

    private static void CheckSize(string model, long bytes, ExternalNumbers? external)
    {
        if (bytes <= MostBytes)
            return;
        throw new NotSupportedException(external is null
            ? $"The parameters and tables of {model} have {bytes:N0} bytes, and a file in the ONNX format has less than 2 GB: set ExternalData, which puts the parameters into a second file."
            : $"The tables of {model} have {bytes:N0} bytes, and a file in the ONNX format has less than 2 GB.");
    }

    private static ModelProto Model(string name, GraphProto graph, OnnxExportOptions options)
    {
        var model = new ModelProto
        {
            // The first version of the format with the operators: 8 for opset 17, 9 for 19, 10 for 21, 11 for 23.
            IrVersion = options.Opset switch { < 19 => 8, < 21 => 9, < 23 => 10, _ => 11 },
            ProducerName = options.Producer,
            ProducerVersion = typeof(OnnxModelWriter).Assembly.GetName().Version?.ToString(3) ?? "",
            ModelVersion = options.ModelVersion,
            Graph = graph,
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = options.Opset });
        if (graph.Node.Any(node => node.Domain == OnnxGraph.ClassicDomain))
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = OnnxGraph.ClassicDomain, Version = ClassicOpset });
        Property(ModelProperty, name);
        Property(VersionProperty, options.ModelVersion.ToString(CultureInfo.InvariantCulture));
        if (options.Labels.Count > 0)
            Property(LabelsProperty, string.Join('\n', options.Labels));
        foreach (var (key, value) in options.Metadata)
            Property(key, value);

        return model;

        void Property(string key, string value) => model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
    }

    /// <summary>The names of the inputs by their nodes, in the order of the columns. Without the loss of a training graph, its targets are left out.</summary>
    private static SortedDictionary<int, string> Inputs(GraphDescription description, OnnxExportOptions options, OnnxGraph graph)
    {
        var all = options.Graph == OnnxExportGraph.Training ? description.Needed(description.Outputs.Where(output => output.Kind != GraphOutputKind.Loss).Select(output => output.Node)) : Enumerable.Range(0, description.Nodes.Length);
        var nodes = all.Where(number => description.Nodes[number].Kind == GraphNodeKind.Input);
        return new(nodes.ToDictionary(number => number, number => graph.Reserve(description.Nodes[number].Name)), Comparer<int>.Create((a, b) =>
            (description.Nodes[a].Number, a).CompareTo((description.Nodes[b].Number, b))));
    }

    private static (string Name, int Node)[] Outputs(GraphDescription description, OnnxExportOptions options, OnnxGraph graph)
    {
        if (options.Graph != OnnxExportGraph.Prediction)
        {
            return
            [
                .. description.Outputs.Where(output => output.Kind == GraphOutputKind.Output || (output.Kind == GraphOutputKind.Loss && options.Graph == OnnxExportGraph.TrainingWithLoss))
                    .Select(output => (graph.Reserve(output.Name), output.Node)),
                .. description.Outputs.Where(output => output.Kind == GraphOutputKind.State).Select(output => (graph.Reserve(output.Name + StateSuffix), output.Node)),
            ];
        }

        var activated = description.Outputs.Where(output => output.Kind == GraphOutputKind.OutputActivation).ToDictionary(output => output.Name, output => output.Node);
        return
        [
            .. description.Outputs.Where(output => output.Kind == GraphOutputKind.Output)
                .Select(output => (graph.Reserve(output.Name), options.ApplyOutputActivation && activated.TryGetValue(output.Name, out var node) ? node : output.Node)),
            .. description.Outputs.Where(output => output.Kind == GraphOutputKind.Named && options.NamedOutputs).Select(output => (graph.Reserve(output.Name), output.Node)),
        ];
    }

    private static void CheckLabels(GraphDescription description, OnnxExportOptions options)
    {
        int[] classes = [.. description.Outputs.Where(output => output.Kind == GraphOutputKind.Output).Select(output => description.Nodes[output.Node].Shape[^1])];
        if (options.Labels.Count > 0 && classes.Length > 0 && !classes.Contains(options.Labels.Count))
            throw new ArgumentException($"There are {options.Labels.Count} labels, but the last axis of the model's output has {string.Join(" or ", classes)} elements.", nameof(options));
    }

    private static string Batch(GraphDescription description, SortedDictionary<int, string> inputs, OnnxGraph graph, OnnxExportOptions options)
    {
        if (!options.DynamicBatch || inputs.Count == 0)
            return graph.Integers(options.BatchSize);
        return graph.Add("Shape", "batch", [inputs.First().Value], OnnxAttribute.Of("start", 0), OnnxAttribute.Of("end", 1));
    }

    private static void AddInputs(ExportScope scope, SortedDictionary<int, string> inputs, int columns, OnnxPreprocessing? preprocessing, IReadOnlyDictionary<int, OnnxTokens> lookups)
    {
        var preprocessed = preprocessing is null ? -1 : InputPreprocessing.Find(scope.Description, columns, preprocessing);
        foreach (var (number, name) in inputs)
        {
            var value = number == preprocessed ? InputPreprocessing.Write(scope.Graph, name, preprocessing!)
                : lookups.TryGetValue(number, out var lookup) ? TokenLookup.Write(scope.Graph, name, lookup)
                : name;
            scope[number] = new(value, [.. Enumerable.Range(0, scope.Node(number).Shape.Length)], scope.Node(number).IsInteger);
        }
    }

    /// <summary>Adds the parameters, states and constants that the roots need.</summary>
    private static void AddNumbers(string model, ExportScope scope, IModelValues values, ExternalNumbers? external, int[] roots)
    {
        var needed = scope.Description.Needed(roots).Where(number => scope.Node(number).Kind is GraphNodeKind.Parameter or GraphNodeKind.State or GraphNodeKind.Constant).ToArray();
        bool IsExternal(GraphNode node) => external is not null && node.Kind != GraphNodeKind.Constant && node.Shape.Length > 0;
        var inside = needed.Select(scope.Node).Where(node => !IsExternal(node));
        CheckSize(model, inside.Sum(node => node.Shape.Aggregate(sizeof(float), (long product, int extent) => product * extent)), external);
        foreach (var number in needed)
        {
            var node = scope.Node(number);
            string name;
            if (IsExternal(node))
            {
                name = scope.Graph.Floats(node.Name, [], node.Shape);
                external!.Add(scope.Graph.Initializers[^1], () => values.Tensor(node.Name));
            }
            else
            {
                name = scope.Graph.Floats(node.Name, Numbers(node), node.Shape);
            }

            scope[number] = new(name, [.. Enumerable.Range(0, node.Shape.Length)]);
        }

        float[] Numbers(GraphNode node) => node.Kind != GraphNodeKind.Constant ? values.Tensor(node.Name) : node.Number >= 0 ? values.Constant(node.Number) : node.Values;
    }
}
