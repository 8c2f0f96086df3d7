using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Simplify;

namespace ModelDsl.Generator.Scans;

/// <summary>
/// Moves operations out of loops over time that need not be computed step by step. Products, sums and gathers that do not depend on carried values are computed before the loop
/// for all steps at once; those on which no carried value depends are computed after it. The products of a recurrent layer with its inputs thereby become one product, and so
/// does the gradient of its weights. Outputs that are not read are removed.
/// </summary>
internal static class LoopMotion
{
    public static ModelGraph Run(ModelGraph graph)
    {
        if (!graph.Nodes.Any(node => node is ScanNode)) return graph;
        var read = graph.Nodes.OfType<ScanResultNode>().ToLookup(result => result.Scan, result => result.Result);
        var map = new Dictionary<Node, Node>();
        var results = new Dictionary<Node, Dictionary<ScanResult, Node>>();
        foreach (var node in graph.Nodes)
        {
            switch (node)
            {
                case ScanNode scan:
                    var body = scan.Body.With(Run(scan.Body.Graph));
                    results[node] = new Motion(((ScanNode)GraphRewriter.Rebuilt(scan, map)).With(body)).Results([.. read[scan].Distinct()]);
                    map[node] = node;
                    break;
                case ScanResultNode result:
                    map[node] = results[result.Scan][result.Result];
                    break;
                default:
                    map[node] = GraphRewriter.Rebuilt(node, map);
                    break;
            }
        }

        return new ModelGraph([.. graph.Roots.Select(root => root with { Value = map[root.Value] })]);
    }

    /// <summary>Whether an operation is expensive enough to be computed for all steps at once.</summary>
    private static bool IsHeavy(Node node) => node is ContractNode or ReduceNode or LogSumExpNode or GatherNode or ScatterAddNode || (node.Operands.Count > 0 && !node.Shape.HasBatch && node is not (ScanNode or ScanResultNode));

    private sealed class Motion
    {
        private readonly ScanNode scan;
        private readonly ScanBody body;
        private readonly IReadOnlyList<Node> nodes;
        private readonly Lifting before;

        public Motion(ScanNode scan)
        {
            (this.scan, body) = (scan, scan.Body);
            nodes = body.Graph.Nodes;
            before = new Lifting(scan.Steps);
        }

        public Dictionary<ScanResult, Node> Results(IReadOnlyList<ScanResult> read)
        {
            var hoisted = Hoisted();
            var sunk = Sunk(read, hoisted);
            var kept = new List<Node>();
            int Kept(Node node)
            {
                if (!kept.Contains(node)) kept.Add(node);
                return kept.IndexOf(node);
            }

            // Operands of nodes that are computed after the loop have to be outputs.
            foreach (var node in nodes.Where(sunk.Contains))
            {
                foreach (var operand in node.Operands.Select(operand => operand.Node))
                {
                    if (!sunk.Contains(operand) && !before.IsKnown(operand) && NumberOf(body.Next, operand) < 0 && operand is not LoopValueNode) Kept(operand);
                }
            }

            foreach (var result in read)
            {
                if (result.Kind == ScanResultKind.History) continue;
                var root = RootOf(result);
                if (!sunk.Contains(root) && !before.IsKnown(root) && NumberOf(body.Next, root) < 0 && root is not LoopValueNode) Kept(root);
            }

            var loop = Close(hoisted, kept);
            var behind = Behind(loop, kept);
            return read.ToDictionary(result => result, result => result.Kind switch
            {
                ScanResultKind.History => GraphBuilder.ScanResult(body.Carried[result.Number].Name, loop, ScanResultKind.History, result.Number),
                ScanResultKind.Output => behind.All(RootOf(result)),
                _ => behind.Sum(RootOf(result)),
            });
        }

        private Node RootOf(ScanResult result) => result.Kind == ScanResultKind.Output ? body.Outputs[result.Number] : body.Totals[result.Number];

        private static int NumberOf(IReadOnlyList<Node> nodes, Node node) => nodes.ToList().FindIndex(other => ReferenceEquals(other, node));

        /// <summary>The nodes that are computed before the loop.</summary>
        private HashSet<Node> Hoisted()
        {
            for (var i = body.Carried.Count; i < body.Values.Count; i++)
            {
                before.Know(body.Values[i], scan.Operands[i].Node, isVarying: i < body.Carried.Count + body.Sequences.Count);
            }

            var wanted = new HashSet<Node>();
            foreach (var node in nodes)
            {
                if (node is LoopValueNode || !node.Operands.All(operand => before.IsKnown(operand.Node)) || before.Lift(node) is null) continue;

                // A map of products is computed with them, as their epilogue.
                if (IsHeavy(node) || (node is MapNode && node.Operands.Any(operand => wanted.Contains(operand.Node)))) wanted.Add(node);
            }

            return wanted;
        }

