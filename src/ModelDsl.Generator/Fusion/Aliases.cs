using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Fusion;

/// <summary>Nodes that are other names for another node's elements and never a kernel's work.</summary>
internal static class Aliases
{
    public static bool IsAlias(Node node) => node is ViewNode or ReshapeNode or StopGradientNode;

    /// <summary>Whether a kernel computes the node.</summary>
    public static bool IsComputed(Node node) =>
        node is MapNode or ContractNode or ReduceNode or GatherNode or ScatterAddNode or ConcatNode or PadNode;

    /// <summary>Whether the node's elements lie in memory: not a literal, not 1/N, not drawn on the spot.</summary>
    public static bool IsInMemory(Node node) => node is not (InverseBatchNode or RandomNode or MapNode { Operands.Count: 0, Body: Constant });

    /// <summary>The node whose elements an alias stands for.</summary>
    public static Node Source(Node node)
    {
        while (IsAlias(node)) node = node.Operands[0].Node;
        return node;
    }
}
