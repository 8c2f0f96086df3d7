using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Fusion;

/// <summary>The amount of code of a group. Compilers optimize small bodies only, so a group that exceeds a limit is split into two.</summary>
internal static class GroupSize
{
    /// <summary>The number of operations of a group, counted once for every pass over its rows.</summary>
    public static int Of(IReadOnlyList<Node> members) => Operations(members) * Stages(members);

    /// <summary>The number of operations for one element of the rows.</summary>
    public static int Operations(IEnumerable<Node> members) => members.Sum(member => member switch
    {
        MapNode map => Count(map.Body),
        ReduceNode reduce => Count(reduce.Body) + 1,
        _ => 1,
    });

    /// <summary>The number of passes over the rows: a value that depends on a sum or maximum along a row needs another pass.</summary>
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
