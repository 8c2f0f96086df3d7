using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Memory;

/// <summary>The buffer of every value a plan's kernels exchange, by node.</summary>
internal sealed class StorageMap
{
    private readonly Dictionary<Node, Storage> storages = [];
    private readonly Names names = new("n", "step", "worker", "capacity", "parts", "share", "seed", "number");
    private readonly ParameterPlan parameters;

    private StorageMap(ParameterPlan parameters) => this.parameters = parameters;

    /// <summary>Where parameters lie.</summary>
    public ParameterPlan Parameters => parameters;

    /// <summary>Every storage in the order it was made.</summary>
    public List<Storage> All { get; } = [];

    /// <summary>Buffers of a graph whose values are parts of other buffers: each is told with <see cref="With"/>.</summary>
    public static StorageMap OfParts(ParameterPlan parameters) => new(parameters);

    public static StorageMap Create(FusedGraph fused, ParameterPlan parameters)
    {
        var map = new StorageMap(parameters);
        foreach (var node in fused.Graph.Nodes)
        {
            if (node is InputNode or ParameterNode) map.Of(node);
        }

        var gradients = fused.Graph.Roots.Where(root => root.Kind == RootKind.Gradient).ToDictionary(root => root.Value, root => root.Parameter!);
        var states = fused.Graph.Roots.Where(root => root.Kind == RootKind.State).ToDictionary(root => root.Value, root => root.Parameter!);
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

            map.storages[node] = gradients.TryGetValue(node, out var parameter) ? map.Gradient(parameter)
                : states.TryGetValue(node, out var state) ? map.Of(state)
                : map.Arena(node);
        }

        return map;
    }

    /// <summary>The buffer that holds a node's elements.</summary>
    public Storage Of(Node node)
    {
        if (storages.TryGetValue(node, out var known)) return known;
        return storages[node] = node switch
        {
            InputNode input => Add(
                new Storage(names.Unique(input.Name), Space.Column, Strided.RowMajor(input.Shape), input.Shape.Length, input.Type) { Column = input.Column }),
            ParameterNode parameter => Parameter(parameters[parameter.Name], parameter.Name, Space.Parameters),
            _ => throw new InvalidOperationException($"'{node.Name}' is read by a kernel but stored by none."),
        };
    }

    public bool IsStored(Node node) => storages.ContainsKey(node);

    /// <summary>A buffer of the schedule's own: a transposed copy, partial sums.</summary>
    public Storage Scratch(string name, Space space, Layout layout, int length) => Add(new Storage(names.Unique(name), space, layout, length));

    /// <summary>A part of a node's buffer under a layout of its own.</summary>
    public Storage Slice(Node node, Layout layout)
    {
        var whole = Of(node);
        return new Storage(whole.Name, whole.Space, layout, whole.Length, whole.Type, whole);
    }

    /// <summary>Says where a node that the schedule has made is stored.</summary>
    public StorageMap With(Node node, Storage storage)
    {
        storages[node] = storage;
        return this;
    }

    private Storage Arena(Node node) => Add(new Storage(
        names.Unique(node.Name), node.Shape.HasBatch ? Space.Batched : Space.Fixed, Strided.RowMajor(node.Shape), node.Shape.Length));

    private Storage Gradient(ParameterNode parameter) => Parameter(parameters[parameter.Name], parameter.Name + ".gradient", Space.Gradients);

    private Storage Parameter(ParameterSlot slot, string name, Space space) =>
        Add(new Storage(names.Unique(name), space, slot.Layout, slot.Length, slot.Parameter.Type) { ByteOffset = slot.ByteOffset });

    private Storage Add(Storage storage)
    {
        All.Add(storage);
        return storage;
    }
}
