using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops;

/// <summary>A part of a plan: phases with barriers between them.</summary>
internal sealed record PlanPart(int Part, IReadOnlyList<Phase> Phases);

/// <summary>
/// Assigns kernels to as few phases as their data allows. A kernel runs one phase after the last kernel whose results it reads, and after the last kernel that reads a buffer
/// before it is overwritten. It runs in the same phase, after that kernel, if each worker accesses only what the other kernel has computed in its own share. Loops over blocks of rows
/// have phases of their own.
/// </summary>
internal static class Phases
{
    public static IReadOnlyList<PlanPart> Build(IReadOnlyList<(int Part, Launch Launch)> launches)
    {
        var parts = new List<PlanPart>();
        foreach (var part in launches.GroupBy(launch => launch.Part).OrderBy(group => group.Key))
        {
            var uses = new Dictionary<Storage, List<(Launch Launch, int Phase, bool IsWritten)>>();
            var phases = new List<(RowLoop? Loop, List<Launch> Launches)>();
            foreach (var launch in WithFillsLate([.. part.Select(pair => pair.Launch)]))
            {
                var phase = launch.Uses.Max(buffer => UsesOf(buffer.Storage).Where(other => Conflict(launch, buffer.IsWritten, other.IsWritten))
                    .Select(other => OwnTasks.Only(other.Launch, launch, buffer.Storage) ? other.Phase : other.Phase + 1).Prepend(0).Max());
                if (launch.FillsPart) phase = Math.Max(phase, LastWrite(launch.Buffers[0]) ?? 0);
                foreach (var storage in launch.After) phase = Math.Max(phase, LastWrite(storage) + 1 ?? 0);

                // Nothing else runs between the phases of a loop.
                if (launch.Loop is { } loop) phase = Math.Max(phase, phases.FindIndex(other => other.Loop == loop) is >= 0 and var first ? first : phases.Count);
                else while (phase < phases.Count && phases[phase].Loop is not null) phase++;
                while (phases.Count <= phase) phases.Add((launch.Loop, []));
                phases[phase].Launches.Add(launch);
                foreach (var (storage, isWritten) in launch.Uses) UsesOf(storage).Add((launch, phase, isWritten));
            }

            List<(Launch Launch, int Phase, bool IsWritten)> UsesOf(Storage storage) => uses.TryGetValue(storage, out var known) ? known : uses[storage] = [];

            int? LastWrite(Storage storage) => UsesOf(storage).Where(use => use.IsWritten).Max(use => (int?)use.Phase);

            parts.Add(new PlanPart(part.Key, [.. phases.Select(phase => new Phase(phase.Launches, phase.Loop))]));
        }

        return parts;
    }

    /// <summary>Whether a launch must run after an earlier use of a buffer. A kernel in a loop also reads buffers that it writes: it adds to sums, and stores matrices over others.</summary>
    private static bool Conflict(Launch launch, bool isWritten, bool wasWritten) => isWritten ? !wasWritten || launch.Loop is not null : wasWritten;

    /// <summary>
    /// Moves kernels that fill a part of a buffer with literals behind the last kernel that writes another part, so that both run in one phase. They could run in the first phase, but the
    /// buffer would then be live from there on.
    /// </summary>
    private static IEnumerable<Launch> WithFillsLate(IReadOnlyList<Launch> launches)
    {
        var last = new Dictionary<Storage, int>();
        for (var i = 0; i < launches.Count; i++)
        {
            if (!launches[i].FillsPart) foreach (var storage in launches[i].Written) last[storage] = i;
        }

        var waiting = new List<Launch>();
        for (var i = 0; i < launches.Count; i++)
        {
            var launch = launches[i];
            if (launch.FillsPart && last.TryGetValue(launch.Buffers[0], out var writer) && writer > i)
            {
                waiting.Add(launch);
                continue;
            }

            yield return launch;
            foreach (var fill in waiting.Where(fill => last[fill.Buffers[0]] == i)) yield return fill;
            waiting.RemoveAll(fill => last[fill.Buffers[0]] == i);
        }
    }
}
