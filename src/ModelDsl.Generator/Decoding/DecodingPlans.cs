using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Decoding;

/// <summary>The plans of a session.</summary>
/// <param name="Layout">The buffers that it keeps.</param>
/// <param name="Counts">The positions of each plan.</param>
/// <param name="Plans">The plans, that of a single position last.</param>
internal sealed record DecodingPlans(CacheLayout Layout, IReadOnlyList<int> Counts, IReadOnlyList<GraphPlan> Plans)
{
    /// <summary>Schedules the graphs of a session.</summary>
    /// <param name="graphs">The graphs.</param>
    /// <param name="schedule">What a target makes of one.</param>
    public static DecodingPlans Of(DecodingGraphs graphs, Func<FusedGraph, GraphPlan> schedule) =>
        new(graphs.Layout, graphs.Counts, [.. graphs.Chunks.Select(schedule)]);
}
