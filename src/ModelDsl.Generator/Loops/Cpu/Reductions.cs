using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>Accumulates sums and maxima along the lanes.</summary>
internal static class Reductions
{
    /// <summary>Combines the virtual lanes with sixteen values, or with the first <paramref name="count"/> of them.</summary>
    public static Assign Accumulate(ReduceOp op, Variable sum, Value value, Index count)
    {
        var isWhole = count.Literal == Value.Lanes;
        var lanes = count.Literal ?? Value.Lanes;
        if (op == ReduceOp.Sum && isWhole && value is Operation { Op: ScalarOp.Multiply, IsVector: true } product)
        {
            return new Assign(sum, new MultiplyAdd(product.Args[0], product.Args[1], sum), lanes);
        }

        if (!isWhole) value = new MaskLanes(value, count, ReductionSteps.Start(op));
        return new Assign(sum, new Operation(ReductionSteps.Combine(op), [sum, value]), lanes);
    }
}
