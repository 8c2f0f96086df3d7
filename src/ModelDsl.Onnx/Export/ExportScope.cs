using ModelDsl.Compiled;
using ModelDsl.Onnx.Graphs;

namespace ModelDsl.Onnx.Export;

/// <summary>A graph that is exported, with the values that have been written: the graph of the model, or that of a loop's body.</summary>
/// <param name="description">The graph.</param>
/// <param name="graph">The ONNX graph.</param>
/// <param name="batch">The value with the number of samples, a vector of one integer.</param>
internal sealed class ExportScope(GraphDescription description, OnnxGraph graph, string batch)
{
    private readonly Dictionary<int, OnnxTensor> values = [];
    private readonly Dictionary<int, int> readers = [];

    /// <summary>The ONNX graph.</summary>
    public OnnxGraph Graph => graph;

    /// <summary>The graph that is exported.</summary>
    public GraphDescription Description => description;

    /// <summary>The value with the number of samples, a vector of one integer.</summary>
    public string Batch => batch;

    /// <summary>Whether the graph is that of a training step, in which layers draw random numbers.</summary>
    public bool IsTraining { get; init; }

    /// <summary>Changes of the layout of values.</summary>
    public Layouts Layouts { get; } = new(graph, batch);

    /// <summary>The results of the loops that have been written.</summary>
    public Dictionary<int, LoopResults> Loops { get; } = [];

    /// <summary>The results of batch normalizations that have been written, by the node of the normalized values.</summary>
    public Dictionary<int, BatchResults> Normalizations { get; } = [];

    /// <summary>Returns a node.</summary>
    public GraphNode Node(int number) => description.Nodes[number];

    /// <summary>Whether the value of a node has been written.</summary>
    public bool Has(int number) => values.ContainsKey(number);

    /// <summary>The value of a node. Its axes are those of the node.</summary>
    public OnnxTensor this[int number]
    {
        get => values[number];
        set => values[number] = value;
    }

    /// <summary>Returns the name of a value with all elements, in the order of the node's axes.</summary>
    public string Canonical(int number) => Layouts.Full(Node(number).Name, values[number], Node(number).Shape).Name;

    /// <summary>Whether a node is read once, so that its value is not needed if its reader computes it.</summary>
    public bool IsReadOnce(int number) => readers.GetValueOrDefault(number) == 1;

    /// <summary>Counts the readers of the nodes that some nodes need. A root has a reader outside the graph.</summary>
    public void CountReaders(IReadOnlyList<int> roots)
    {
        foreach (var read in description.Needed(roots).SelectMany(number => Node(number).Operands).Select(operand => operand.Node).Concat(roots))
            readers[read] = readers.GetValueOrDefault(read) + 1;
    }

    /// <summary>Reads an operand. The axes of the result are those of the reader's domain.</summary>
    /// <param name="operand">The operand.</param>
    /// <param name="reader">The reader.</param>
    /// <param name="needsAll">Whether the result must have every axis that the map depends on; if not, it may omit broadcast ones.</param>
    public OnnxTensor Read(GraphOperand operand, GraphNode reader, bool needsAll = false)
    {
        var (node, value) = (Node(operand.Node), values[operand.Node]);
        if (needsAll && value.Axes.Length < node.Shape.Length)
            value = Layouts.Full(node.Name, value, node.Shape);
        if (operand.Map is not { } map)
        {
            map = [.. node.Shape.Select((_, axis) => new GraphCoordinate(0, [new GraphTerm(axis, 1)]))];
        }

        return IsSimple(map, node.Shape, reader.Domain) ? Slice(reader.Name, value, map, node.Shape, reader.Domain) : Gather(reader.Name, operand.Node, map, reader.Domain);
    }

