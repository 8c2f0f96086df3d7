using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Scans;

/// <summary>Passes over the bodies of loops.</summary>
internal static class ScanBodies
{
    /// <summary>A graph in which the body of every loop has gone through a pass.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="pass">The pass.</param>
    public static ModelGraph Rewrite(ModelGraph graph, Func<ModelGraph, ModelGraph> pass) => graph.Nodes.Any(node => node is ScanNode)
        ? Rewriter.Rewrite(graph, node => node is ScanNode scan ? scan.With(scan.Body.With(pass(scan.Body.Graph))) : node)
        : graph;
}