        /// <summary>The nodes that are computed after the loop: products and sums for outputs and totals, on which no carried value depends.</summary>
        private HashSet<Node> Sunk(IReadOnlyList<ScanResult> read, HashSet<Node> hoisted)
        {
            var staying = new HashSet<Node>();
            Stay(body.Next);
            foreach (var node in nodes.Where(node => node is ScanNode or ScanResultNode)) Stay([node]);
            foreach (var node in nodes.OfType<GatherNode>().Where(gather => gather.Table is not LoopValueNode)) Stay([node]);
            var outputs = new HashSet<Node>(read.Where(result => result.Kind != ScanResultKind.History).Select(RootOf));
            var summed = Summed(read.Where(result => result.Kind == ScanResultKind.Total).Select(RootOf));

            // Rows are added to a table for all steps at once, or in the loop.
            foreach (var node in nodes.OfType<ScatterAddNode>().Where(node => !summed.Contains(node))) Stay([node]);
            var sunk = new HashSet<Node>();
            var reachable = new HashSet<Node>(ModelGraph.Sort(outputs));
            foreach (var node in nodes)
            {
                var isWanted = IsHeavy(node) || summed.Contains(node) || node.Operands.Any(operand => sunk.Contains(operand.Node));
                if (!staying.Contains(node) && !before.IsKnown(node) && reachable.Contains(node) && isWanted && node is not LoopValueNode) sunk.Add(node);
            }

            return sunk;

            void Stay(IEnumerable<Node> roots)
            {
                foreach (var node in ModelGraph.Sort(roots, staying)) _ = node;
            }
        }

        /// <summary>The nodes whose sums over the steps are totals.</summary>
        private static HashSet<Node> Summed(IEnumerable<Node> totals)
        {
            var summed = new HashSet<Node>();
            var open = new Stack<Node>(totals);
            while (open.Count > 0)
            {
                var node = open.Pop();
                if (!summed.Add(node) || !Lifting.IsLinear(node)) continue;
                foreach (var operand in node.Operands) open.Push(operand.Node);
            }

            return summed;
        }

        /// <summary>Builds the loop without the nodes that are computed outside.</summary>
        private ScanNode Close(HashSet<Node> hoisted, List<Node> kept)
        {
            var closure = new BodyClosure(scan.Name, scan.Steps) { IsReversed = scan.IsReversed };
            var carried = body.Carried.Zip(scan.Starts, (value, start) => (value, closure.Carry(value.Name, start))).ToArray();
            foreach (var (value, own) in carried) closure.Know(value, own);
            IEnumerable<Node> given = [.. hoisted, .. body.Sequences, .. body.Invariants];
            foreach (var node in given.Where(InUse(hoisted, kept).Contains)) closure.Give(node, before[node], before.IsVarying(node));
            return closure.Close(body.Next, kept, []);
        }

        /// <summary>The nodes that the loop computes or reads. Nodes that are computed before the loop are read.</summary>
        private HashSet<Node> InUse(HashSet<Node> hoisted, List<Node> kept)
        {
            var used = new HashSet<Node>();
            var open = new Stack<Node>([.. body.Next, .. kept]);
            while (open.Count > 0)
            {
                var node = open.Pop();
                if (!used.Add(node) || hoisted.Contains(node)) continue;
                foreach (var operand in node.Operands) open.Push(operand.Node);
            }

            return used;
        }

        /// <summary>The replacements for the loop's nodes after the loop.</summary>
        private Lifting Behind(ScanNode loop, List<Node> kept)
        {
            var behind = new Lifting(scan.Steps);
            for (var i = 0; i < body.Carried.Count; i++) behind.Know(body.Carried[i], GraphBuilder.Before(body.Carried[i].Name, loop, i), isVarying: true);
            for (var i = 0; i < body.Next.Count; i++)
            {
                if (body.Next[i] is not LoopValueNode && !before.IsKnown(body.Next[i])) behind.Know(body.Next[i], GraphBuilder.After(body.Next[i].Name, loop, i), isVarying: true);
            }

            foreach (var node in nodes.Where(before.IsKnown)) behind.Know(node, before[node], before.IsVarying(node));
            for (var i = 0; i < kept.Count; i++) behind.Know(kept[i], GraphBuilder.ScanResult(kept[i].Name, loop, ScanResultKind.Output, i), isVarying: true);
            return behind;
        }
    }
}
