using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops;

/// <summary>
/// Builds the kernels that copy several values into one buffer (a concatenation) or a value into a buffer with zeros around it (padding). The copies do not depend on each other.
/// </summary>
internal static class Copies
{
    /// <param name="storages">The buffers of the values.</param>
    /// <param name="group">The group.</param>
    /// <param name="copy">Builds the kernels of one pointwise copy for the target.</param>
    public static IReadOnlyList<Launch> Build(StorageMap storages, Group group, Func<StorageMap, Group, IReadOnlyList<Launch>> copy) =>
    [
        .. Parts(group.Anchor, (Strided)storages.Of(group.Anchor).Layout).Where(part => !IsInPlace(storages, group.Anchor, part.Value)).SelectMany(part =>
        {
            var position = storages.Slice(group.Anchor, part.Position);
            var launches = copy(storages.With(part.Value, position), new Group(GroupKind.Row, group.Part, part.Value) { Stored = [part.Value] });
            return part.Value.Operands.Count > 0 ? launches : launches.Select(launch => launch with { FillsPart = true });
        }),
    ];

    /// <summary>Whether the part was computed directly in the buffer of the result.</summary>
    private static bool IsInPlace(StorageMap storages, Node whole, MapNode part) =>
        part.Operands.Count > 0 && Aliases.Source(part.Operands[0].Node) is var source && storages.IsStored(source) && storages.Of(source).Whole == storages.Of(whole).Whole;

    private static IEnumerable<(MapNode Value, Strided Position)> Parts(Node node, Strided whole) => node switch
    {
        ConcatNode concat => Parts(concat, whole),
        PadNode pad => Parts(pad, whole),
        _ => throw new InvalidOperationException($"'{node.Name}' copies nothing."),
    };

    private static IEnumerable<(MapNode Value, Strided Position)> Parts(ConcatNode node, Strided whole)
    {
        var start = 0;
        foreach (var part in node.Operands)
        {
            yield return (Copy(node, part), whole with { Base = whole.Base + (start * whole.Strides[node.Axis]) });
            start += part.Node.Shape[node.Axis].Value;
        }
    }

    // For each axis: the zeros before and after the value, restricted to the value in earlier axes and over the full extent of later axes.
    private static IEnumerable<(MapNode Value, Strided Position)> Parts(PadNode node, Strided whole)
    {
        var extents = node.Shape.Extents.ToArray();
        var inner = node.Operands[0].Node.Shape;
        var start = whole.Base;
        for (var axis = 0; axis < inner.Rank; axis++)
        {
            if (inner[axis].IsBatch) continue;
            var (before, size, stride) = (node.Start[axis], inner[axis].Value, whole.Strides[axis]);
            var behind = node.Shape[axis].Value - before - size;
            if (before > 0) yield return (Zeros(axis, before), whole with { Base = start });
            if (behind > 0) yield return (Zeros(axis, behind), whole with { Base = start + ((before + size) * stride) });
            start += before * stride;
            extents[axis] = size;
        }

        yield return (Copy(node, node.Operands[0]), whole with { Base = start });

        MapNode Zeros(int axis, int size)
        {
            var box = extents.ToArray();
            box[axis] = size;
            return new MapNode(node.Name, Shape.Of(box), Expressions.Zero);
        }
    }

    private static MapNode Copy(Node node, Operand part) => new(node.Name, part.Node.Shape, Expressions.Input(0), part);
}
