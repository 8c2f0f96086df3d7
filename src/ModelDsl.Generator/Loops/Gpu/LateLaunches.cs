using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>
/// Moves launches to later phases where they share a launch with others, and with them the launches that read their results. Launches that are joined already move together. Gradients of weights are only needed when a step
/// ends. A launch moves by few phases, because its operands need memory until it has run.
/// </summary>
/// <param name="phases">The phases of a part.</param>
/// <param name="sets">Returns the sets of launches of a phase that are joined.</param>
/// <param name="cancellation">Checked for each launch.</param>
internal sealed class LateLaunches(IReadOnlyList<Phase> phases, Func<IReadOnlyList<Launch>, IReadOnlyList<IReadOnlyList<Launch>>> sets, CancellationToken cancellation)
{
    /// <summary>The greatest number of phases by which a launch moves.</summary>
    private const int MostPhases = 4;

    /// <summary>The greatest number of launches that move together of which each reads the results of the one before. Gradients of weights have a sum of partial sums after them.</summary>
    private const int MostReaders = 3;

    // The number of sets of each phase that was met. Most phases are the same before and after a launch moves.
    private readonly Dictionary<Launch[], int> counts = [];

    private Launch[][] moved = [.. phases.Select(phase => phase.Launches.ToArray())];

    /// <summary>Moves launches.</summary>
    /// <param name="phases">The phases of a part.</param>
    /// <param name="sets">Returns the sets of launches of a phase that are joined.</param>
    /// <param name="cancellation">Checked for each launch.</param>
    public static IReadOnlyList<Phase> Apply(IReadOnlyList<Phase> phases, Func<IReadOnlyList<Launch>, IReadOnlyList<IReadOnlyList<Launch>>> sets, CancellationToken cancellation) =>
        phases.Any(phase => phase.Loop is not null) ? phases : new LateLaunches(phases, sets, cancellation).Apply();

    private IReadOnlyList<Phase> Apply()
    {
        for (var from = 0; from < moved.Length; from++)
        {
            foreach (var set in sets(moved[from]))
            {
                if (set.Aggregate((Launch[][]?)moved, (before, launch) => before is null ? null : Moved(before, launch, from, from, MostReaders)) is { } better && Count(better) < Count(moved)) moved = better;
            }
        }

        return [.. moved.Where(launches => launches.Length > 0).Select(launches => new Phase(launches))];
    }

    private int Count(Launch[][] launches) => launches.Sum(CountOf);

    private int CountOf(Launch[] phase)
    {
        if (!counts.TryGetValue(phase, out var count)) counts.Add(phase, count = sets(phase).Count);
        return count;
    }

    /// <summary>Returns the phases after a launch has moved to the first phase that is possible; null if there is none.</summary>
    /// <param name="before">The phases.</param>
    /// <param name="launch">The launch.</param>
    /// <param name="from">The phase of the launch.</param>
    /// <param name="after">The phase that it must run after.</param>
    /// <param name="depth">The number of launches, of which each reads the results of the one before, that may move.</param>
    private Launch[][]? Moved(Launch[][] before, Launch launch, int from, int after, int depth)
    {
        for (var to = after + 1; depth > 0 && to <= Math.Min(from + MostPhases, before.Length - 1); to++)
        {
            if (Move(before, launch, from, to, depth) is { } result) return result;
        }

        return null;
    }

    /// <summary>Returns the phases after a launch, and those that depend on it, have moved; null if that is not possible or takes more launches.</summary>
    private Launch[][]? Move(Launch[][] before, Launch launch, int from, int to, int depth)
    {
        cancellation.ThrowIfCancellationRequested();
        if (launch.When != new LaunchCase() || sets([.. before[to], launch]).Count > CountOf(before[to])) return null;
        var after = (Launch[][])before.Clone();
        after[from] = Without(after[from], launch);
        for (var phase = from; phase <= to; phase++)
        {
            foreach (var other in after[phase])
            {
                if (!DependsOn(other, launch) || !after[phase].Any(one => ReferenceEquals(one, other))) continue;
                if (phase == from || Moved(after, other, phase, to, depth - 1) is not { } next) return null;
                after = next;
            }
        }

        after[to] = [.. after[to], launch];
        return after;
    }

    /// <summary>Whether a launch must run after another: it reads or writes what the other writes, or writes what the other reads.</summary>
    public static bool DependsOn(Launch launch, Launch other)
    {
        var written = other.Written.ToArray();
        return launch.Buffers.Concat(launch.After).Any(written.Contains) || launch.Written.Any(other.Buffers.Contains);
    }

    private static Launch[] Without(Launch[] launches, Launch launch) => [.. launches.Where(other => !ReferenceEquals(other, launch))];
}
