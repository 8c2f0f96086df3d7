using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// A long chain as kernels in a loop over blocks of rows. The kernels of a block are those of any other group; all workers share each of them, with barriers between phases.
/// Sums over rows continue from block to block, in the order of the rows.
/// </summary>
internal static class LongChainSchedule
{
    /// <summary>The kernels of a chained group.</summary>
    /// <param name="target">The register width.</param>
    /// <param name="storages">The buffers of the values.</param>
    /// <param name="group">The group.</param>
    public static IReadOnlyList<Launch> Build(CpuTarget target, StorageMap storages, Group group)
    {
        var chain = group.Chain!;
        var blockRows = RowsOfBlock(target, chain);
        var block = new LongChainBlock(group, storages, blockRows, target.Limits.Groups);
        var loop = new RowLoop(chain.Matrix.Extents.Take(chain.ColumnAxis).Aggregate((Index)1, (product, extent) => product * KernelBuilder.Size(extent)), blockRows);
        var (before, inside) = (block.Sums.Select(sum => Cleared(storages, block, sum)).ToList(), new List<Launch>());
        var constant = new HashSet<Storage>();
        foreach (var launch in block.Body.Groups.SelectMany(inner => Schedule(target, block, inner)))
        {
            var locations = launch.Buffers.Select(block.LocationOf).ToArray();
            var located = launch with { Buffers = [.. locations.Select(location => location.Storage)] };
            if (IsConstant(launch, block, constant)) before.Add(located);
            else inside.Add(located with { Loop = loop, RowStrides = [.. locations.Select(location => location.RowStride)] });
        }

        return [.. before, .. inside];
    }

    /// <summary>The number of rows of a block: full tiles of all widths.</summary>
    private static int RowsOfBlock(CpuTarget target, Chain chain)
    {
        var height = CpuTarget.Avx512.TileRows;
        return Math.Max(1, Math.Min(target.LongBlockRows, target.LongBlockFloats / chain.Columns) / height) * height;
    }

    private static IReadOnlyList<Launch> Schedule(CpuTarget target, LongChainBlock block, Group inner) => block.Accumulates(inner)
        ? ContractSchedule.Build(target, block.Storages, inner, new ChainStep { Accumulates = true, IsShared = true })
        : CpuSchedule.Build(target, inner, block.Storages);

    /// <summary>Whether a kernel computes the same for all blocks, such as the transposition of a weight.</summary>
    private static bool IsConstant(Launch launch, LongChainBlock block, HashSet<Storage> constant)
    {
        bool IsSame(Storage storage) => constant.Contains(storage) || (block.IsGiven(storage) && block.LocationOf(storage).RowStride == 0);
        if (!launch.Uses.All(use => use.IsWritten ? use.Storage.Space == Space.Fixed && !block.IsGiven(use.Storage) : IsSame(use.Storage))) return false;
        constant.UnionWith(launch.Written);
        return true;
    }

    /// <summary>The kernel that sets a sum to zero before the first block.</summary>
    private static Launch Cleared(StorageMap storages, LongChainBlock block, Node sum)
    {
        var storage = block.Storages.Of(sum);
        var length = storage.Length;
        var shape = length % Panels.Width == 0 ? Shape.Of([length / Panels.Width, Panels.Width]) : Shape.Of([length]);
        var zeros = new MapNode(sum.Name + "Zero", shape, Scalars.Expressions.Zero);
        var flat = new Storage(storage.Name, storage.Space, Strided.RowMajor(shape), length, storage.Type, storage.Whole);
        return RowSchedule.Build(storages.With(zeros, flat), new Group(GroupKind.Row, 0, zeros) { Stored = [zeros] }).Single();
    }
}
