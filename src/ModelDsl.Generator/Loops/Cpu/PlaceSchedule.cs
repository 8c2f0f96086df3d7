using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>Values side by side in one buffer: a copy of each part into its place, all of them independent.</summary>
internal static class PlaceSchedule
{
    public static IReadOnlyList<Launch> Build(StorageMap storages, Group group)
    {
        if (group.Anchor is not ConcatNode concat) throw new NotSupportedException($"'{group.Anchor.Name}' pads a value, which has no schedule yet.");
        var launches = new List<Launch>();
        var start = 0;
        var whole = (Strided)storages.Of(concat).Layout;
        foreach (var part in concat.Operands)
        {
            var copy = new MapNode(concat.Name, part.Node.Shape, Expressions.Input(0), part);
            var place = storages.Slice(concat, whole with { Base = whole.Base + (start * whole.Strides[concat.Axis]) });
            launches.AddRange(RowSchedule.Build(storages.With(copy, place), new Group(GroupKind.Row, group.Part, copy) { Stored = [copy] }));
            start += part.Node.Shape[concat.Axis].Value;
        }

        return launches;
    }
}
