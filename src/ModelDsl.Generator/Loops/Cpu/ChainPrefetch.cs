using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// Loads the operands of the next matrix of a chained group into the cache while the blocks of a matrix are computed. The rows of an operand are often those of one head and lie
/// far apart, which processors do not recognize as a pattern. Each block loads its part of the rows. The operands are loaded before different kernels of the block, because a
/// processor waits if too many lines are loaded at the same time.
/// </summary>
internal sealed class ChainPrefetch
{
    private readonly KernelBuilder kernel;
    private readonly int blocks;
    private readonly int blockRows;
    private readonly ChainOperand[] operands;
    private readonly List<(IReadOnlyList<int> Strides, IndexVariable Offset)> offsets = [];

    /// <summary>Creates the loads of a chained group.</summary>
    /// <param name="kernel">The kernel of the group.</param>
    /// <param name="operands">The operands of its block.</param>
    /// <param name="blocks">The number of blocks of a matrix.</param>
    /// <param name="blockRows">The number of rows of a block.</param>
    /// <param name="most">The number of floats that stay in the cache until the next matrix is computed. If the operands of a matrix have more, nothing is loaded.</param>
    public ChainPrefetch(KernelBuilder kernel, IEnumerable<ChainOperand> operands, int blocks, int blockRows, int most)
    {
        (this.kernel, this.blocks, this.blockRows) = (kernel, blocks, blockRows);
        this.operands = [.. operands.Where(operand => operand.View.Lead.Any(stride => stride != 0)).GroupBy(operand => (operand.View.Whole, operand.View.Base, operand.Stride)).Select(same => same.First())];
        if (this.operands.Sum(FloatsOfMatrix) > most) this.operands = [];
        foreach (var operand in this.operands.Where(operand => !offsets.Any(known => known.Strides.SequenceEqual(operand.View.Lead))))
        {
            offsets.Add((operand.View.Lead, new IndexVariable(kernel.Names.Unique("next"))));
        }
    }

    /// <summary>Declares the offsets of the next matrix.</summary>
    /// <param name="next">Its indices, one for each axis that numbers matrices.</param>
    public IEnumerable<Statement> Offsets(IReadOnlyList<Index> next) =>
        offsets.Select(known => new DeclareIndex(known.Offset, known.Strides.Select((stride, axis) => next[axis] * stride).Aggregate((Index)0, (sum, term) => sum + term)));

    /// <summary>Puts the loads of a block before its kernels.</summary>
    /// <param name="calls">The calls of the kernels of a block.</param>
    /// <param name="block">The number of the block.</param>
    public IEnumerable<Statement> Before(IReadOnlyList<Statement> calls, Index block) =>
        calls.SelectMany((call, i) => operands.Where((_, number) => number % calls.Count == i).Select(operand => (Statement)Load(operand, block)).Append(call));

    private Prefetch Load(ChainOperand operand, Index block)
    {
        var first = operand.View.Base + (Index)offsets.First(known => known.Strides.SequenceEqual(operand.View.Lead)).Offset;
        var (part, rows) = operand.View.Row != 0 ? (ChainStep.FirstRow * operand.View.Row, blockRows) : (block * (Share(operand) * operand.Stride), Share(operand));
        return new Prefetch(kernel.Read(operand.View.Whole!), first + part, operand.Stride, rows, operand.Columns);
    }

    private int Share(ChainOperand operand) => (operand.Rows + blocks - 1) / blocks;

    private long FloatsOfMatrix(ChainOperand operand) => (operand.View.Row != 0 ? blocks * (long)blockRows : operand.Rows) * operand.Columns;
}
