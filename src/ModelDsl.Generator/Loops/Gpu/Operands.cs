using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>Properties of a group's operands that the schedules of all kinds of groups use.</summary>
internal static class Operands
{
    /// <summary>Whether an operand is read from a buffer.</summary>
    public static bool IsRead(Operand operand, Group group) =>
        Aliases.IsInMemory(operand.Node) && !group.Members.Contains(operand.Node);

    /// <summary>The accesses of a group whose members all have the same domain: operands from outside, then results.</summary>
    public static IReadOnlyList<ElementAccess> Of(Group group, int rank, Func<Node, Storage> storageOf) =>
    [
        .. group.Members.SelectMany(member => member is GatherNode gather ? [Operand.Whole(gather.Ids)] : member.Operands)
            .Where(operand => IsRead(operand, group)).Concat(group.Stored.Select(Operand.Whole))
            .Select(operand => ElementAccess.Of(operand, rank, storageOf)),
    ];

    /// <summary>Whether a member uses its index along an axis.</summary>
    public static bool AsksForIndex(IEnumerable<Node> members) => members.Any(member => member switch
    {
        MapNode map => Asks(map.Body),
        ReduceNode reduce => Asks(ReductionSteps.Term(reduce)),
        _ => false,
    });

    private static bool Asks(Expr body) => ExprWalk.All(body).Any(expr => expr is AxisIndex);
}
