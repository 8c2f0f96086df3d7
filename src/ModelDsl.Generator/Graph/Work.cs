using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Graph;

/// <summary>How much arithmetic a node asks for, per sample. Every scalar operation counts one, a multiplication with its addition two.</summary>
internal static class Work
{
    public static long Flops(Node node) => node switch
    {
        ContractNode contract => 2L * contract.Domain.Length,
        MapNode map => (long)Operations(map.Body) * map.Shape.Length,
        ReduceNode reduce => (Operations(reduce.Body) + 1L) * reduce.Domain.Length,
        LogSumExpNode lse => 4L * lse.Domain.Length,
        ScatterAddNode scatter => scatter.Source.Shape.Length,
        _ => 0,
    };

    /// <summary>The number of distinct operations of an expression.</summary>
    public static int Operations(Expr body) => ExprWalk.All(body).Count(part => part is Apply);
}
