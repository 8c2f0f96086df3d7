using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>Groups → kernels for a CPU, in phases.</summary>
internal static class CpuSchedule
{
    /// <summary>The kernels of a plan, part by part, in the order in which groups can run.</summary>
    public static IReadOnlyList<(int Part, Launch Launch)> Build(CpuTarget target, FusedGraph fused, StorageMap storages, CancellationToken cancellation = default) =>
        Launches.OfGroups(fused, group => Build(target, group, storages), cancellation);

    private static IReadOnlyList<Launch> Build(CpuTarget target, Group group, StorageMap storages) => group.Kind switch
    {
        GroupKind.Contract => ContractSchedule.Build(target, storages, group),
        GroupKind.Chain => [ChainSchedule.Build(target, storages, group)],
        GroupKind.Row => RowSchedule.Build(storages, group),
        GroupKind.Sum => SumSchedule.Build(storages, group),
        GroupKind.Scatter => ScatterSchedule.Build(storages, group),
        GroupKind.Place => Placements.Build(storages, group, RowSchedule.Build),
    };
}
