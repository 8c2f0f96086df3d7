using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Fusion;

/// <summary>
/// The next value of a state is written over the one it has, so nobody may want the old one afterwards: whoever reads it runs in an earlier group, or is
/// the very element's own computation. What layers ask for today is of that form; a form that is not is a mistake of the compiler, not a wrong number.
/// </summary>
internal static class StateWrites
{
    public static FusedGraph Checked(FusedGraph fused)
    {
        foreach (var root in fused.Graph.Roots.Where(root => root.Kind == RootKind.State))
        {
            var writer = fused.Groups.First(group => group.Stored.Contains(root.Value));
            var isWritten = false;
            foreach (var group in fused.Groups.OrderBy(group => group.Part))
            {
                isWritten |= group == writer;
                if (isWritten && group.Members.Any(member => member.Operands.Any(operand => ReadsTooLate(member, operand, root.Parameter!, group == writer))))
                {
                    throw new InvalidGraphException($"{group} reads the state '{root.Name}', over which {writer} has written");
                }
            }
        }

        return fused;
    }

    private static bool ReadsTooLate(Node reader, Operand operand, Node state, bool isWriter) =>
        ReferenceEquals(Aliases.Source(operand.Node), state)
        && !(isWriter && ReferenceEquals(operand.Node, state) && reader.Domain == state.Shape && operand.Map.IsIdentity(state.Shape.Rank));
}
