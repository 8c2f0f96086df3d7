using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Fusion;

/// <summary>How much code a group becomes: compilers optimise small bodies only, so a group that would grow past a limit is two.</summary>
internal static class GroupSize
{
    /// <summary>Operations of a group, counted again for every time its rows are gone over.</summary>
    public static int Of(IReadOnlyList<Node> members) => Operations(members) * Stages(members);

    /// <summary>Operations for one element of the rows.</summary>
    public static int Operations(IEnumerable<Node> members) => members.Sum(member => member switch
    {
        MapNode map => Count(map.Body),
        ReduceNode reduce => Count(reduce.Body) + 1,
        _ => 1,
    });

    /// <summary>How often rows are gone over: what rests on a sum or maximum along a row waits until the row is done.</summary>
    private static int Stages(IEnumerable<Node> members)
    {
        var stageOf = new Dictionary<Node, int>();
        foreach (var member in members)
        {
            stageOf[member] = member.Operands
                .Select(operand => stageOf.TryGetValue(operand.Node, out var stage) ? stage + (operand.Node is ReduceNode ? 1 : 0) : 0)
                .DefaultIfEmpty(0).Max();
        }

        return stageOf.Values.Max() + 1;
    }

    private static int Count(Expr body) => ExprWalk.All(body).Count(expr => expr is Apply);
}
