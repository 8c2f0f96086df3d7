using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Memory;

/// <summary>The readers of each parameter, and the nodes that compute its gradient, from one pass over all graphs of a model.</summary>
internal sealed class ParameterUses
{
    private readonly Dictionary<string, List<(Node Reader, Operand Operand)>> readers = [];
    private readonly HashSet<string> writtenPlain = [];

    public ParameterUses(IReadOnlyList<ModelGraph> graphs)
    {
        foreach (var graph in graphs)
        {
            Add(graph, node => node as ParameterNode);

            foreach (var root in graph.Roots)
            {
                if (root is { Kind: RootKind.Gradient, Parameter: { } parameter, Value: not ContractNode }) writtenPlain.Add(parameter.Name);
            }
        }
    }

    /// <summary>Adds the readers of parameters in a graph. A loop over time is not a reader, but the nodes of its body are.</summary>
    private void Add(ModelGraph graph, Func<Node, ParameterNode?> parameterOf)
    {
        foreach (var reader in graph.Nodes)
        {
            var firstInvariant = reader is ScanNode loop ? loop.Body.Carried.Count + loop.Body.Sequences.Count : reader.Operands.Count;
            if (reader is ScanNode scan)
            {
                var given = Enumerable.Range(firstInvariant, scan.Operands.Count - firstInvariant).ToDictionary(i => (Node)scan.Body.Values[i], i => parameterOf(scan.Operands[i].Node));
                Add(scan.Body.Graph, node => given.TryGetValue(node, out var parameter) ? parameter : null);
            }

            foreach (var operand in reader.Operands.Take(firstInvariant))
            {
                if (parameterOf(operand.Node) is not { } read) continue;
                if (!readers.TryGetValue(read.Name, out var known)) readers.Add(read.Name, known = []);
                known.Add((reader, operand));
            }
        }
    }

    /// <summary>Returns the nodes that read a parameter, in the order of the graphs.</summary>
    public IReadOnlyList<(Node Reader, Operand Operand)> ReadersOf(string name) => readers.TryGetValue(name, out var known) ? known : [];

    /// <summary>Whether the parameter's gradient is computed by a node that is not a contraction and cannot write panels.</summary>
    public bool IsWrittenPlain(string name) => writtenPlain.Contains(name);
}
