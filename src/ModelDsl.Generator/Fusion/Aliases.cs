using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Fusion;

/// <summary>Nodes whose elements are those of another node under other coordinates. No kernel computes them.</summary>
internal static class Aliases
{
    public static bool IsAlias(Node node) => node.Residence == Residence.Alias;

    /// <summary>Whether a kernel computes the node.</summary>
    public static bool IsComputed(Node node) => node.Residence == Residence.Computed;

    /// <summary>Whether the node's elements are in memory: not a literal, not 1/N, and not random numbers that are drawn when they are read.</summary>
    public static bool IsInMemory(Node node) => node.Residence != Residence.Immediate && node is not MapNode { Operands.Count: 0, Body: Scalars.Constant };

    /// <summary>The node whose elements an alias refers to.</summary>
    public static Node Source(Node node)
    {
        while (IsAlias(node)) node = node.Operands[0].Node;
        return node;
    }
}
