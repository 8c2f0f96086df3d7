using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Simplify;

/// <summary>A node that computes an expression of its operands: a map or a reduction.</summary>
internal readonly record struct Bodies(Node Node, Expr Expr)
{
    public IReadOnlyList<Operand> Operands => Node.Operands;

    public static Bodies? Of(Node node) => node switch
    {
        MapNode map => new(map, map.Body),
        ReduceNode reduce => new(reduce, reduce.Body),
        _ => null,
    };

    public Node With(Expr body, IReadOnlyList<Operand> operands) => Node is ReduceNode reduce
        ? GraphBuilder.Reduce(reduce.Name, reduce.Op, reduce.Shape, reduce.Domain, reduce.Output, body, [.. operands])
        : GraphBuilder.Map(Node.Name, Node.Shape, body, [.. operands]);
}
