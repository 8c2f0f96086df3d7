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

    /// <summary>The nodes that read a parameter, graph by graph in order.</summary>
    public IReadOnlyList<(Node Reader, Operand Operand)> ReadersOf(string name) => readers.TryGetValue(name, out var known) ? known : [];

    /// <summary>Whether the parameter's gradient is computed by something else than a contraction, which knows no panels.</summary>
    public bool IsWrittenPlain(string name) => writtenPlain.Contains(name);
}
