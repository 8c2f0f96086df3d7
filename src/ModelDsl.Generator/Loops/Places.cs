using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops;

/// <summary>Values side by side in one buffer: a copy of each part into its place, all of them independent.</summary>
internal static class Places
{
    /// <param name="storages">Where values lie.</param>
    /// <param name="group">The group.</param>
    /// <param name="copy">How the target makes one pointwise copy.</param>
    public static IReadOnlyList<Launch> Build(StorageMap storages, Group group, Func<StorageMap, Group, IReadOnlyList<Launch>> copy)
    {
        if (group.Anchor is not ConcatNode concat) throw new NotSupportedException($"'{group.Anchor.Name}' pads a value, which has no schedule yet.");
        var launches = new List<Launch>();
        var start = 0;
        var whole = (Strided)storages.Of(concat).Layout;
        foreach (var operand in concat.Operands)
        {
            var part = new MapNode(concat.Name, operand.Node.Shape, Expressions.Input(0), operand);
            var place = storages.Slice(concat, whole with { Base = whole.Base + (start * whole.Strides[concat.Axis]) });
            launches.AddRange(copy(storages.With(part, place), new Group(GroupKind.Row, group.Part, part) { Stored = [part] }));
            start += operand.Node.Shape[concat.Axis].Value;
        }

        return launches;
    }
}
