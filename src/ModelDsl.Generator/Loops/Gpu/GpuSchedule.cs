using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>Schedules groups as kernels for devices whose workers are threads in groups.</summary>
internal static class GpuSchedule
{
    /// <summary>The number of threads of a group, unless a kernel requires fewer.</summary>
    public const int Threads = 256;

    /// <summary>The kernels of a plan, in the order of its parts and in an order in which groups can run.</summary>
    /// <param name="fused">The groups.</param>
    /// <param name="storages">The buffers of the values.</param>
    /// <param name="usesTf32">Whether products may be computed in TF32 on devices with tensor cores.</param>
    /// <param name="cancellation">Checked before each group.</param>
    public static IReadOnlyList<(int Part, Launch Launch)> Build(FusedGraph fused, StorageMap storages, bool usesTf32, CancellationToken cancellation = default) =>
        Launches.OfGroups(fused, storages, (group, storages) => Build(group, storages, usesTf32), cancellation);

    /// <summary>The kernels of a group.</summary>
    public static IReadOnlyList<Launch> Build(Group group, StorageMap storages, bool usesTf32) => [.. Scheduled(group, storages, usesTf32).Select(HoistedIndices.In)];

    private static IReadOnlyList<Launch> Scheduled(Group group, StorageMap storages, bool usesTf32) => group.Kind switch
    {
        GroupKind.Contract => ContractSchedule.Build(storages, group, usesTf32),
        GroupKind.Row => Rows(storages, group),
        GroupKind.Sum => SumSchedule.Build(storages, group),
        GroupKind.Scatter => ScatterSchedule.Build(storages, group),
        GroupKind.Copy => Copies.Build(storages, group, Rows),
        GroupKind.Cache => throw new NotSupportedException($"'{group.Name}' is kept by a session, and devices with groups of threads have none."),
        GroupKind.Scan => throw new InvalidGraphException($"'{group.Anchor.Name}' is a loop over time, which devices with groups of threads do not have"),
        GroupKind.Chain or GroupKind.LongChain => throw new InvalidOperationException("Threads have no memory of their own for chained products."),
    };

    private static IReadOnlyList<Launch> Rows(StorageMap storages, Group group) =>
        ElementSchedule.Applies(group) ? [ElementSchedule.Build(storages, group)] : [RowSchedule.Build(storages, group)];
}
