using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops;

/// <summary>Schedules groups that differ only in names once, because deep models repeat their blocks. A later group gets the kernels of the first one with its own buffers.</summary>
/// <param name="storages">The buffers of the plan.</param>
/// <param name="schedule">Builds the kernels of a group for a target.</param>
internal sealed class GroupSchedules(StorageMap storages, Func<Group, StorageMap, IReadOnlyList<Launch>> schedule)
{
    private readonly Dictionary<GroupShape, Scheduled?> known = [];

    /// <summary>The kernels of a group.</summary>
    public IReadOnlyList<Launch> Of(Group group)
    {
        // Chained products use buffers in the memory of workers, or kernels that run for a block of rows, which other groups do not have.
        if (group.Kind is GroupKind.Chain or GroupKind.LongChain) return schedule(group, storages);
        var shape = GroupShape.Of(group, storages);
        if (known.TryGetValue(shape, out var first)) return first is null ? schedule(group, storages) : Again(group, shape, first);
        var before = storages.Scratches.Count;
        var launches = schedule(group, storages);
        known.Add(shape, Scheduled.Of(group, shape, launches, [.. storages.Scratches.Skip(before)]));
        return launches;
    }

    private Launch[] Again(Group group, GroupShape shape, Scheduled first)
    {
        var scratch = first.Scratches.Select(one => storages.Scratch(
            shape.NodeOf(first.Shape.NumberOf(one.Of)), one.Purpose, one.Storage.Space, one.Storage.Layout, one.Storage.Length)).ToArray();
        var buffers = first.Shape.Buffers.Zip(shape.Buffers, (from, to) => (from, to)).Concat(first.Scratches.Zip(scratch, (from, to) => (from: from.Storage, to)))
            .ToDictionary(pair => pair.from, pair => pair.to);
        var named = new Lazy<IReadOnlyList<Launch>>(() => schedule(group, storages.Again(scratch)));
        return [.. first.Launches.Select((launch, number) =>
        {
            var (own, suffix) = first.Names[number];
            var name = (own < 0 ? Names.Method(group.Name) : Names.Method(scratch[own].Name)) + suffix;
            var kernel = launch.Kernel with { Name = name, Named = () => named.Value[number].Kernel };
            return new Launch(kernel, [.. launch.Buffers.Select(buffer => buffers[buffer])], [.. launch.Streams.Select(stream => shape.Streams[IndexOf(first.Shape.Streams, stream)])])
            {
                When = launch.When,
                FillsPart = launch.FillsPart,
                IsCopy = launch.IsCopy,
            };
        })];
    }

    private static int IndexOf(IReadOnlyList<int> streams, int stream) => Enumerable.Range(0, streams.Count).First(at => streams[at] == stream);

    /// <summary>A group that has been scheduled.</summary>
    /// <param name="Shape">Its shape.</param>
    /// <param name="Launches">Its kernels.</param>
    /// <param name="Scratches">The scratch buffers that the schedule added for it.</param>
    /// <param name="Names">For each kernel: the scratch buffer, or the group (−1), that it is named after, and the suffix.</param>
    private sealed record Scheduled(
        GroupShape Shape, IReadOnlyList<Launch> Launches, IReadOnlyList<ScratchBuffer> Scratches, IReadOnlyList<(int Scratch, string Suffix)> Names)
    {
        /// <summary>A group that has been scheduled; null if its kernels cannot be used for another group, because they refer to objects that only the schedule knows.</summary>
        public static Scheduled? Of(Group group, GroupShape shape, IReadOnlyList<Launch> launches, IReadOnlyList<ScratchBuffer> scratches)
        {
            var own = new HashSet<Storage>(shape.Buffers.Concat(scratches.Select(scratch => scratch.Storage)));
            if (scratches.Any(scratch => shape.NumberOf(scratch.Of) < 0)) return null;
            if (launches.Any(launch => !launch.Buffers.All(own.Contains) || !launch.Streams.All(shape.Streams.Contains))) return null;
            var names = new List<(int, string)>();
            foreach (var name in launches.Select(launch => launch.Kernel.Name))
            {
                var scratch = scratches.ToList().FindIndex(scratch => Loops.Names.Method(scratch.Storage.Name) == name);
                var start = Loops.Names.Method(group.Name);
                if (scratch >= 0) names.Add((scratch, ""));
                else if (name.StartsWith(start, StringComparison.Ordinal)) names.Add((-1, name.Substring(start.Length)));
                else return null;
            }

            return new(shape, launches, scratches, names);
        }
    }
}
