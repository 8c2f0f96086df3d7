using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// Copies of the operands of a sum that is larger than the level-2 cache, in the worker's own memory: panels of operand B for a block of terms, and the rows of operand A of one
/// tile. Tiles read both in the order of memory; in the operands themselves the next term is on another page. Blocks and copies change no bit (see <see cref="SumBlocks"/>).
/// </summary>
/// <param name="Scratch">The worker's memory: the panels, then the rows.</param>
/// <param name="A">The access of tiles to operand A.</param>
/// <param name="B">The access of tiles to operand B.</param>
/// <param name="RowsSource">The access to the operand A that is copied; null if tiles read it as it is.</param>
/// <param name="PanelsSource">The access to the operand B that is copied.</param>
/// <param name="TermStrides">The distance between two terms in each source.</param>
/// <param name="PanelCount">The number of panels that are copied at once.</param>
/// <param name="Terms">The number of terms of a block.</param>
internal sealed record PackedOperands(
    Storage Scratch, PanelAccess A, PanelAccess B, PanelAccess? RowsSource, PanelAccess PanelsSource, IReadOnlyList<int> TermStrides, int PanelCount, int Terms)
{
    /// <summary>The number of samples of a typical batch.</summary>
    private const int Samples = 32;

    /// <summary>Returns the copies for a contraction; null if its operands fit into the cache, or if its loops are not those of a product of two matrices.</summary>
    /// <param name="target">The register width.</param>
    /// <param name="storages">The buffers of the values.</param>
    /// <param name="group">A group without stages.</param>
    /// <param name="roles">The roles of the contraction's axes.</param>
    /// <param name="a">The access to operand A.</param>
    /// <param name="b">The access to operand B.</param>
    /// <param name="isBlock">Whether the batch is a block of many rows of a long chain.</param>
    public static PackedOperands? Of(CpuTarget target, StorageMap storages, Group group, ContractRoles roles, PanelAccess a, PanelAccess b, bool isBlock)
    {
        var (domain, iterations) = (roles.Domain, roles.IterationDomain);
        if (group.Members.Count > 1 || roles.Outer.Count > 0 || roles.Rows.Count == 0 || roles.IsColumnInBoth || !b.IsAlongLanes || b.Storage.Layout is Panels) return null;
        if (roles.Summed.Any(iterations.IsRange) || !IsLong(target, roles, isBlock)) return null;
        IReadOnlyList<int>[] steps = [iterations.Steps(a.Strides), iterations.Steps(b.Strides)];
        var terms = LoopAxes.Merge(domain, roles.Summed, steps);
        var rows = LoopAxes.Merge(domain, roles.Rows, [a.Strides, PanelAccess.Of(group.Anchor, iterations.Output, domain.Rank, roles.Column, storages.Of).Strides]);
        if (terms.Count != 1 || rows.Count != 1) return null;

        // The operands of enough terms fit into the cache together.
        if (!isBlock && roles.Summed.Any(axis => domain[axis].IsBatch) && target.CacheFloats / terms[0].Strides.Sum(Math.Abs) >= target.LongSum) return null;

        var panels = Math.Min(Panels.CountFor(domain[roles.Column].Value), Math.Max(1, 2 * target.CacheFloats / (target.BlockTerms * Panels.Width)));
        var panelStride = target.BlockTerms * Panels.Width;
        var isRowContiguous = rows[0].Strides[0] == 1;
        var memory = storages.Scratch(group.Anchor, "Operands", Space.Worker, new Strided([1]), (panels * panelStride) + (isRowContiguous ? target.BlockTerms * target.TileRows : 0));
        var ofRows = isRowContiguous ? new PanelAccess(memory, panels * panelStride, Strides(target.TileRows, a), 0, 0) : null;
        return new PackedOperands(memory, ofRows ?? a, new PanelAccess(memory, 0, Strides(Panels.Width, null), 1, panelStride), isRowContiguous ? a : null, b, terms[0].Strides, panels, target.BlockTerms);

        // Rows have the strides of their operand; terms are adjacent.
        int[] Strides(int term, PanelAccess? rowsOf)
        {
            var strides = new int[domain.Rank];
            foreach (var axis in roles.Summed.Reverse())
            {
                strides[axis] = term;
                if (!domain[axis].IsBatch) term = checked(term * domain[axis].Value);
            }

            foreach (var axis in roles.Rows) strides[axis] = rowsOf?.Strides[axis] ?? 0;
            return strides;
        }
    }

    /// <summary>
    /// Whether a panel of operand B or, if the sum runs over the batch, operand A for a typical batch is larger than the level-2 cache. If each sample has few terms, a tile would
    /// load and store its sums as often as it adds to them.
    /// </summary>
    private static bool IsLong(CpuTarget target, ContractRoles roles, bool isBlock)
    {
        long Size(IEnumerable<int> axes) => axes.Where(axis => !roles.Domain[axis].IsBatch).Aggregate(1L, (product, axis) => product * roles.Domain[axis].Value);
        var terms = Size(roles.Summed);
        return roles.Summed.Any(axis => roles.Domain[axis].IsBatch)
            ? (isBlock || terms >= target.LongSum) && Samples * terms * Size(roles.Rows) > 4 * target.CacheFloats
            : terms * Panels.Width > 4 * target.CacheFloats;
    }
}
