using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <content>Long sums: their partial sums, and the blocks of a partial sum.</content>
internal sealed partial class ContractSchedule
{
    /// <summary>The number of iterations of the loop that is split.</summary>
    private Index SplitSize => plan.SumLoops[0].Size;

    private Index PartialLength => SequencePositions.PartialLength(plan.SumLoops[0], partials, positions);

    /// <summary>The number of partial sums that have terms at this batch size. The others are zero and are omitted.</summary>
    private Index PartialCount() => Index.CeilingDivide(SplitSize, PartialLength);

    /// <summary>Adds the partial sums in their layout, including the pads.</summary>
    private Launch Combine(Storage partial, Storage result)
    {
        var combine = new KernelBuilder();
        return SplitSums.Combine(
            combine, group.Anchor.Name + "Sum", $"{group.Anchor.Name} = the sum of at most {partials} partial sums, in order", partial, resultFloats, PartialCount(),
            (statements, sum, column, lanes) => statements.Add(new StoreLanes(combine.Write(result), column, sum, lanes)));
    }

    /// <summary>Writes the loops around the loops over tiles: over the partial sums, and over the blocks of each partial sum.</summary>
    /// <param name="tiles">Writes the loops over tiles, given the number of iterations of their outermost loop over terms; null for all.</param>
    private List<Statement> InPartials(Func<Index?, List<Statement>> tiles)
    {
        if (partials == 1) return InBlocks(SplitSize, tiles);
        var (firstPanel, lastPanel) = (new IndexVariable("firstPanel"), new IndexVariable("lastPanel"));
        (panelFrom, panelTo) = (firstPanel, lastPanel);
        return [new Loop(partial, Grid.PanelFrom / PanelCount, Index.CeilingDivide(Grid.PanelTo, PanelCount), 1,
        [
            new DeclareIndex(firstPanel, Index.Max(0, Grid.PanelFrom - (partial * PanelCount))),
            new DeclareIndex(lastPanel, Index.Min(PanelCount, Grid.PanelTo - (partial * PanelCount))),
            .. InBlocks(Index.Min(PartialLength, SplitSize - (partial * PartialLength)), tiles),
        ])];
    }

    /// <summary>Writes the loop over the blocks of a partial sum. All tiles compute one block before the next.</summary>
    private List<Statement> InBlocks(Index terms, Func<Index?, List<Statement>> tiles)
    {
        if (plan.Blocks is not { } blocks) return tiles(partials == 1 ? null : terms);
        var end = blocks.Depth == 0 ? length : plan.SumLoops[blocks.Depth].Size;
        var earlier = blockStarts.Aggregate((Index)0, (sum, start) => sum + start);
        List<Statement> body =
        [
            new DeclareIndex(ContractPlan.Earlier, earlier),
            .. tiles(Index.Max(0, Index.Min(blocks.Length, end - blockStarts[blocks.Depth]))),
        ];
        for (var depth = blocks.Depth; depth >= 0; depth--)
        {
            var last = depth == 0 ? length : (Index)plan.SumLoops[depth].Axes.Aggregate(1, (size, axis) => size * roles.Domain[axis].Value);
            body = [new Loop(blockStarts[depth], 0, last, depth == blocks.Depth ? blocks.Length : 1, body)];
        }

        return [new DeclareIndex(length, terms), .. body];
    }
}
