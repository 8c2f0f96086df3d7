using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>Schedules groups as kernels for a CPU.</summary>
internal static class CpuSchedule
{
    /// <summary>The kernels of a plan, in the order of its parts and in an order in which groups can run.</summary>
    public static IReadOnlyList<(int Part, Launch Launch)> Build(CpuTarget target, FusedGraph fused, StorageMap storages, CancellationToken cancellation = default) =>
        Launches.OfGroups(fused, storages, (group, storages) => Build(target, group, storages, cancellation), cancellation);

    /// <summary>The kernels of a group.</summary>
    public static IReadOnlyList<Launch> Build(CpuTarget target, Group group, StorageMap storages, CancellationToken cancellation = default) => group.Kind switch
    {
        GroupKind.Contract => ContractSchedule.Build(target, storages, group),
        GroupKind.Chain => [ChainSchedule.Build(target, storages, group)],
        GroupKind.LongChain => LongChainSchedule.Build(target, storages, group),
        GroupKind.Row => RowSchedule.Build(storages, group),
        GroupKind.Sum => SumSchedule.Build(storages, group),
        GroupKind.Scatter => ScatterSchedule.Build(storages, group),
        GroupKind.Scan => ScanSchedule.Build(storages, group, (body, inside) => Build(target, body, inside, cancellation)),
        GroupKind.Copy => Copies.Build(storages, group, RowSchedule.Build),
        GroupKind.Cache => group.Anchor is RecallNode ? RecallSchedule.Build(storages, group) : CacheSchedule.Build(storages, group),
    };
}
