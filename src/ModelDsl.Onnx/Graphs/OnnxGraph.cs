using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Graphs;

/// <summary>
/// Builds the nodes and initializers of an ONNX graph. Equal nodes are written once, unless their results are random. The graph of a loop's body is built inside the graph of the model: it has nodes of its own, and may use
/// every value of the outer graph.
/// </summary>
internal sealed class OnnxGraph
{
    /// <summary>The domain of the operators of classic machine learning.</summary>
    public const string ClassicDomain = "ai.onnx.ml";

    private static readonly HashSet<string> Classic = ["LabelEncoder"];

    private static readonly HashSet<string> Random = ["Dropout", "RandomUniformLike"];

    private readonly OnnxGraph? outer;
    private readonly OnnxNames names;
    private readonly Dictionary<string, string[]> known = [];
    private readonly List<NodeProto> nodes = [];

    private OnnxGraph(int opset, OnnxGraph? outer)
    {
        Opset = opset;
        this.outer = outer;
        names = outer?.names ?? new OnnxNames();
        Initializers = outer?.Initializers ?? [];
    }

    /// <summary>Creates an empty graph.</summary>
    /// <param name="opset">The version of the operators.</param>
    public OnnxGraph(int opset)
        : this(opset, null)
    {
    }

    /// <summary>The version of the operators.</summary>
    public int Opset { get; }

    /// <summary>The initializers, which the graphs of loops share.</summary>
    public List<TensorProto> Initializers { get; }

    /// <summary>Returns the nodes that some values need, in the order of computation.</summary>
    /// <param name="values">The names of the values.</param>
    public IReadOnlyList<NodeProto> NodesFor(IEnumerable<string> values)
    {
        var needed = new HashSet<string>(values);
        var live = new List<NodeProto>();
        foreach (var node in Enumerable.Reverse(nodes))
        {
            if (!node.Output.Any(needed.Contains))
                continue;
            live.Add(node);
            needed.UnionWith(Reads(node));
        }

        live.Reverse();
        return live;
    }

    /// <summary>The names of all values that a node reads, also in the body of a loop.</summary>
    public static IEnumerable<string> Reads(NodeProto node) => node.Input.Concat(
        node.Attribute.Where(attribute => attribute.G is not null).SelectMany(attribute => attribute.G.Node.SelectMany(Reads).Concat(attribute.G.Output.Select(output => output.Name))));

    /// <summary>Creates the graph of a loop's body.</summary>
    public OnnxGraph Inner() => new(Opset, this);

    /// <summary>Returns a name that no value has, and reserves it.</summary>
    /// <param name="wanted">The name, to which a number is added if it is taken.</param>
    public string Reserve(string wanted) => names.Reserve(wanted);

    /// <summary>Adds a node with one result.</summary>
    /// <param name="type">The operator.</param>
    /// <param name="name">The name of the layer, on which the names of the node and of its result are based.</param>
    /// <param name="inputs">The operands.</param>
    /// <param name="attributes">The attributes.</param>
    /// <returns>The name of the result.</returns>
    public string Add(string type, string name, IReadOnlyList<string> inputs, params AttributeProto[] attributes) => Add(type, name, inputs, 1, attributes)[0];

    /// <summary>Adds a node.</summary>
    /// <param name="type">The operator.</param>
    /// <param name="name">The name of the layer, on which the names of the node and of its results are based.</param>
    /// <param name="inputs">The operands.</param>
    /// <param name="results">The number of results.</param>
    /// <param name="attributes">The attributes.</param>
    /// <returns>The names of the results.</returns>
    public string[] Add(string type, string name, IReadOnlyList<string> inputs, int results, params AttributeProto[] attributes)
    {
        var hasBody = attributes.Any(attribute => attribute.Type == AttributeProto.Types.AttributeType.Graph);
        var key = hasBody || Random.Contains(type) ? null : string.Create(CultureInfo.InvariantCulture, $"{type}\n{string.Join('\n', inputs)}\n{results}\n{string.Join('\n', attributes.Select(OnnxAttribute.Text))}");
        if (key is not null && Find(key) is { } before)
            return before;
        var unique = names.Reserve($"{name}_{type}");
        string[] outputs = [.. Enumerable.Range(0, results).Select(result => result == 0 ? unique : names.Reserve($"{unique}_{result.ToString(CultureInfo.InvariantCulture)}"))];
        var node = new NodeProto { OpType = type, Name = unique, Domain = Classic.Contains(type) ? ClassicDomain : "" };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        node.Attribute.AddRange(attributes);
        nodes.Add(node);
        if (key is not null)
            known[key] = outputs;
        return outputs;
    }

    /// <summary>Gives a value another name, such as that of an output.</summary>
    public void Rename(string value, string name)
    {
        var node = new NodeProto { OpType = "Identity", Name = names.Reserve($"{name}_Identity") };
        node.Input.Add(value);
        node.Output.Add(name);
        nodes.Add(node);
    }

    /// <summary>Returns the name of an initializer of floats.</summary>
    /// <param name="name">The name that a new initializer gets.</param>
    /// <param name="values">The elements in row-major order.</param>
    /// <param name="shape">The shape; empty for a scalar.</param>
    /// <remarks>Parameters keep their names even if their elements are equal; only scalars are compared.</remarks>
    public string Floats(string name, ReadOnlySpan<float> values, params IEnumerable<int> shape)
    {
        int[] extents = [.. shape];
        return Initializer(name, TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes(values), extents, isShared: extents.Length == 0);
    }

    /// <summary>Returns the name of an initializer of one number.</summary>
    public string Scalar(double value)
    {
        var single = (float)value;
        return Floats("number_" + single.ToString("R", CultureInfo.InvariantCulture), [single]);
    }

    /// <summary>Returns the name of an initializer of integers with one axis.</summary>
    public string Integers(params IEnumerable<int> values)
    {
        long[] wide = [.. values.Select(value => (long)value)];
        return Integers("integers", wide, [wide.Length]);
    }

    /// <summary>Returns the name of an initializer of integers.</summary>
    public string Integers(string name, long[] values, int[] shape) =>
        Initializer(name, TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes<long>(values), shape, isShared: true);

    /// <summary>Returns the name of an initializer of conditions.</summary>
    public string Conditions(string name, bool[] values, int[] shape) =>
        Initializer(name, TensorProto.Types.DataType.Bool, MemoryMarshal.AsBytes<bool>(values), shape, isShared: true);

    private string Initializer(string name, TensorProto.Types.DataType type, ReadOnlySpan<byte> bytes, int[] shape, bool isShared)
    {
        // Only small numbers are compared.
        const int MostBytes = 1 << 16;
        var key = isShared && bytes.Length <= MostBytes ? $"{type} {string.Join(',', shape)} {Convert.ToBase64String(bytes)}" : null;
        if (key is not null && Find(key) is { } before)
            return before[0];
        var unique = names.Reserve(name);
        var tensor = new TensorProto { Name = unique, DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        tensor.Dims.AddRange(shape.Select(extent => (long)extent));
        Initializers.Add(tensor);
        if (key is not null)
            Outermost.known[key] = [unique];
        return unique;
    }

    private OnnxGraph Outermost => outer?.Outermost ?? this;

    private string[]? Find(string key) => known.TryGetValue(key, out var names) ? names : outer?.Find(key);
}
