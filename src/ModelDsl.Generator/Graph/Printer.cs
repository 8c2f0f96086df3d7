using System.Text;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Graph;

/// <summary>
/// A graph as text, one node per line, in the order of computation: <c>dense1 [N, 128] = Σ input(i0, i1) · dense1.weight(i2, i1) over
/// [N, 784, 128] into (i0, i2)</c>. For tests and for people; nothing reads it back.
/// </summary>
internal static class Printer
{
    public static string Print(ModelGraph graph)
    {
        var names = Name(graph.Nodes);
        var text = new StringBuilder();
        var printer = new NodePrinter(names);
        foreach (var node in graph.Nodes) text.Append(names[node]).Append(' ').Append(node.Shape).Append(" = ").Append(node.Accept(printer)).Append('\n');
        foreach (var root in graph.Roots) text.Append(root.Kind).Append(' ').Append(root.Name).Append(" = ").Append(names[root.Value]).Append('\n');
        return text.ToString();
    }

    private static Dictionary<Node, string> Name(IReadOnlyList<Node> nodes)
    {
        var counts = new Dictionary<string, int>();
        var names = new Dictionary<Node, string>();
        foreach (var node in nodes)
        {
            counts[node.Name] = (counts.TryGetValue(node.Name, out var count) ? count : 0) + 1;
            names[node] = count == 0 ? node.Name : $"{node.Name}'{count + 1}";
        }

        return names;
    }

    private static string Text(Expr expr, IReadOnlyList<string> operands)
    {
        string Arg(int index) => Text(expr.Args[index], operands);
        return expr switch
        {
            Leaf leaf => operands[leaf.Input],
            Apply { Op: ScalarOp.Add } => $"({Arg(0)} + {Arg(1)})",
            Apply { Op: ScalarOp.Subtract } => $"({Arg(0)} − {Arg(1)})",
            Apply { Op: ScalarOp.Multiply } => $"{Arg(0)} · {Arg(1)}",
            Apply { Op: ScalarOp.Divide } => $"{Arg(0)} / ({Arg(1)})",
            Apply { Op: ScalarOp.Negate } => $"−({Arg(0)})",
            Apply { Op: ScalarOp.Less } => $"{Arg(0)} < {Arg(1)}",
            Apply { Op: ScalarOp.Equal } => $"{Arg(0)} = {Arg(1)}",
            Apply { Op: ScalarOp.Select } => $"({Arg(0)} ? {Arg(1)} : {Arg(2)})",
            Apply apply => $"{char.ToLowerInvariant(apply.Op.ToString()[0])}{apply.Op.ToString().Substring(1)}({string.Join(", ", apply.Args.Select(arg => Text(arg, operands)))})",
            _ => expr.ToString(),
        };
    }

    /// <summary>What a node of each kind computes.</summary>
    private sealed class NodePrinter(Dictionary<Node, string> names) : INodeVisitor<string>
    {
        public string Input(InputNode node) =>
            $"column {node.Column}{(node.Type == ElementType.Int ? $" of ids below {node.Bound}" : "")}{(node.Ignored is { } ignored ? $", {ignored} ignored" : "")}";

        public string Parameter(ParameterNode node) => node.Frozen ? "frozen parameter" : "parameter";

        public string State(StateNode node) => "state";

        public string Constant(ConstantNode node) => "constant";

        public string InverseBatch(InverseBatchNode node) => "1/N";

        public string Random(RandomNode node) => $"random stream {node.Stream}";

        public string Map(MapNode node) => Body(node, node.Body);

        public string Contract(ContractNode node) => $"Σ {Read(node, node.A)} · {Read(node, node.B)} over {node.Domain} into {node.Output}";

        public string Reduce(ReduceNode node) => $"{Symbol(node.Op)} {Body(node, node.Body)} over {node.Domain} into {node.Output}";

        public string LogSumExp(LogSumExpNode node) => $"log Σ exp {names[node.Operands[0].Node]} over the last axis";

        public string View(ViewNode node) => $"view {Read(node, node.Operands[0])}";

        public string Reshape(ReshapeNode node) => $"reshape {names[node.Operands[0].Node]}";

        public string Concat(ConcatNode node) => $"concat {string.Join(", ", node.Operands.Select(operand => names[operand.Node]))} along {node.Axis}";

        public string Pad(PadNode node) => $"pad {names[node.Operands[0].Node]} at ({string.Join(", ", node.Start)})";

        public string Gather(GatherNode node) => $"rows {names[node.Ids]} of {names[node.Table]}";

        public string ScatterAdd(ScatterAddNode node) => $"add {names[node.Source]} to rows {names[node.Ids]}";

        public string StopGradient(StopGradientNode node) => $"stop {names[node.Operands[0].Node]}";

        public string LoopValue(LoopValueNode node) => "given in each step";

        public string Scan(ScanNode node)
        {
            var given = node.Body.Values.Zip(node.Operands, (value, operand) => $"{value.Name} = {names[operand.Node]}");
            var body = Print(node.Body.Graph).TrimEnd('\n').Replace("\n", "\n    ");
            return $"{node.Steps} steps{(node.IsReversed ? " from the last" : "")} of {string.Join(", ", given)}\n    {body}";
        }

        public string ScanResult(ScanResultNode node) =>
            $"{char.ToLowerInvariant(node.Result.Kind.ToString()[0])}{node.Result.Kind.ToString().Substring(1)} {node.Result.Number} of {names[node.Scan]}";

        private static string Symbol(ReduceOp op) => op switch
        {
            ReduceOp.Sum => "Σ",
            ReduceOp.Max => "max",
            ReduceOp.ArgMax => "argmax",
            _ => throw new ArgumentOutOfRangeException(nameof(op)),
        };

        private string Read(Node node, Operand operand) =>
            operand.Node.Shape.Rank == 0 || operand.Map.IsIdentity(node.Domain.Rank) ? names[operand.Node] : names[operand.Node] + operand.Map;

        private string Body(Node node, Expr body) => Text(body, [.. node.Operands.Select(operand => Read(node, operand))]);
    }
}
