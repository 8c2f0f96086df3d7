namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>
/// Joins launches that do not depend on each other, because a launch costs microseconds, and many kernels of a training step have too little work to fill a device. The groups of the
/// joint kernel are those of its parts, one part after the other, and each part is a function. All threads of a group call the same part, so a part may have barriers. PoCL 3.1 takes many minutes
/// to compile some of these kernels, and its optimizer computes wrong results in others, so only CUDA runs them. Other devices run parts with barriers as kernels of their own.
/// </summary>
internal static class JointLaunches
{
    /// <summary>The greatest number of functions: a device compiles all of them into one kernel.</summary>
    private const int MostFunctions = 8;

    /// <summary>The greatest number of cases of a kernel that is chosen at the launch. There is a joint kernel for each.</summary>
    private const int MostCases = 2;

    /// <summary>The greatest number of buffers. Every OpenCL device accepts 1,024 bytes of parameters, and ILGPU needs 24 bytes for a view.</summary>
    private const int MostBuffers = 40;

    /// <summary>Joins the launches of each phase.</summary>
    /// <param name="parts">The parts of a plan.</param>
    /// <param name="isAlwaysRun">Whether a part is always run.</param>
    /// <param name="cancellation">Checked for each launch.</param>
    public static IReadOnlyList<PlanPart> Apply(IReadOnlyList<PlanPart> parts, Func<PlanPart, bool> isAlwaysRun, CancellationToken cancellation)
    {
        PlanPart[] moved = [.. parts];
        for (var i = 1; i < moved.Length; i++)
        {
            if (!isAlwaysRun(moved[i - 1]) || !isAlwaysRun(moved[i])) continue;
            cancellation.ThrowIfCancellationRequested();
            var (before, after) = EarlyLaunches.Apply(moved[i - 1].Phases, moved[i].Phases, LaunchSets);
            (moved[i - 1], moved[i]) = (moved[i - 1] with { Phases = before }, moved[i] with { Phases = after });
        }

        return [.. moved.Select(part => part with { Phases = [.. LateLaunches.Apply(part.Phases, LaunchSets, cancellation).Select(phase => phase with { Launches = Join(phase.Launches) })] })];
    }

    private static IReadOnlyList<IReadOnlyList<Launch>> LaunchSets(IReadOnlyList<Launch> launches) => [.. Sets(launches).Select(set => set.SelectMany(choice => choice.Launches).ToArray())];

    private static IReadOnlyList<Launch> Join(IReadOnlyList<Launch> launches) => [.. Sets(launches).SelectMany(Join)];

    private static IEnumerable<Launch> Join(IReadOnlyList<Choice> set) => set.Count == 1 ? set[0].Launches : !set.Any(HasBarriers) ? JointCases(set) :
    [
        .. JointCases(set).Select(launch => launch with { When = launch.When with { JoinsKernels = true } }),
        .. Separate(set).Select(launch => launch with { When = launch.When with { JoinsKernels = false } }),
    ];

    /// <summary>Joins a set. If one of its kernels is chosen at the launch, there is a joint kernel for each choice.</summary>
    /// <param name="set">The set.</param>
    /// <param name="threads">The number of threads that functions are for, if it is greater than that of the launches.</param>
    private static IEnumerable<Launch> JointCases(IReadOnlyList<Choice> set, int threads = 0) => set.First(choice => choice.Launches.Count == set.Max(other => other.Launches.Count)).Launches
        .Select((one, number) => Joint([.. set.Select(choice => choice.Launches[Math.Min(number, choice.Launches.Count - 1)])], threads) with { When = one.When });

    /// <summary>The launches of a set in which kernels with barriers are not joined. They call the functions of the joint kernel.</summary>
    private static IEnumerable<Launch> Separate(IReadOnlyList<Choice> set)
    {
        var threads = Threads(set.SelectMany(choice => choice.Launches));
        foreach (var launch in set.Where(HasBarriers).SelectMany(choice => choice.Launches))
        {
            var alone = Joint([launch], threads);
            yield return launch with { Kernel = alone.Kernel, Buffers = alone.Buffers };
        }

        if (set.Where(choice => !HasBarriers(choice)).ToArray() is not { Length: > 0 } others) yield break;
        foreach (var launch in JointCases(others, threads)) yield return launch;
    }

    private static bool HasBarriers(Choice choice) => choice.Launches.Any(launch => launch.Kernel.Main.Body.Any(statement => statement is DeclareArray));

    /// <summary>The launches that become one launch each.</summary>
    private static List<List<Choice>> Sets(IReadOnlyList<Launch> launches)
    {
        var sets = new List<List<Choice>>();
        foreach (var choice in Choice.Of(launches))
        {
            var set = IsJoinable(choice) ? sets.FirstOrDefault(other => IsJoinable(other[0]) && Fit([.. other, choice])) : null;
            if (set is null) sets.Add([choice]);
            else set.Add(choice);
        }

        return sets;
    }

