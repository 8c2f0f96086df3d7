using System.Collections.Concurrent;
using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Fusion;

/// <summary>A graph in the form that fusion counts on. What is stored for whom is decided once for all targets; what is computed together, by a target's limits.</summary>
internal sealed class PreparedGraph
{
    private readonly Dictionary<Node, int> parts;
    private readonly ConcurrentDictionary<GroupLimits, FusedGraph> fused = [];

    private PreparedGraph(ModelGraph graph, Dictionary<Node, int> parts) => (Graph, this.parts) = (graph, parts);

    /// <summary>The graph, with every root a value of its own.</summary>
    public ModelGraph Graph { get; }

    /// <summary>Prepares a graph.</summary>
    /// <param name="graph">A simplified graph in which statistics are expanded.</param>
    /// <param name="partOf">The part of the plan that computes what a set of root kinds needs.</param>
    public static PreparedGraph Of(ModelGraph graph, Func<IReadOnlyCollection<RootKind>, int> partOf)
    {
        graph = Preparation.Prepare(graph);
        return new PreparedGraph(graph, Parts.Assign(graph, partOf));
    }

    /// <summary>The groups of targets with such limits.</summary>
    public FusedGraph Fuse(TargetLimits limits) => fused.GetOrAdd(limits.Groups, groups => Fuser.Fuse(Graph, parts, groups));
}
