using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>
/// A kernel that begins with small kernels whose results it reads. Every group of threads computes the results into its shared memory. The first group also stores them, for kernels that run later.
/// </summary>
/// <param name="smalls">The small kernels, and for each whether this kernel stores its results.</param>
/// <param name="launch">The kernel.</param>
internal sealed class Prologue(IReadOnlyList<(Launch Small, bool IsStored)> smalls, Launch launch)
{
    /// <summary>The greatest number of groups, about as many as a device runs at a time. If the kernel has more, a group does the work of several, so that each computes the small results once.</summary>
    public const int MostGroups = 1024;

    private readonly ThreadGroups groups = (ThreadGroups)launch.Kernel.Partition;

    /// <summary>Builds the kernel.</summary>
    public Launch Build()
    {
        var built = Build(launch.Kernel, [.. smalls.Select(one => one.Small.Kernel)]) with { Group = launch.Group, LeftOutFlops = launch.LeftOutFlops };
        if (launch.Kernel.Named is null && smalls.All(one => one.Small.Kernel.Named is null)) return built;
        return built with { Kernel = built.Kernel with { Named = () => Build(launch.Kernel.InOwnNames(), [.. smalls.Select(one => one.Small.Kernel.InOwnNames())]).Kernel } };
    }

    private Launch Build(Kernel kernel, IReadOnlyList<Kernel> kernels)
    {
        var name = kernels.Count == 1 ? $"{kernels[0].Name}And{kernel.Name}" : $"{kernel.Name}AfterSums";
        var builder = new KernelBuilder();
        var results = new Dictionary<Storage, Buffer>();
        var memory = new List<Statement>();
        var statements = new List<Statement>();
        var parts = new Dictionary<int, JointPart>();
        for (var i = 0; i < kernels.Count; i++)
        {
            // Equal kernels are one function.
            var (small, isStored) = smalls[i];
            var first = Enumerable.Range(0, kernels.Count).First(other => ReferenceEquals(smalls[other].Small.Kernel.Main, small.Kernel.Main));
            if (!parts.TryGetValue(first, out var part)) parts.Add(first, part = Part(kernels[i]));
            foreach (var storage in small.Written) results.Add(storage, Allocate(storage));
            statements.AddRange(Calls(small, part, storage => results[storage]));
            if (isStored) statements.Add(new If([Condition.Less(ThreadGroups.Group, 1)], Calls(small, part, builder.Write)));
        }

        statements.Add(new GroupBarrier());
        var main = Part(kernel);
        var shared = main.Shared.Select(memory => new DeclareArray(new Buffer(memory.Memory.Buffer.Name, memory.Memory.Buffer.Element), memory.Memory.Length)).ToArray();
        var buffers = launch.Uses.Select(use => results.TryGetValue(use.Storage, out var result) ? result : use.IsWritten ? builder.Write(use.Storage) : builder.Read(use.Storage));
        var isFew = groups.Groups.Literal <= MostGroups;
        var group = isFew ? ThreadGroups.Group : new IndexVariable("task");
        var call = Call(main, buffers.Concat(shared.Select(memory => memory.Buffer)), group);
        statements.Add(isFew ? call : new Loop(group, ThreadGroups.Group, groups.Groups, MostGroups, [call]));
        return builder.Build(
            name, [.. kernels.SelectMany(small => small.Formula.Take(small.Formula.Count - 1)), .. kernel.Formula, "Every group computes the sums first."],
            [.. memory, .. shared, .. statements], [.. parts.Values.Append(main).Select(part => part.Function)],
            new ThreadGroups(isFew ? groups.Groups : Index.Min(groups.Groups, MostGroups), groups.Threads));

        // Only memory for quads is aligned for views as quads.
        Buffer Allocate(Storage storage)
        {
            var buffer = new Buffer(storage.Name + "Shared");
            var isViewed = smalls.Select(one => one.Small).Append(launch).Any(reader => IsViewed(reader, storage));
            var allocated = isViewed ? new Buffer(storage.Name + "SharedQuads", BufferElement.Quad) : buffer;
            memory.Add(new DeclareArray(allocated, isViewed ? (storage.Length + BlockTile.QuadSize - 1) / BlockTile.QuadSize : storage.Length));
            if (isViewed) memory.Add(new DeclareView(buffer, allocated));
            return buffer;
        }

        JointPart Part(Kernel of) => JointPart.Of(KernelNames.Renamed(of, $"{name}Part{parts.Count + 1}"), string.Join("; ", of.Formula), groups.Threads);

        // A small kernel in each of its groups.
        Statement[] Calls(Launch small, JointPart part, Func<Storage, Buffer> result)
        {
            var count = ((ThreadGroups)small.Kernel.Partition).Groups;
            var number = new IndexVariable("task");
            var call = Call(part, small.Uses.Select(use => use.IsWritten ? result(use.Storage) : builder.Read(use.Storage)), count.Literal == 1 ? 0 : number);
            return count.Literal == 1 ? [call] : [new Loop(number, 0, count, 1, [call])];
        }
    }

    /// <summary>Whether a kernel has a view of a buffer as quads.</summary>
    private static bool IsViewed(Launch launch, Storage storage) =>
        launch.Kernel.Main.Buffers.Where((_, number) => launch.Buffers[number] == storage).Any(parameter => launch.Kernel.Main.Body.Any(statement => statement is DeclareView view && view.Buffer == parameter.Buffer));

    private static Call Call(JointPart part, IEnumerable<Buffer> buffers, Index group) =>
        new(part.Function, [.. buffers.Select(buffer => (buffer, (Index)0))], [KernelBuilder.BatchSize, group, ThreadGroups.Thread]);
}
