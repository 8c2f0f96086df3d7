using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Fusion;

/// <summary>
/// Outputs over thousands of classes that a training step does not keep. Together with its gradient such an output is often larger than everything else in memory, and only its loss
/// is used, so a step computes it for a block of rows at a time.
/// </summary>
internal static class LongOutputs
{
    /// <summary>Returns a training graph without the outputs that are matrices of long chains.</summary>
    public static ModelGraph Drop(ModelGraph graph)
    {
        if (!graph.Nodes.Any(node => node is ContractNode contract && ChainForm.Long.IsProducer(contract))) return graph;
        var others = new ModelGraph([.. graph.Roots.Where(root => root.Kind != RootKind.Output)]);
        var matrices = new HashSet<Node>(Chains.Of(others, ChainForm.Long).SelectMany(chain => chain.Matrices));
        return new ModelGraph([.. graph.Roots.Where(root => root.Kind != RootKind.Output || !matrices.Contains(Aliases.Source(root.Value)))]);
    }
}
