using System.Collections.Concurrent;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scans;

namespace ModelDsl.Generator.Fusion;

/// <summary>A graph in the form that fusion expects. The stored values and their parts are decided once for all targets; the limits of a target decide what is computed together.</summary>
internal sealed class PreparedGraph
{
    private readonly Dictionary<Node, int> parts;
    private readonly Lazy<(ModelGraph Graph, Dictionary<Node, int> Parts)?> chained;
    private readonly Lazy<PreparedGraph>? unrolled;
    private readonly ConcurrentDictionary<GroupLimits, FusedGraph> fused = [];

    private PreparedGraph(
        ModelGraph graph, Dictionary<Node, int> parts, Lazy<PreparedGraph>? unrolled, Lazy<(ModelGraph, Dictionary<Node, int>)?> chained)
    {
        (Graph, this.parts, this.unrolled, this.chained) = (graph, parts, unrolled, chained);
    }

    /// <summary>The graph, in which every root has a value of its own.</summary>
    public ModelGraph Graph { get; }

    /// <summary>Prepares a graph.</summary>
    /// <param name="graph">A simplified graph in which statistics are expanded.</param>
    /// <param name="partOf">The part of the plan that computes what a set of root kinds needs.</param>
    public static PreparedGraph Of(ModelGraph graph, Func<IReadOnlyCollection<RootKind>, int> partOf)
    {
        var looped = Unrolling.Run(graph, scan => !LoopForm.Fits(scan));
        var prepared = Preparation.Prepare(looped);
        var hasLoops = prepared.Nodes.Any(node => node is ScanNode);
        return new PreparedGraph(
            prepared,
            Parts.Assign(prepared, partOf),
            hasLoops ? new(() => Of(Unrolling.Run(graph), partOf)) : null,
            new(() => Preparation.PrepareChained(looped, partOf) is { } chained ? (chained, Parts.AssignChained(chained, partOf)) : null));
    }

    /// <summary>The same graph without loops over time, for targets that have none.</summary>
    public PreparedGraph Unrolled => unrolled?.Value ?? this;

    /// <summary>The groups for targets with the given limits.</summary>
    public FusedGraph Fuse(TargetLimits limits) =>
        unrolled is not null && !limits.Groups.HoldsLoops ? Unrolled.Fuse(limits) : fused.GetOrAdd(limits.Groups, Fuse);

    /// <summary>With chains the graph differs: values that are not stored are computed again where they are read again.</summary>
    private FusedGraph Fuse(GroupLimits limits) => limits.HoldsChains && chained.Value is var (graph, ofNodes)
        ? Fuser.Fuse(graph, ofNodes, limits, Chains.Of(graph, ControlDependencies.Sections(graph, ofNodes)))
        : Fuser.Fuse(Graph, parts, limits);
}
