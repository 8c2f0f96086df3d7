using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Graph;

/// <summary>What holds of every node, whoever built it. A violation is a mistake of the compiler, never of the user.</summary>
internal static class Verifier
{
    private static readonly RulesOfKinds Rules = new();

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
        node.Accept(Rules);
    }

    private static Node Require(Node node, bool holds, string law) =>
        holds ? node : throw new InvalidGraphException($"{node.GetType().Name} '{node.Name}' {node.Shape}: it must hold that {law}");

    /// <summary>What holds of the nodes of each kind.</summary>
    private sealed class RulesOfKinds : INodeVisitor<Node>
    {
        public Node Input(InputNode node) => node;

        public Node Parameter(ParameterNode node) => node;

        public Node State(StateNode node) => node;

        public Node Constant(ConstantNode node) => node;

        public Node InverseBatch(InverseBatchNode node) => node;

        public Node Random(RandomNode node) => node;

        public Node Map(MapNode node)
        {
            CheckBody(node, node.Body);
            return CheckReads(node, mustStayInside: true);
        }

        public Node Contract(ContractNode node)
        {
            CheckReads(node, mustStayInside: false);
            Require(node, Maps.IsNormal(node.Output, node.Domain, node.Shape), "the output map is normal");
            Require(node, node.Operands.All(operand => operand.Node.Type == ElementType.Float), "products are of floats");
            var used = new[] { node.Output, node.A.Map, node.B.Map }
                .SelectMany(map => map.Coordinates.SelectMany(coordinate => coordinate.Terms.Select(term => term.Axis)));
            return Require(node, used.Distinct().Count() == node.Domain.Rank, "every index of the domain is used");
        }

        public Node Reduce(ReduceNode node)
        {
            CheckBody(node, node.Body);
            CheckReads(node, mustStayInside: false);
            if (node.HasMaximum)
            {
                var maximum = node.Operands[node.Operands.Count - 1];
                Require(node, node.Op == ReduceOp.ArgMax && maximum.Map == node.Output && maximum.Node.Shape == node.Shape, "its maximum is read like its result");
                Require(node, !ExprWalk.Inputs(node.Body).Contains(node.Operands.Count - 1), "its terms do not read their maximum");
            }

            return Require(node, Maps.IsNormal(node.Output, node.Domain, node.Shape), "the output map is normal");
        }

        public Node LogSumExp(LogSumExpNode node) => Require(
            node, node.Domain.Rank > 0 && !node.Domain[node.Domain.Rank - 1].IsBatch && node.Shape == node.Domain.WithoutLast(), "the last axis is dropped");

        public Node View(ViewNode node) => CheckReads(node, mustStayInside: true);

        public Node Reshape(ReshapeNode node)
        {
            var from = node.Operands[0].Node.Shape;
            return Require(node, from.HasBatch == node.Shape.HasBatch && from.Length == node.Shape.Length, $"it holds as much as {from}");
        }

        public Node Concat(ConcatNode node)
        {
            var total = 0;
            foreach (var part in node.Operands.Select(operand => operand.Node.Shape))
            {
                Require(node, part.Rank == node.Shape.Rank, "parts have the same rank");
                Require(node, Enumerable.Range(0, part.Rank).All(axis => axis == node.Axis || part[axis] == node.Shape[axis]), "parts agree beside the axis");
                total += part[node.Axis].Value;
            }

            return Require(node, total == node.Shape[node.Axis].Value, "the parts add up");
        }

        public Node Pad(PadNode node)
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

            return node;
        }

        public Node Gather(GatherNode node)
        {
            Require(node, node.Ids.Type == ElementType.Int && node.Table.Shape.Rank == 2, "integers choose rows of a table");
            return Require(node, node.Shape == new Shape([.. node.Ids.Shape.Extents, node.Table.Shape[1]]), "one row per id");
        }

        public Node ScatterAdd(ScatterAddNode node)
        {
            Require(node, node.Ids.Type == ElementType.Int && node.Shape.Rank == 2, "integers choose rows of a table");
            return Require(node, node.Source.Shape == new Shape([.. node.Ids.Shape.Extents, node.Shape[1]]), "one row per id");
        }

        public Node StopGradient(StopGradientNode node) => Require(node, node.Shape == node.Operands[0].Node.Shape, "the shape stays");

        public Node LoopValue(LoopValueNode node) => node;

        public Node Scan(ScanNode node)
        {
            var body = node.Body;
            Require(node, node.Steps > 0 && node.Operands.Count == body.Values.Count, "its body is given its operands");
            for (var i = 0; i < body.Values.Count; i++)
            {
                var (value, operand) = (body.Values[i], node.Operands[i].Node);
                var isSequence = i >= body.Carried.Count && i < body.Carried.Count + body.Sequences.Count;
                var expected = isSequence ? TimeAxis.Insert(value.Shape, node.Steps) : value.Shape;
                Require(node, operand.Shape == expected && operand.Type == value.Type, $"'{value.Name}' {value.Shape} is given {expected}, not {operand.Shape}");
            }

            Require(node, body.Next.Select(next => next.Shape).SequenceEqual(body.Carried.Select(carried => carried.Shape)), "carried values keep their shapes");
            var values = new HashSet<Node>(body.Values);
            foreach (var inner in body.Graph.Nodes)
            {
                Require(node, inner is not LeafNode || values.Contains(inner), $"its body reads nothing from outside, such as '{inner.Name}'");
                Check(inner);
            }

            return node;
        }

        public Node ScanResult(ScanResultNode node) => Require(
            node, node.Operands[0].Node is ScanNode scan && node.Shape == scan.ShapeOf(node.Result), "it is a result of a loop");

        private static Node CheckReads(Node node, bool mustStayInside)
        {
            foreach (var operand in node.Operands)
            {
                var read = $"{operand.Node.Name} {operand.Node.Shape} read at {operand.Map}";
                Require(node, Maps.IsNormal(operand.Map, node.Domain, operand.Node.Shape), $"{read} is normal over {node.Domain}");
                Require(node, !mustStayInside || Maps.InBounds(operand.Map, node.Domain, operand.Node.Shape), $"{read} stays inside over {node.Domain}");
            }

            return node;
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
    }
}

/// <summary>A graph that breaks its own laws: a mistake of the compiler.</summary>
internal sealed class InvalidGraphException(string message) : InvalidOperationException(message);
