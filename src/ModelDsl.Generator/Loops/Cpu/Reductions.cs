using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>The one way sums and maxima along the lanes are built up.</summary>
internal static class Reductions
{
    /// <summary>Adds sixteen values, or those of them that exist, to the virtual lanes.</summary>
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
