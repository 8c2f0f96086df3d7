using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Memory;

/// <summary>The buffers of all values that the kernels of a plan exchange, by node.</summary>
internal sealed class StorageMap
{
    private readonly Dictionary<Node, Storage> storages = [];
    private readonly Names names;
    private readonly ParameterPlan parameters;
    private readonly Queue<Storage>? again;
    private readonly bool keepsCopies;

    private StorageMap(ParameterPlan parameters, bool keepsCopies = false) => (this.parameters, this.keepsCopies, names) = (parameters, keepsCopies, NewNames());

    private StorageMap(StorageMap map) => (parameters, names, All, IsOfLoop) = (map.parameters, map.names, map.All, true);

    private StorageMap(StorageMap map, IEnumerable<Storage> scratch)
        : this(map.parameters)
    {
        storages = new Dictionary<Node, Storage>(map.storages);
        again = new Queue<Storage>(scratch);
    }

    /// <summary>All storages in the order of their creation.</summary>
    public List<Storage> All { get; } = [];

    /// <summary>The scratch buffers of the schedule, in the order of their creation.</summary>
    public List<ScratchBuffer> Scratches { get; } = [];

    /// <summary>Whether the values are those of a loop's body.</summary>
    public bool IsOfLoop { get; }

    /// <summary>The layouts and offsets of parameters.</summary>
    public ParameterPlan Parameters => parameters;

    /// <summary>Creates the names of the buffers of a method, without those of its parameters and variables.</summary>
    public static Names NewNames() => new("n", "step", "worker", "tasks", "capacity", "parts", "share", "seed", "number", "row", "rows");

    /// <summary>Creates a map for a graph whose values are parts of other buffers. The storage of each is set by <see cref="With"/>.</summary>
    public static StorageMap OfParts(ParameterPlan parameters) => new(parameters);

    /// <summary>Creates the buffers of a graph's values.</summary>
    /// <param name="fused">The graph.</param>
    /// <param name="parameters">The layouts and offsets of parameters.</param>
    /// <param name="keepsCopies">Whether copies of parameters persist between calls, because the graph only reads parameters.</param>
    public static StorageMap Create(FusedGraph fused, ParameterPlan parameters, bool keepsCopies = false)
    {
        var map = new StorageMap(parameters, keepsCopies);
        foreach (var node in fused.Graph.Nodes)
        {
            if (node is InputNode or ParameterNode or EncodedNode) map.Of(node);
        }

        var gradients = fused.Graph.Roots.Where(root => root.Kind == RootKind.Gradient).ToDictionary(root => root.Value, root => root.Parameter!);
        var states = fused.Graph.Roots.Where(root => root.Kind == RootKind.State).ToDictionary(root => root.Value, root => root.Parameter!);
        var encoded = fused.Graph.Roots.Where(root => root.Kind == RootKind.Encoded).ToDictionary(root => root.Value, root => root.Offset);
        var parts = PartStorages.Of(fused);
        foreach (var node in fused.Groups.SelectMany(group => group.Stored))
        {
            if (map.storages.ContainsKey(node)) continue;
            if (parts.TryGetValue(node, out var part))
            {
                if (!map.storages.ContainsKey(part.Whole)) map.storages[part.Whole] = map.Arena(part.Whole);
                map.storages[node] = map.Slice(part.Whole, part.Layout);
                continue;
            }

            map.storages[node] = node is CacheNode cache ? map.Kept(cache.Name, cache.Shape, cache.Offset)
                : gradients.TryGetValue(node, out var parameter) ? map.Gradient(parameter)
                : states.TryGetValue(node, out var state) ? map.Of(state)
                : encoded.TryGetValue(node, out var offset) ? map.Kept(node.Name, node.Shape, offset)
                : map.Arena(node);
        }

        return map;
    }

    /// <summary>Returns the buffers of a loop's body: those of the loop's values, and others for values that its kernels exchange within a step.</summary>
    /// <param name="body">The body.</param>
    /// <param name="given">Buffers by node.</param>
    public StorageMap OfBody(FusedGraph body, IReadOnlyDictionary<Node, Storage> given)
    {
        var map = new StorageMap(this);
        foreach (var pair in given) map.storages.Add(pair.Key, pair.Value);
        var parts = PartStorages.Of(body);
        foreach (var node in body.Groups.SelectMany(group => group.Stored).Where(node => !given.ContainsKey(node)))
        {
            if (map.storages.ContainsKey(node)) continue;
            if (!parts.TryGetValue(node, out var part))
            {
                map.storages[node] = map.Arena(node);
                continue;
            }

            if (!map.storages.ContainsKey(part.Whole)) map.storages[part.Whole] = map.Arena(part.Whole);

            // In a buffer of the loop, the distance between samples may be greater.
            var whole = (Strided)map.Of(part.Whole).Layout;
            map.storages[node] = map.Slice(part.Whole, new Strided([whole.Strides[0], .. part.Layout.Strides.Skip(1)], whole.Base + part.Layout.Base));
        }

        return map;
    }