    // Random numbers need the streams of the launch.
    private static bool IsJoinable(Choice choice) =>
        choice.Launches.Count <= MostCases && choice.Launches.All(launch => launch.When.TensorCores is null && launch.Loop is null && !launch.Kernel.Main.IsRandom);

    private static bool Fit(List<Choice> set)
    {
        Launch[] launches = [.. set.SelectMany(choice => choice.Launches)];
        return set.Count(choice => choice.Launches.Count > 1) <= 1
            && launches.Select(launch => launch.Kernel.Main).Distinct().Count() <= MostFunctions
            && launches.All(launch => Groups(launch).Threads == Threads(launches) || IdleThreads.CanBeAdded(launch.Kernel))
            && launches.SelectMany(launch => launch.Buffers).Distinct().Count() <= MostBuffers;
    }

    private static int Threads(IEnumerable<Launch> launches) => launches.Max(launch => Groups(launch).Threads);

    private static ThreadGroups Groups(Launch launch) => (ThreadGroups)launch.Kernel.Partition;

    private static Launch Joint(List<Launch> set, int threads)
    {
        // Equal kernels are one function.
        int[] first = [.. set.Select(launch => Enumerable.Range(0, set.Count).First(other => set[other].Kernel.Main == launch.Kernel.Main))];
        var joint = Joint(set, threads, first, [.. set.Select(launch => launch.Kernel)]);
        if (set.All(launch => launch.Kernel.Named is null)) return joint;
        return joint with { Kernel = joint.Kernel with { Named = () => Joint(set, threads, first, [.. set.Select(launch => launch.Kernel.InOwnNames())]).Kernel } };
    }

    private static Launch Joint(List<Launch> set, int threadsOfParts, int[] first, IReadOnlyList<Kernel> kernels)
    {
        var name = kernels[0].Name + (kernels.Count == 1 ? "" : kernels.Count == 2 ? "And" + kernels[1].Name : "AndOthers");
        var threads = Threads(set);
        var builder = new KernelBuilder();
        var functions = new List<Function>();
        var parts = new Dictionary<int, JointPart>();
        foreach (var number in first.Distinct())
        {
            var (kernel, partName) = (kernels[number], $"{name}Part{number + 1}");
            var part = KernelNames.Renamed(kernel, partName, tile => partName + tile.Name.Substring(kernel.Main.Name.Length));
            functions.AddRange(part.Tiles);
            parts[number] = JointPart.Of(part, string.Join("; ", kernel.Formula), Math.Max(threads, threadsOfParts));
            functions.Add(parts[number].Function);
        }

        // Only one part runs in a group of threads, so parts use the same shared memory.
        var calls = new List<(Index End, Call Call)>();
        var shared = SharedMemories(parts.Values);
        Index start = 0;
        for (var i = 0; i < set.Count; i++)
        {
            var part = parts[first[i]];
            var buffers = set[i].Buffers.Zip(part.Function.Buffers, (storage, parameter) => parameter.Written ? builder.Write(storage) : builder.Read(storage));
            var call = new Call(part.Function, [.. buffers.Concat(part.Shared.Select(memory => shared[memory.Key].Buffer)).Select(buffer => (buffer, (Index)0))], [KernelBuilder.BatchSize, ThreadGroups.Group - start, ThreadGroups.Thread]);
            start += Groups(set[i]).Groups;
            calls.Add((start, call));
        }

        Statement body = calls[calls.Count - 1].Call;
        for (var i = calls.Count - 2; i >= 0; i--) body = new If(Condition.Less(ThreadGroups.Group, calls[i].End), [calls[i].Call], [body]);
        var formula = set.Select((launch, i) => $"{Groups(launch).Groups} groups: {string.Join("; ", kernels[i].Formula.Take(kernels[i].Formula.Count - 1))}");
        return builder.Build(name, set.Count == 1 ? kernels[0].Formula : [.. formula, $"Groups of {threads} threads."], [.. shared.Values, body], functions, new ThreadGroups(start, threads));
    }

    /// <summary>For each kind of element as many allocations as the part with most of them has, each of the greatest length.</summary>
    private static Dictionary<(BufferElement, int), DeclareArray> SharedMemories(IEnumerable<JointPart> parts) =>
        parts.SelectMany(part => part.Shared).GroupBy(memory => memory.Key, memory => memory.Memory)
            .ToDictionary(group => group.Key, group => new DeclareArray(new Buffer(group.First().Buffer.Name, group.First().Buffer.Element), group.Max(memory => memory.Length)));
}
