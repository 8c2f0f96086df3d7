using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>
/// Moves launches to later phases where they share a launch with others, and with them the launches that read their results. Gradients of weights are only needed when a step ends. A launch moves by few phases, because
/// its operands need memory until it has run.
/// </summary>
/// <param name="phases">The phases of a part.</param>
/// <param name="sets">Counts the launches that remain if those of a phase are joined.</param>
internal sealed class LateLaunches(IReadOnlyList<Phase> phases, Func<IReadOnlyList<Launch>, int> sets)
{
    /// <summary>The greatest number of phases by which a launch moves.</summary>
    private const int MostPhases = 4;

    private Launch[][] moved = [.. phases.Select(phase => phase.Launches.ToArray())];

    /// <summary>Moves launches.</summary>
    /// <param name="phases">The phases of a part.</param>
    /// <param name="sets">Counts the launches that remain if those of a phase are joined.</param>
    public static IReadOnlyList<Phase> Apply(IReadOnlyList<Phase> phases, Func<IReadOnlyList<Launch>, int> sets) =>
        phases.Any(phase => phase.Loop is not null) ? phases : new LateLaunches(phases, sets).Apply();

    private IReadOnlyList<Phase> Apply()
    {
        for (var from = 0; from < moved.Length; from++)
        {
            foreach (var launch in moved[from])
            {
                if (moved[from].Length == 1 || sets(Without(moved[from], launch)) == sets(moved[from])) continue;
                for (var to = from + 1; to <= Math.Min(from + MostPhases, moved.Length - 1); to++)
                {
                    if (Move(moved, launch, from, to) is not { } better) continue;
                    moved = better;
                    break;
                }
            }
        }

        return [.. moved.Where(launches => launches.Length > 0).Select(launches => new Phase(launches))];
    }

    /// <summary>Returns the phases after a launch, and those that depend on it, have moved; null if that is not possible or takes more launches.</summary>
    private Launch[][]? Move(Launch[][] before, Launch launch, int from, int to)
    {
        if (launch.When != new LaunchCase() || sets([.. before[to], launch]) > sets(before[to])) return null;
        var after = (Launch[][])before.Clone();
        after[from] = Without(after[from], launch);
        for (var phase = from; phase <= to; phase++)
        {
            foreach (var other in after[phase])
            {
                if (!DependsOn(other, launch)) continue;
                if (phase == from) return null;
                var next = Enumerable.Range(to + 1, Math.Max(0, Math.Min(phase + MostPhases, after.Length - 1) - to)).Select(target => Move(after, other, phase, target)).FirstOrDefault(result => result is not null);
                if (next is null) return null;
                after = next;
            }
        }

        after[to] = [.. after[to], launch];
        return after;
    }

    /// <summary>Whether a launch must run after another: it reads or writes what the other writes, or writes what the other reads.</summary>
    private static bool DependsOn(Launch launch, Launch other)
    {
        var written = Written(other).ToArray();
        return launch.Buffers.Concat(launch.After).Any(written.Contains) || Written(launch).Any(other.Buffers.Contains);
    }

    private static Launch[] Without(Launch[] launches, Launch launch) => [.. launches.Where(other => !ReferenceEquals(other, launch))];

    private static IEnumerable<Storage> Written(Launch launch) =>
        launch.Buffers.Zip(launch.Kernel.Main.Buffers, (storage, parameter) => (storage, parameter.Written)).Where(pair => pair.Written).Select(pair => pair.storage);
}
