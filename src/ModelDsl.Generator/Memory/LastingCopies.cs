using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Memory;

/// <summary>
/// Copies of parameters that training steps make in the arena. Micro-batches, whose gradients are added before an update, have the same parameters, so all but the first read the copies of the first.
/// </summary>
internal static class LastingCopies
{
    /// <summary>The number of bytes by which the arena may become larger because copies last, so that training in whole batches needs hardly more memory.</summary>
    private const long MostBytes = 16 << 20;

    /// <summary>Whether a launch makes a copy that lasts until the plan runs again.</summary>
    public static bool IsCopy(Launch launch) => launch.IsCopy && CopyOf(launch).Lasts;

    /// <summary>Decides which buffers of a plan last until it runs again, and plans the memory. Of a training plan they are the copies of parameters, except states, which a step changes.</summary>
    /// <param name="fused">The graph.</param>
    /// <param name="storages">The buffers of its values.</param>
    /// <param name="parts">The parts of the plan.</param>
    /// <param name="plan">Plans the memory.</param>
    public static ArenaSizes Plan(FusedGraph fused, StorageMap storages, IReadOnlyList<PlanPart> parts, Func<ArenaSizes> plan)
    {
        var copies = Of(fused, storages, parts);
        var lasting = Plan(lasts: true);
        if (copies.Sum(copy => copy.Bytes) <= MostBytes) return lasting;
        var without = Plan(lasts: false);
        return lasting.Fixed - without.Fixed <= MostBytes ? Plan(lasts: true) : without;

        ArenaSizes Plan(bool lasts)
        {
            foreach (var copy in copies) copy.Lasts = lasts;
            return plan();
        }
    }

    private static Storage[] Of(FusedGraph fused, StorageMap storages, IReadOnlyList<PlanPart> parts)
    {
        if (fused.Graph.Roots.All(root => root.Kind != RootKind.Gradient)) return [];
        var states = new HashSet<Storage>(fused.Graph.Nodes.OfType<StateNode>().Select(storages.Of));
        var launches = parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches).Where(launch => launch is { IsCopy: true, Loop: null });
        return [.. launches.Where(launch => launch.Buffers.Where(storage => storage != CopyOf(launch)).All(source => source.Space == Space.Parameters && !states.Contains(source))).Select(CopyOf)];
    }

    private static Storage CopyOf(Launch launch) => launch.Written.Single();
}
