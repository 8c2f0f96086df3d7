using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>
/// Moves small kernels into the kernels that read their results, because a launch costs microseconds. A kernel that adds partial sums of a batch normalization has hundreds of results, and every group of threads of the
/// next kernel can compute all of them.
/// </summary>
internal static class Prologues
{
    /// <summary>The greatest number of groups of a kernel that moves. Each group of the other kernel does their work.</summary>
    private const int MostGroups = 4;

    /// <summary>The greatest number of floats that the moved kernels of one kernel write.</summary>
    private const int MostResults = 4096;

    /// <summary>Returns the launches of a plan with small kernels moved.</summary>
    /// <param name="launches">The launches, with the part of each, in an order in which they can run.</param>
    public static IReadOnlyList<(int Part, Launch Launch)> Apply(IReadOnlyList<(int Part, Launch Launch)> launches)
    {
        var phases = PhasesOf(launches);
        var users = Enumerable.Range(0, launches.Count).SelectMany(number => launches[number].Launch.Buffers.Select(storage => (storage, number))).ToLookup(use => use.storage, use => use.number);
        var moved = new HashSet<int>();
        var first = new Dictionary<int, List<(Launch Small, bool IsStored)>>();
        for (var i = 0; i < launches.Count; i++)
        {
            var (part, small) = launches[i];
            if (first.ContainsKey(i) || !IsSmall(small)) continue;
            int[] readers = [.. small.Written.SelectMany(storage => users[storage]).Where(other => other > i && launches[other].Part == part).Distinct().OrderBy(other => other)];
            int[] next = [.. readers.Where(reader => phases[reader] == phases[i] + 1)];
            var writers = small.Buffers.SelectMany(storage => users[storage].Where(other => other > i && launches[other].Launch.Written.Contains(storage)));
            if (next.Length == 0 || readers[0] != next[0] || writers.Any() || next.Any(reader => moved.Contains(reader) || !CanBegin(launches[reader].Launch, small, first.TryGetValue(reader, out var others) ? others.Select(other => other.Small) : []))) continue;
            moved.Add(i);
            foreach (var reader in next)
            {
                if (!first.TryGetValue(reader, out var list)) first.Add(reader, list = []);
                list.Add((small, reader == next[0]));
            }
        }

        return
        [
            .. from i in Enumerable.Range(0, launches.Count)
               where !moved.Contains(i)
               let launch = launches[i].Launch
               select (launches[i].Part, first.TryGetValue(i, out var list) ? new Prologue(list, launch).Build() : launch),
        ];
    }

    /// <summary>The number of the phase of each launch in its part.</summary>
    private static int[] PhasesOf(IReadOnlyList<(int Part, Launch Launch)> launches)
    {
        var known = new Dictionary<Launch, int>();
        foreach (var part in Phases.Build(launches))
        {
            for (var phase = 0; phase < part.Phases.Count; phase++)
            {
                foreach (var launch in part.Phases[phase].Launches) known[launch] = phase;
            }
        }

        return [.. launches.Select(pair => known[pair.Launch])];
    }

    private static bool IsSmall(Launch launch) =>
        IsPlain(launch) && Groups(launch).Groups.Literal <= MostGroups && !launch.Kernel.Main.Body.Any(statement => statement is DeclareArray)
        && launch.Written.All(storage => storage.Space is not (Space.Batched or Space.Column) && storage.Length <= MostResults)
        && !launch.Buffers.GroupBy(storage => storage).Any(group => group.Count() > 1) && !UpdatesResults(launch);

    /// <summary>Whether a kernel reads what it writes. Groups that have the results in shared memory would read them there before anything is written.</summary>
    private static bool UpdatesResults(Launch launch)
    {
        var reads = ReadBuffers.Of(launch.Kernel.Main.Body);
        return launch.Kernel.Main.Buffers.Any(parameter => parameter.Written && reads.Contains(parameter.Buffer));
    }

    /// <summary>Whether a kernel can begin with a small one. All threads of its groups take part in it.</summary>
    private static bool CanBegin(Launch launch, Launch small, IEnumerable<Launch> others) =>
        IsPlain(launch) && Groups(launch).Threads == Groups(small).Threads && launch.Kernel.Tiles.Count == 0
        && (Groups(launch).Groups.Literal <= Prologue.MostGroups || !launch.Kernel.Main.Body.Any(statement => statement is DeclareArray))
        && !launch.Written.Intersect(small.Buffers).Any() && launch.Buffers.Distinct().Count() == launch.Buffers.Count
        && others.Append(small).SelectMany(other => other.Written).Sum(storage => storage.Length) <= MostResults;

    private static bool IsPlain(Launch launch) =>
        launch.When == new LaunchCase() && launch.Loop is null && !launch.FillsPart && launch.After.Count == 0 && !launch.Kernel.Main.IsRandom && launch.Kernel.Partition is ThreadGroups;

    private static ThreadGroups Groups(Launch launch) => (ThreadGroups)launch.Kernel.Partition;
}
