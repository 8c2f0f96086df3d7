using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Graph;

/// <summary>What holds of every node, whoever built it. A violation is a mistake of the compiler, never of the user.</summary>
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
        switch (node)
        {
            case MapNode map:
                CheckBody(map, map.Body);
                CheckReads(map, mustStayInside: true);
                break;
            case ReduceNode reduce:
                CheckBody(reduce, reduce.Body);
                CheckReads(reduce, mustStayInside: false);
                Require(reduce, Maps.IsNormal(reduce.Output, reduce.Domain, reduce.Shape), "the output map is normal");
                break;
            case ContractNode contract:
                CheckContract(contract);
                break;
            case ViewNode view:
                CheckReads(view, mustStayInside: true);
                break;
            case LogSumExpNode lse:
                Require(lse, lse.Domain.Rank > 0 && !lse.Domain[lse.Domain.Rank - 1].IsBatch && lse.Shape == lse.Domain.WithoutLast(), "the last axis is dropped");
                break;
            case ReshapeNode reshape:
                var from = reshape.Operands[0].Node.Shape;
                Require(reshape, from.HasBatch == reshape.Shape.HasBatch && from.Length == reshape.Shape.Length, $"it holds as much as {from}");
                break;
            case ConcatNode concat:
                CheckConcat(concat);
                break;
            case PadNode pad:
                CheckPad(pad);
                break;
            case GatherNode gather:
                Require(gather, gather.Ids.Type == ElementType.Int && gather.Table.Shape.Rank == 2, "integers choose rows of a table");
                Require(gather, gather.Shape == new Shape([.. gather.Ids.Shape.Extents, gather.Table.Shape[1]]), "one row per id");
                break;
            case ScatterAddNode scatter:
                Require(scatter, scatter.Ids.Type == ElementType.Int && scatter.Shape.Rank == 2, "integers choose rows of a table");
                Require(scatter, scatter.Source.Shape == new Shape([.. scatter.Ids.Shape.Extents, scatter.Shape[1]]), "one row per id");
                break;
        }
    }

    private static void CheckContract(ContractNode node)
    {
        CheckReads(node, mustStayInside: false);
        Require(node, Maps.IsNormal(node.Output, node.Domain, node.Shape), "the output map is normal");
        Require(node, node.Operands.All(operand => operand.Node.Type == ElementType.Float), "products are of floats");
        var used = new[] { node.Output, node.A.Map, node.B.Map }
            .SelectMany(map => map.Coordinates.SelectMany(coordinate => coordinate.Terms.Select(term => term.Axis)));
        Require(node, used.Distinct().Count() == node.Domain.Rank, "every index of the domain is used");
    }

    private static void CheckConcat(ConcatNode node)
    {
        var total = 0;
        foreach (var part in node.Operands.Select(operand => operand.Node.Shape))
        {
            Require(node, part.Rank == node.Shape.Rank, "parts have the same rank");
            Require(node, Enumerable.Range(0, part.Rank).All(axis => axis == node.Axis || part[axis] == node.Shape[axis]), "parts agree beside the axis");
            total += part[node.Axis].Value;
        }

        Require(node, total == node.Shape[node.Axis].Value, "the parts add up");
    }

    private static void CheckPad(PadNode node)
    {
        var inner = node.Operands[0].Node.Shape;
        Require(node, inner.Rank == node.Shape.Rank && node.Start.Count == inner.Rank, "rank stays");
        for (var axis = 0; axis < inner.Rank; axis++)
        {
            var fits = inner[axis].IsBatch
                ? node.Shape[axis].IsBatch && node.Start[axis] == 0
                : node.Start[axis] >= 0 && node.Start[axis] + inner[axis].Value <= node.Shape[axis].Value;
            Require(node, fits, "the operand lies inside");
        }
    }

    private static void CheckReads(Node node, bool mustStayInside)
    {
        foreach (var operand in node.Operands)
        {
            var read = $"{operand.Node.Name} {operand.Node.Shape} read at {operand.Map}";
            Require(node, Maps.IsNormal(operand.Map, node.Domain, operand.Node.Shape), $"{read} is normal over {node.Domain}");
            Require(node, !mustStayInside || Maps.InBounds(operand.Map, node.Domain, operand.Node.Shape), $"{read} stays inside over {node.Domain}");
        }
    }

    private static void CheckBody(Node node, Expr body)
    {
        Require(node, !body.IsCondition, "an element is a number");
        foreach (var part in ExprWalk.All(body))
        {
            Require(node, part is not Leaf leaf || leaf.Input < node.Operands.Count, $"{part} is an operand");
            Require(node, part is not AxisIndex index || index.Axis < node.Domain.Rank, $"{part} is an axis");
        }
    }

    private static void Require(Node node, bool holds, string law)
    {
        if (!holds) throw new InvalidGraphException($"{node.GetType().Name} '{node.Name}' {node.Shape}: it must hold that {law}");
    }
}

/// <summary>A graph that breaks its own laws: a mistake of the compiler.</summary>
internal sealed class InvalidGraphException(string message) : InvalidOperationException(message);
