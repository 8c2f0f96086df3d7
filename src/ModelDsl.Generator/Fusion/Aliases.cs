using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Fusion;

/// <summary>Nodes that are other names for another node's elements and never a kernel's work.</summary>
internal static class Aliases
{
    public static bool IsAlias(Node node) => node is ViewNode or ReshapeNode or StopGradientNode;

    /// <summary>Whether a kernel computes the node.</summary>
    public static bool IsComputed(Node node) =>
        node is MapNode or ContractNode or ReduceNode or GatherNode or ScatterAddNode or ConcatNode or PadNode;

    /// <summary>The node whose elements an alias stands for.</summary>
    public static Node Source(Node node)
    {
        while (IsAlias(node)) node = node.Operands[0].Node;
        return node;
    }
}
