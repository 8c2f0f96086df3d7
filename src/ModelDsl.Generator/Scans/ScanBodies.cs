using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Scans;

/// <summary>Applies passes to the bodies of loops.</summary>
internal static class ScanBodies
{
    /// <summary>Returns a graph in which a pass was applied to the body of every loop.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="pass">The pass.</param>
    public static ModelGraph Rewrite(ModelGraph graph, Func<ModelGraph, ModelGraph> pass) => graph.Nodes.Any(node => node is ScanNode)
        ? Rewriter.Rewrite(graph, node => node is ScanNode scan ? scan.With(scan.Body.With(pass(scan.Body.Graph))) : node)
        : graph;
}
