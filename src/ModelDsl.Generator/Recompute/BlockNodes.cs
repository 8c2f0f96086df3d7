using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Recompute;

/// <summary>
/// The nodes of a recomputed block in a differentiated and simplified graph, where the simplification may have merged operations at the edges of the block with operations
/// outside: what depends on an input of the block and is needed for its output.
/// </summary>
internal sealed class BlockNodes
{
    private readonly GraphPositions positions;

    /// <summary>Finds the nodes of a block.</summary>
    /// <param name="block">The block, whose gradient exists.</param>
    /// <param name="positions">The nodes of the graph without marks.</param>
    /// <param name="chains">The long chains of the graph. The block of rows of such a chain is computed for both passes at once, so its members are not computed again.</param>
    public BlockNodes(RecomputedBlock block, GraphPositions positions, IReadOnlyList<Chain> chains)
    {
        this.positions = positions;
        Inputs = [.. block.Inputs.SelectMany(input => positions.Present(input)).Where(node => node is not ParameterNode)];
        Gradient = positions.Present(block.Gradient!).OrderBy(positions.Of).LastOrDefault();
        if (chains.FirstOrDefault(chain => chain.Matrices.Contains(Gradient!)) is { } around) Gradient = around.Members.LastOrDefault(member => member.Shape.HasBatch && member is ContractNode && !around.Matrices.Contains(member));
        var outputs = positions.Present(block.Output).Where(node => !Inputs.Contains(node)).ToArray();
        Output = outputs.Length == 1 ? outputs[0] : null;
        if (Inputs.Count == 0 || Gradient is null) return;
        foreach (var node in Between(outputs))
        {
            if (!node.Operands.Any(operand => Inputs.Contains(operand.Node) || DependOnInputs.Contains(operand.Node))) continue;
            DependOnInputs.Add(node);
            if ((node.Shape.HasBatch || node is ScanNode) && !chains.Any(chain => chain.Members.Contains(node))) Computed.Add(node);
        }
    }

    /// <summary>The inputs; where an operation at the edge of the block was merged with another one, what the merged operation reads.</summary>
    public HashSet<Node> Inputs { get; }

    /// <summary>The output, if it still exists.</summary>
    public Node? Output { get; }

    /// <summary>The gradient of the output, or the last value of the backward pass from which it is computed.</summary>
    public Node? Gradient { get; }

    /// <summary>The nodes inside the block that depend on its inputs.</summary>
    public HashSet<Node> DependOnInputs { get; } = [];

    /// <summary>Those that the backward pass computes again. Values without a batch axis, such as the statistics of a batch normalization, are small and are kept.</summary>
    public HashSet<Node> Computed { get; } = [];

    /// <summary>The nodes that are needed for some nodes and may depend on the inputs, operands before their readers.</summary>
    private IEnumerable<Node> Between(IEnumerable<Node> outputs)
    {
        var first = Inputs.Min(positions.Of);
        var (found, open) = (new HashSet<Node>(), new Stack<Node>(outputs));
        while (open.Count > 0)
        {
            var node = open.Pop();
            if (positions.Of(node) < first || Inputs.Contains(node) || !found.Add(node)) continue;
            foreach (var operand in node.Operands) open.Push(operand.Node);
        }

        return found.OrderBy(positions.Of);
    }
}

/// <summary>The positions of the nodes of a graph in the order in which they can be computed.</summary>
/// <param name="graph">The graph.</param>
internal sealed class GraphPositions(ModelGraph graph)
{
    private readonly Dictionary<Node, int> positions = graph.Nodes.Select((node, position) => (node, position)).ToDictionary(pair => pair.node, pair => pair.position);

    public int Of(Node node) => positions[node];

    /// <summary>Returns a node if it is in the graph; otherwise the nodes of the graph from which it is computed.</summary>
    public IReadOnlyCollection<Node> Present(Node node)
    {
        var (present, seen, open) = (new HashSet<Node>(), new HashSet<Node>(), new Stack<Node>([node]));
        while (open.Count > 0)
        {
            var next = open.Pop();
            if (!seen.Add(next)) continue;
            if (positions.ContainsKey(next)) present.Add(next);
            else foreach (var operand in next.Operands) open.Push(operand.Node);
        }

        return present;
    }
}
