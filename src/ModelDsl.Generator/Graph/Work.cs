using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Graph;

/// <summary>How much arithmetic a node asks for, per sample. Every scalar operation counts one, a multiplication with its addition two.</summary>
internal static class Work
{
    public static long Flops(Node node) => node switch
    {
        ContractNode contract => 2L * Elements(contract.Domain),
        MapNode map => Operations(map.Body) * Elements(map.Shape),
        ReduceNode reduce => (Operations(reduce.Body) + 1L) * Elements(reduce.Domain),
        LogSumExpNode lse => 4L * Elements(lse.Domain),
        ScatterAddNode scatter => Elements(scatter.Source.Shape),
        _ => 0,
    };

    /// <summary>The number of distinct operations of an expression.</summary>
    public static int Operations(Expr body) => ExprWalk.All(body).Count(part => part is Apply);

    /// <summary>Elements per sample; a domain may have more than fit into an int.</summary>
    public static long Elements(Shape shape) =>
        shape.Extents.Where(extent => !extent.IsBatch).Aggregate(1L, (product, extent) => product * extent.Value);
}
