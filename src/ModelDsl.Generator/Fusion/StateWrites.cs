using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Fusion;

/// <summary>
/// Checks that the old value of a state is not read after the next value has overwritten it. Readers must run in an earlier group, or compute the same element. All present
/// layers satisfy this; a violation is a mistake of the compiler and is reported instead of giving wrong numbers.
/// </summary>
internal static class StateWrites
{
    public static FusedGraph Checked(FusedGraph fused)
    {
        // Maps each stored node to the state that it overwrites.
        var states = fused.Graph.Roots.Where(root => root.Kind == RootKind.State).ToDictionary(root => root.Value, root => root.Parameter!);
        if (states.Count == 0) return fused;
        var writers = new Dictionary<Node, Group>();
        foreach (var group in fused.Groups.OrderBy(group => group.Part))
        {
            foreach (var node in group.Stored)
            {
                if (states.TryGetValue(node, out var state)) writers[state] = group;
            }

            foreach (var member in group.Members)
            {
                foreach (var operand in member.Operands)
                {
                    var source = Aliases.Source(operand.Node);
                    if (!writers.TryGetValue(source, out var writer) || !ReadsTooLate(member, operand, source, group == writer)) continue;
                    throw new InvalidGraphException($"{group} reads the state '{source.Name}', over which {writer} has written");
                }
            }
        }

        return fused;
    }

    private static bool ReadsTooLate(Node reader, Operand operand, Node state, bool isWriter) =>
        !(isWriter && ReferenceEquals(operand.Node, state) && reader.Domain == state.Shape && operand.Map.IsIdentity(state.Shape.Rank));
}
