namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>
/// Joins launches that do not depend on each other, because a launch costs microseconds, and many kernels of a training step have too little work to fill a device. The groups of the
/// joint kernel are those of its parts, one part after the other, and each part is a function. Parts have no barriers: a barrier within a condition is allowed, because all threads of a
/// group call the same part, but PoCL 3.1 computed wrong sums in such kernels.
/// </summary>
internal static class JointLaunches
{
    /// <summary>The greatest number of parts: a device compiles all of them into one kernel.</summary>
    private const int MostParts = 8;

    /// <summary>The greatest number of buffers. Every OpenCL device accepts 1,024 bytes of parameters, and ILGPU needs 24 bytes for a view.</summary>
    private const int MostBuffers = 40;

    /// <summary>Joins the launches of each phase.</summary>
    /// <param name="parts">The parts of a plan.</param>
    public static IReadOnlyList<PlanPart> Apply(IReadOnlyList<PlanPart> parts) =>
        [.. parts.Select(part => part with { Phases = [.. part.Phases.Select(phase => phase with { Launches = Join(phase.Launches) })] })];

    private static IReadOnlyList<Launch> Join(IReadOnlyList<Launch> launches)
    {
        var sets = new List<List<Launch>>();
        foreach (var launch in launches)
        {
            var set = IsJoinable(launch) ? sets.FirstOrDefault(other => IsJoinable(other[0]) && Fit([.. other, launch])) : null;
            if (set is null) sets.Add([launch]);
            else set.Add(launch);
        }

        return [.. sets.Select(set => set.Count == 1 ? set[0] : Joint(set))];
    }

    // A kernel for some cases only is one of several, of which the launch selects one. Random numbers need the streams of the launch.
    private static bool IsJoinable(Launch launch) =>
        launch.When == new LaunchCase() && launch.Loop is null && !launch.Kernel.Main.IsRandom && !launch.Kernel.Main.Body.Any(statement => statement is SharedMemory);

    private static bool Fit(List<Launch> set) =>
        set.Count <= MostParts
        && set.Select(launch => Groups(launch).Threads).Distinct().Count() == 1
        && set.SelectMany(launch => launch.Buffers).Distinct().Count() <= MostBuffers;

    private static ThreadGroups Groups(Launch launch) => (ThreadGroups)launch.Kernel.Partition;

    private static Launch Joint(List<Launch> set)
    {
        // Equal kernels are one function.
        int[] first = [.. set.Select(launch => Enumerable.Range(0, set.Count).First(other => set[other].Kernel.Main == launch.Kernel.Main))];
        var joint = Joint(set, first, [.. set.Select(launch => launch.Kernel)]);
        if (set.All(launch => launch.Kernel.Named is null)) return joint;
        return joint with { Kernel = joint.Kernel with { Named = () => Joint(set, first, [.. set.Select(launch => launch.Kernel.InOwnNames())]).Kernel } };
    }

    private static Launch Joint(List<Launch> set, int[] first, IReadOnlyList<Kernel> kernels)
    {
        var name = kernels[0].Name + (kernels.Count == 2 ? "And" + kernels[1].Name : "AndOthers");
        var builder = new KernelBuilder();
        var functions = new List<Function>();
        var parts = new Dictionary<int, Function>();
        foreach (var number in first.Distinct())
        {
            var (kernel, partName) = (kernels[number], $"{name}Part{number + 1}");
            var part = KernelNames.Renamed(kernel, partName, tile => partName + tile.Name.Substring(kernel.Main.Name.Length));
            functions.AddRange(part.Tiles);
            functions.Add(parts[number] = Part(part, string.Join("; ", kernel.Formula)));
        }

        var calls = new List<(Index End, Call Call)>();
        Index start = 0;
        for (var i = 0; i < set.Count; i++)
        {
            var part = parts[first[i]];
            var buffers = set[i].Buffers.Zip(part.Buffers, (storage, parameter) => (parameter.Written ? builder.Write(storage) : builder.Read(storage), (Index)0)).ToArray();
            var call = new Call(part, buffers, [KernelBuilder.BatchSize, ThreadGroups.Group - start, ThreadGroups.Thread]);
            start += Groups(set[i]).Groups;
            calls.Add((start, call));
        }

        Statement body = calls[calls.Count - 1].Call;
        for (var i = calls.Count - 2; i >= 0; i--) body = new If(Condition.Less(ThreadGroups.Group, calls[i].End), [calls[i].Call], [body]);
        var formula = set.Select((launch, i) => $"{Groups(launch).Groups} groups: {string.Join("; ", kernels[i].Formula.Take(kernels[i].Formula.Count - 1))}");
        return builder.Build(name, [.. formula, $"Groups of {Groups(set[0]).Threads} threads."], [body], functions, new ThreadGroups(start, Groups(set[0]).Threads));
    }

    /// <summary>A kernel as a function that receives the number of the group among those of the part.</summary>
    private static Function Part(Kernel kernel, string remark)
    {
        var group = new IndexVariable(ThreadGroups.Group.Name);
        return new Function(kernel.Name, remark, kernel.Main.Buffers, [KernelBuilder.BatchSize, group, ThreadGroups.Thread], new GroupNumber(group).Rewrite(kernel.Main.Body));
    }

    /// <summary>Replaces the number of the group.</summary>
    private sealed class GroupNumber(IndexVariable group) : LoopRewriter
    {
        public override Index Visit(IndexVariable index) => index == ThreadGroups.Group ? group : index;
    }
}