    /// <summary>Whether each coordinate is constant or one axis, no axis is read twice, and nothing is read out of bounds.</summary>
    private static bool IsSimple(GraphCoordinate[] map, int[] shape, int[] domain)
    {
        var axes = map.SelectMany(coordinate => coordinate.Terms).Select(term => term.Axis).ToArray();
        return axes.Distinct().Count() == axes.Length
            && map.Select((coordinate, axis) => coordinate.Terms.Length < 2 && ElementTable.IsInside(coordinate, shape[axis], domain)).All(isSimple => isSimple);
    }

    private OnnxTensor Slice(string name, OnnxTensor value, GraphCoordinate[] map, int[] shape, int[] domain)
    {
        var axes = value.Axes.ToList();
        foreach (var axis in value.Axes)
        {
            var coordinate = map[axis];
            if (coordinate.Terms.Length == 0)
            {
                // A scalar index removes the axis.
                var index = graph.Integers("index", [coordinate.Offset], []);
                value = value with { Name = graph.Add("Gather", name, [value.Name, index], OnnxAttribute.Of("axis", axes.IndexOf(axis))) };
                axes.Remove(axis);
                continue;
            }

            var (term, extent) = (coordinate.Terms[0], shape[axis]);
            if (extent < 0 || (term.Scale == 1 && coordinate.Offset == 0 && domain[term.Axis] == extent))
                continue;
            var end = coordinate.Offset + (term.Scale * domain[term.Axis]);
            string[] inputs =
            [
                value.Name, graph.Integers(coordinate.Offset), graph.Integers(term.Scale > 0 ? Math.Min(end, extent) : end < 0 ? int.MinValue : end),
                graph.Integers(axes.IndexOf(axis)), graph.Integers(term.Scale),
            ];
            value = value with { Name = graph.Add("Slice", name, inputs) };
        }

        return value with { Axes = [.. axes.Select(axis => map[axis].Terms[0].Axis)] };
    }

    /// <summary>Reads elements at any coordinates by a table of indices. Elements out of bounds are 0.</summary>
    private OnnxTensor Gather(string name, int number, GraphCoordinate[] map, int[] domain)
    {
        var node = Node(number);
        var hasBatch = node.Shape is [-1, ..];
        var length = node.Shape.Where(extent => extent >= 0).Aggregate(1, (product, extent) => product * extent);
        var flat = Layouts.Reshape(name, Canonical(number), hasBatch ? [0, length] : [length]);
        var axes = ElementTable.AxesOf(map, domain);
        var indices = new List<long>(ElementTable.Count(name, axes.Select(axis => domain[axis])));
        ElementTable.ForEach(axes, domain, at => indices.Add(ElementTable.IndexOf(map, node.Shape, at)));
        if (indices.Contains(-1))
        {
            flat = graph.Add("Pad", name, [flat, hasBatch ? graph.Integers(0, 0, 0, 1) : graph.Integers(0, 1)]);
            for (var i = 0; i < indices.Count; i++)
                indices[i] = indices[i] < 0 ? length : indices[i];
        }

        var table = graph.Integers(name + "_elements", [.. indices], [.. axes.Select(axis => domain[axis])]);
        var result = graph.Add("Gather", name, [flat, table], OnnxAttribute.Of("axis", hasBatch ? 1 : 0));
        return new(result, hasBatch ? [0, .. axes] : axes, node.IsInteger);
    }
}

/// <summary>The results of a loop.</summary>
/// <param name="Last">The carried values after the last step.</param>
/// <param name="Next">The carried values after each step, in the order of time.</param>
/// <param name="Outputs">The outputs of each step, in the order of time.</param>
internal sealed record LoopResults(OnnxTensor[] Last, OnnxTensor[] Next, OnnxTensor[] Outputs);

/// <summary>The results of a batch normalization in training.</summary>
/// <param name="Result">The normalized values.</param>
/// <param name="Mean">The mean of the batch.</param>
/// <param name="Variance">The variance of the batch.</param>
internal sealed record BatchResults(OnnxTensor Result, OnnxTensor Mean, OnnxTensor Variance);
