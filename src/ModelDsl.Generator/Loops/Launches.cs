using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops.Verification;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops;

/// <summary>The launches of a plan.</summary>
internal static class Launches
{
    /// <summary>The launches of the groups, in the order in which the groups can run. Groups that differ only in names are scheduled once.</summary>
    /// <param name="fused">The groups.</param>
    /// <param name="storages">The buffers of the values.</param>
    /// <param name="schedule">Builds the launches of a group for a target. It must not use anything but its arguments.</param>
    /// <param name="cancellation">Checked before each group.</param>
    public static IReadOnlyList<(int Part, Launch Launch)> OfGroups(
        FusedGraph fused, StorageMap storages, Func<Group, StorageMap, IReadOnlyList<Launch>> schedule, CancellationToken cancellation) =>
        OfGroups(fused, new GroupSchedules(storages, schedule).Of, cancellation);

    /// <summary>The launches of the groups, in the order in which the groups can run.</summary>
    /// <param name="fused">The groups.</param>
    /// <param name="schedule">Builds the launches of a group for a target.</param>
    /// <param name="cancellation">Checked before each group.</param>
    public static IReadOnlyList<(int Part, Launch Launch)> OfGroups(FusedGraph fused, Func<Group, IReadOnlyList<Launch>> schedule, CancellationToken cancellation)
    {
        var launches = new List<(int, Launch)>();
        var written = new Dictionary<Node, Storage[]>();
        foreach (var group in fused.Groups)
        {
            cancellation.ThrowIfCancellationRequested();
            Storage[] after = [.. group.Members.SelectMany(ControlDependencies.Of).Distinct().Where(written.ContainsKey).SelectMany(node => written[node]).Distinct()];
            var own = new List<Launch>();
            foreach (var launch in schedule(group))
            {
                KernelVerifier.Check(launch);
                own.Add(launch with { Group = group, After = after });
            }

            launches.AddRange(own.Select(launch => (group.Part, launch)));
            Storage[] results = [.. own.SelectMany(launch => launch.Written)];
            foreach (var member in group.Members) written[member] = results;
        }

        return launches;
    }
}
