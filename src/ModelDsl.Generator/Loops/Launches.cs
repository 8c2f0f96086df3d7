using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Loops.Verification;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops;

/// <summary>The launches of a plan.</summary>
internal static class Launches
{
    /// <summary>What each group becomes, those that are equal but for names once, in the order in which groups can run.</summary>
    /// <param name="fused">The groups.</param>
    /// <param name="storages">Where values lie.</param>
    /// <param name="schedule">What a target makes of a group, given the buffers. It may ask for nothing else.</param>
    /// <param name="cancellation">Checked group by group.</param>
    public static IReadOnlyList<(int Part, Launch Launch)> OfGroups(
        FusedGraph fused, StorageMap storages, Func<Group, StorageMap, IReadOnlyList<Launch>> schedule, CancellationToken cancellation) =>
        OfGroups(fused, new GroupSchedules(storages, schedule).Of, cancellation);

    /// <summary>What each group becomes, in the order in which groups can run.</summary>
    /// <param name="fused">The groups.</param>
    /// <param name="schedule">What a target makes of a group.</param>
    /// <param name="cancellation">Checked group by group.</param>
    public static IReadOnlyList<(int Part, Launch Launch)> OfGroups(FusedGraph fused, Func<Group, IReadOnlyList<Launch>> schedule, CancellationToken cancellation)
    {
        var launches = new List<(int, Launch)>();
        foreach (var group in fused.Groups)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var launch in schedule(group))
            {
                KernelVerifier.Check(launch);
                launches.Add((group.Part, launch));
            }
        }

        return launches;
    }
}
