using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Decoding;

/// <summary>The buffers of a session. All graphs of a session use these offsets, so that each finds the values that others have written.</summary>
internal sealed class CacheLayout
{
    private readonly Dictionary<(Node Node, int Number, int Offset), CacheSlot> slots = [];
    private readonly List<CacheSlot> all = [];
    private readonly Dictionary<Node, int> encoded = [];

    /// <summary>The buffers with a row for each position, in the order of their offsets.</summary>
    public IReadOnlyList<CacheSlot> Slots => all;

    /// <summary>The values that a session computes when it begins, in the graph of all positions, with the offsets of their buffers.</summary>
    public IEnumerable<(Node Node, int Offset)> Encoded => encoded.Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Value);

    /// <summary>The number of floats of all buffers for one sample.</summary>
    public int Floats { get; private set; }

    /// <summary>The buffer that keeps a value.</summary>
    /// <param name="node">The value in the graph of all positions.</param>
    /// <param name="axis">The axis of positions.</param>
    public CacheSlot Of(Node node, int axis) => Of((node, 0, 0), node.Shape, axis);

    /// <summary>Returns the buffer that keeps a carried value of a loop for each step.</summary>
    /// <param name="scan">The loop in the graph of all positions.</param>
    /// <param name="number">The index of the carried value.</param>
    /// <param name="offset"><see cref="ScanNode.Before"/> or <see cref="ScanNode.After"/>.</param>
    public CacheSlot Of(ScanNode scan, int number, int offset)
    {
        var shape = TimeAxis.Insert(scan.Body.Carried[number].Shape, scan.Steps);
        return Of((scan, number, offset), shape, TimeAxis.Of(shape));
    }

    /// <summary>Returns the offset of the buffer of a value that does not depend on the tokens.</summary>
    /// <param name="node">The value in the graph of all positions.</param>
    public int OffsetOf(Node node)
    {
        if (encoded.TryGetValue(node, out var known)) return known;
        var offset = Floats;
        Floats = checked(Floats + node.Shape.Length);
        return encoded[node] = offset;
    }

    private CacheSlot Of((Node, int, int) key, Shape shape, int axis)
    {
        if (slots.TryGetValue(key, out var known)) return known;
        var inner = shape.Extents.Skip(axis + 1).Aggregate(1, (size, extent) => size * extent.Value);
        var slot = new CacheSlot(Floats, shape.Length / inner / shape[axis].Value, inner);
        Floats = checked(Floats + shape.Length);
        all.Add(slot);
        return slots[key] = slot;
    }
}

/// <summary>A buffer of a session, with the shape [outer, positions, inner] for each sample.</summary>
/// <param name="Offset">Its offset in floats per sample.</param>
/// <param name="Outer">The number of sequences of positions.</param>
/// <param name="Inner">The number of values of a position in a sequence.</param>
internal sealed record CacheSlot(int Offset, int Outer, int Inner);
