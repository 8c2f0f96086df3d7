using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Loops;

/// <summary>
/// The positions of a plan of a model with buckets. Sums over a batch are divided at samples, and into as many partial sums as among all positions, so that all plans of the model add
/// the same terms in the same order.
/// </summary>
/// <param name="Count">The number of positions of the plan.</param>
/// <param name="All">The number of positions of a sample.</param>
internal sealed record SequencePositions(int Count, int All)
{
    /// <summary>Returns the axis of positions of a domain; −1 if there is none.</summary>
    /// <param name="operands">The operands: positions are the second axis of values [N, T, …].</param>
    /// <param name="domain">The domain.</param>
    public int AxisOf(IEnumerable<Operand> operands, Shape domain) => operands
        .Where(operand => operand.Node.Shape is { HasBatch: true, Rank: > 2 })
        .Select(operand => operand.Map[1].Axis)
        .Where(axis => axis >= 0 && domain[axis] == Count)
        .DefaultIfEmpty(-1).First();

    /// <summary>Returns the work of a sum over all positions.</summary>
    /// <param name="work">The work of the plan.</param>
    public long OfAll(long work) => work / Count * All;

    /// <summary>Returns the number of iterations of the outermost loop of a partial sum.</summary>
    /// <param name="loop">The loop, whose first axis is the batch.</param>
    /// <param name="partials">The number of partial sums.</param>
    /// <param name="positions">The positions of a model with buckets; null for other models.</param>
    public static Index PartialLength(LoopAxis loop, int partials, SequencePositions? positions)
    {
        if (positions is null || loop.Axes.Count == 1) return Index.CeilingDivide(loop.Size, partials);
        return Index.CeilingDivide(KernelBuilder.BatchSize, partials) * SampleSize(loop);
    }

    /// <summary>The number of iterations of a loop for one sample.</summary>
    private static int SampleSize(LoopAxis loop) => loop.Size.With(KernelBuilder.BatchSize, 1).Literal ?? throw new InvalidOperationException("A loop over samples and positions has a literal number of iterations for a sample.");
}