    /// <summary>Returns the buffer that contains a node's elements.</summary>
    public Storage Of(Node node)
    {
        if (storages.TryGetValue(node, out var known)) return known;
        return storages[node] = node switch
        {
            InputNode input => Add(
                new Storage(names.Unique(input.Name), Space.Column, LayoutOf(input), input.SampleLength, input.Type) { Column = input.Column }),
            ParameterNode parameter => Parameter(parameters[parameter.Name], parameter.Name, Space.Parameters),
            EncodedNode encoded => Kept(encoded.Name, encoded.Shape, encoded.Offset),
            _ => throw new InvalidOperationException($"'{node.Name}' is read by a kernel but stored by none."),
        };
    }

    public bool IsStored(Node node) => storages.ContainsKey(node);

    /// <summary>Creates a scratch buffer for the schedule: a transposed copy, or partial sums.</summary>
    /// <param name="node">The node that it is created for.</param>
    /// <param name="purpose">The purpose, which is the suffix of its name.</param>
    /// <param name="space">The memory that contains it.</param>
    /// <param name="layout">How its elements lie in it.</param>
    /// <param name="length">The length in elements.</param>
    public Storage Scratch(Node node, string purpose, Space space, Layout layout, int length)
    {
        if (again is not null) return again.Dequeue();
        var storage = Add(new Storage(names.Unique(node.Name + purpose), space, layout, length));
        Scratches.Add(new ScratchBuffer(storage, node, purpose));
        return storage;
    }

    /// <summary>
    /// Returns the memory for a copy of a buffer in another layout. In a loop's body it is always the arena, because the loop decides when the copy is made.
    /// </summary>
    public Space SpaceOfCopy(Storage source) => keepsCopies && source.Space == Space.Parameters ? Space.ParameterCopies : Space.Fixed;

    /// <summary>Returns the buffer of a session that a value is read from.</summary>
    public Storage Kept(RecallNode node) => Kept(node.Name + "Kept", node.Kept, node.Offset);

    /// <summary>Returns a map with the same buffers, for scheduling a group again.</summary>
    /// <param name="scratch">The existing scratch buffers of the group, in the order of their creation.</param>
    public StorageMap Again(IEnumerable<Storage> scratch) => new(this, scratch);

    /// <summary>Returns a part of a node's buffer with another layout.</summary>
    public Storage Slice(Node node, Layout layout)
    {
        var whole = Of(node);
        return new Storage(whole.Name, whole.Space, layout, whole.Length, whole.Type, whole);
    }

    /// <summary>Sets the storage of a node that the schedule has created.</summary>
    public StorageMap With(Node node, Storage storage)
    {
        storages[node] = storage;
        return this;
    }

    private static Strided LayoutOf(InputNode input)
    {
        var rows = Strided.RowMajor(input.Shape);
        return input.SampleLength == input.Shape.Length ? rows : new Strided([input.SampleLength, .. rows.Strides.Skip(1)]);
    }

    private Storage Arena(Node node) => Add(new Storage(
        names.Unique(node.Name), node.Shape.HasBatch ? Space.Batched : Space.Fixed, Strided.RowMajor(node.Shape), node.Shape.Length));

    private Storage Kept(string name, Shape shape, int offset) =>
        Add(new Storage(names.Unique(name), Space.Cache, Strided.RowMajor(shape), shape.Length) { ByteOffset = (long)offset * ElementType.Float.Size() });

    private Storage Gradient(ParameterNode parameter) => Parameter(parameters[parameter.Name], parameter.Name + ".gradient", Space.Gradients, parameter.SparseIds is not null);

    private Storage Parameter(ParameterSlot slot, string name, Space space, bool isSparse = false) =>
        Add(new Storage(names.Unique(name), space, slot.Layout, slot.Length, slot.Parameter.Type) { ByteOffset = slot.ByteOffset, IsSparse = isSparse });

    private Storage Add(Storage storage)
    {
        All.Add(storage);
        return storage;
    }
}

/// <summary>A scratch buffer of a schedule.</summary>
/// <param name="Storage">The buffer.</param>
/// <param name="Of">The node that it was created for.</param>
/// <param name="Purpose">The purpose, which is the suffix of its name.</param>
internal sealed record ScratchBuffer(Storage Storage, Node Of, string Purpose);
