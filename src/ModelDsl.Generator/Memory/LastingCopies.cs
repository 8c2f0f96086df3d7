using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Memory;

/// <summary>
/// Copies of parameters that training steps make in the arena. Micro-batches, whose gradients are added before an update, have the same parameters, so all but the first read the copies of the first.
/// </summary>
internal static class LastingCopies
{
    /// <summary>Decides which buffers last until the plan runs again. Of a training plan they are the copies of parameters, except states, which a step changes.</summary>
    /// <param name="fused">The graph.</param>
    /// <param name="storages">The buffers of its values.</param>
    /// <param name="launches">Its launches.</param>
    public static void Mark(FusedGraph fused, StorageMap storages, IEnumerable<Launch> launches)
    {
        if (fused.Graph.Roots.All(root => root.Kind != RootKind.Gradient)) return;
        var states = new HashSet<Storage>(fused.Graph.Nodes.OfType<StateNode>().Select(storages.Of));
        foreach (var launch in launches.Where(launch => launch is { IsCopy: true, Loop: null }))
        {
            var copy = CopyOf(launch);
            var source = launch.Buffers.Single(storage => storage != copy);
            copy.Lasts = source.Space == Space.Parameters && !states.Contains(source);
        }
    }

    /// <summary>Whether a launch makes a copy that lasts until the plan runs again.</summary>
    public static bool IsCopy(Launch launch) => launch.IsCopy && CopyOf(launch).Lasts;

    private static Storage CopyOf(Launch launch) => launch.Buffers.Zip(launch.Kernel.Main.Buffers, (storage, parameter) => (storage, parameter.Written)).Single(pair => pair.Written).storage;
}
