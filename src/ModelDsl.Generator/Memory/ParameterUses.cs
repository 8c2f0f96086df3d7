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
            foreach (var reader in graph.Nodes)
            {
                foreach (var operand in reader.Operands)
                {
                    if (operand.Node is not ParameterNode read) continue;
                    if (!readers.TryGetValue(read.Name, out var known)) readers.Add(read.Name, known = []);
                    known.Add((reader, operand));
                }
            }

            foreach (var root in graph.Roots)
            {
                if (root is { Kind: RootKind.Gradient, Parameter: { } parameter, Value: not ContractNode }) writtenPlain.Add(parameter.Name);
            }
        }
    }

    /// <summary>Returns the nodes that read a parameter, in the order of the graphs.</summary>
    public IReadOnlyList<(Node Reader, Operand Operand)> ReadersOf(string name) => readers.TryGetValue(name, out var known) ? known : [];

    /// <summary>Whether the parameter's gradient is computed by a node that is not a contraction and cannot write panels.</summary>
    public bool IsWrittenPlain(string name) => writtenPlain.Contains(name);
}
