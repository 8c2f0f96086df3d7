using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Memory;

/// <summary>Who reads each parameter, and who computes its gradient: found in one walk over all graphs of a model.</summary>
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

    /// <summary>Takes in the readers of parameters in a graph; a loop over time is none itself, but the nodes of its body are.</summary>
    private void Add(ModelGraph graph, Func<Node, ParameterNode?> parameterOf)
    {
        foreach (var reader in graph.Nodes)
        {
            if (reader is ScanNode scan)
            {
                var given = scan.Body.Values.Zip(scan.Operands, (value, operand) => (value, parameterOf(operand.Node)))
                    .Skip(scan.Body.Carried.Count + scan.Body.Sequences.Count).ToDictionary(pair => (Node)pair.value, pair => pair.Item2);
                Add(scan.Body.Graph, node => given.TryGetValue(node, out var parameter) ? parameter : null);
            }

            for (var i = 0; i < reader.Operands.Count; i++)
            {
                var operand = reader.Operands[i];
                if (parameterOf(operand.Node) is not { } read || (reader is ScanNode loop && i >= loop.Body.Carried.Count + loop.Body.Sequences.Count)) continue;
                if (!readers.TryGetValue(read.Name, out var known)) readers.Add(read.Name, known = []);
                known.Add((reader, operand));
            }
        }
    }

    /// <summary>The nodes that read a parameter, graph by graph in order.</summary>
    public IReadOnlyList<(Node Reader, Operand Operand)> ReadersOf(string name) => readers.TryGetValue(name, out var known) ? known : [];

    /// <summary>Whether the parameter's gradient is computed by something else than a contraction, which knows no panels.</summary>
    public bool IsWrittenPlain(string name) => writtenPlain.Contains(name);
}
