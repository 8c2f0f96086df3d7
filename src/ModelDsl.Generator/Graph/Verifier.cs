using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Graph;

/// <summary>Conditions for all nodes. A violation is a defect of the compiler, not an error of the user.</summary>
internal static class Verifier
{
    public static Node Checked(Node node)
    {
        Check(node);
        return node;
    }

    public static ModelGraph Checked(ModelGraph graph)
    {
        foreach (var node in graph.Nodes) Check(node);
        foreach (var root in graph.Roots.Where(root => root.Kind is RootKind.Gradient or RootKind.State))
        {
            if (root.Parameter is null || root.Parameter.Shape != root.Value.Shape || root.Parameter is StateNode != (root.Kind == RootKind.State))
            {
                throw new InvalidGraphException($"{root.Kind} '{root.Name}' has shape {root.Value.Shape}, what it belongs to {root.Parameter?.Shape}");
            }
        }

        return graph;
    }

    private static void Check(Node node)
    {
        Require(node, !node.Shape.Extents.Skip(1).Any(extent => extent.IsBatch), "N stands first and once");
        Require(node, !node.Domain.Extents.Skip(1).Any(extent => extent.IsBatch), "N stands first and once in a domain");
        node.Verify();
    }

    public static void Require(Node node, bool holds, string law)
    {
        if (!holds) throw new InvalidGraphException($"{node.GetType().Name} '{node.Name}' {node.Shape}: it must hold that {law}");
    }

    /// <summary>Checks that operands are read through normal maps, and inside their bounds if terms outside are not skipped.</summary>
    public static void RequireReads(Node node, bool mustStayInside)
    {
        foreach (var operand in node.Operands)
        {
            // Messages are created only when they are needed, because every node of every pass is checked.
            var isNormal = Maps.IsNormal(operand.Map, node.Domain, operand.Node.Shape);
            if (isNormal && (!mustStayInside || Maps.InBounds(operand.Map, node.Domain, operand.Node.Shape))) continue;
            Require(node, false, $"{operand.Node.Name} {operand.Node.Shape} read at {operand.Map} {(isNormal ? "stays inside" : "is normal")} over {node.Domain}");
        }
    }

    /// <summary>Checks that an expression is a number, and that its operands and axes exist.</summary>
    public static void RequireBody(Node node, Expr body)
    {
        Require(node, !body.IsCondition, "an element is a number");
        foreach (var part in ExprWalk.All(body))
        {
            if (part is Leaf leaf) Require(node, leaf.Input < node.Operands.Count, $"{part} is an operand");
            if (part is AxisIndex index) Require(node, index.Axis < node.Domain.Rank, $"{part} is an axis");
        }
    }
}

/// <summary>The exception for an invalid graph, which is a defect of the compiler.</summary>
internal sealed class InvalidGraphException(string message) : InvalidOperationException(message);
