using System.Text;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Graph;

/// <summary>
/// A graph as text, one node per line, in the order of computation: <c>dense1 [N, 128] = Σ input(i0, i1) · dense1.weight(i2, i1) over
/// [N, 784, 128] into (i0, i2)</c>. The text is for tests and for people, and is never parsed.
/// </summary>
internal static class Printer
{
    public static string Print(ModelGraph graph)
    {
        var names = Name(graph.Nodes);
        var text = new StringBuilder();
        var described = new NodeText(names);
        foreach (var node in graph.Nodes) text.Append(names[node]).Append(' ').Append(node.Shape).Append(" = ").Append(node.Describe(described)).Append('\n');
        foreach (var root in graph.Roots) text.Append(root.Kind).Append(' ').Append(root.Name).Append(" = ").Append(names[root.Value]).Append('\n');
        return text.ToString();
    }

    public static Dictionary<Node, string> Name(IReadOnlyList<Node> nodes)
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
}

/// <summary>The text of a node's operands.</summary>
/// <param name="names">A name for each node of the graph.</param>
internal sealed class NodeText(Dictionary<Node, string> names)
{
    public string NameOf(Node node) => names[node];

    /// <summary>Returns an operand, with its map if it is not read element by element.</summary>
    public string Read(Node node, Operand operand) =>
        operand.Node.Shape.Rank == 0 || operand.Map.IsIdentity(node.Domain.Rank) ? names[operand.Node] : names[operand.Node] + operand.Map;

    /// <summary>Returns an expression of the operands.</summary>
    public string Body(Node node, Expr body) => Text(body, [.. node.Operands.Select(operand => Read(node, operand))]);

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
}
