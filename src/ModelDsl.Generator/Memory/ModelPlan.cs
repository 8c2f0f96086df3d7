using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Memory;

/// <summary>A graph as a target runs it: phases of kernels, buffers with their offsets.</summary>
/// <param name="Fused">The fused graph.</param>
/// <param name="Storages">The buffers.</param>
/// <param name="Parts">The parts, in a valid order of execution.</param>
/// <param name="Arenas">The size of the memory.</param>
internal sealed record GraphPlan(FusedGraph Fused, StorageMap Storages, IReadOnlyList<PlanPart> Parts, ArenaSizes Arenas)
{
    /// <summary>The launches that copy parameters into other layouts. They run before the plan when parameters have changed; no part contains them.</summary>
    public IReadOnlyList<Launch> Copies { get; init; } = [];

    /// <summary>Returns the buffer of the first root of a kind, or of the root with a name; null if there is none.</summary>
    public Storage? RootStorage(RootKind kind, string? name = null) =>
        Fused.Graph.Roots.FirstOrDefault(root => root.Kind == kind && (name is null || root.Name == name)) is { } root ? Storages.Of(Aliases.Source(root.Value)).Whole : null;

    /// <summary>Whether the plan computes a root of a kind.</summary>
    public bool Computes(RootKind kind) => Fused.Graph.Roots.Any(root => root.Kind == kind);

    /// <summary>Schedules a graph for a target and plans its memory.</summary>
    /// <param name="fused">The fused graph.</param>
    /// <param name="parameters">The layouts and offsets of parameters.</param>
    /// <param name="schedule">The target's schedule.</param>
    /// <param name="arrange">Rearranges the phases before memory is planned.</param>
    /// <param name="keepsCopies">Whether copies of parameters persist between calls, because the graph only reads parameters. <see cref="ParameterCopies"/> assigns their offsets.</param>
    public static GraphPlan Create(
        FusedGraph fused, ParameterPlan parameters, Func<FusedGraph, StorageMap, IReadOnlyList<(int Part, Launch Launch)>> schedule, Func<IReadOnlyList<PlanPart>, IReadOnlyList<PlanPart>> arrange,
        bool keepsCopies = false)
    {
        var storages = StorageMap.Create(fused, parameters, keepsCopies);
        var launches = schedule(fused, storages).ToLookup(launch => ParameterCopies.IsCopy(launch.Launch));
        var parts = arrange(Phases.Build([.. launches[false]]));
        var kept = fused.Graph.Roots.Where(root => root.Kind != RootKind.Gradient)
            .Select(root => storages.Of(Aliases.Source(root.Value)).Whole).ToArray();
        return new GraphPlan(fused, storages, parts, LastingCopies.Plan(fused, storages, parts, () => ArenaPlanner.Plan(parts, kept))) { Copies = [.. launches[true].Select(launch => launch.Launch)] };
    }
}
