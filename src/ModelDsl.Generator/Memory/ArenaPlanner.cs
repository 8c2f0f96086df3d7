using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Memory;

/// <summary>The sizes of a plan's two arenas.</summary>
/// <param name="Batched">Floats per sample of values with a batch axis.</param>
/// <param name="Fixed">Floats of values without one.</param>
internal sealed record ArenaSizes(int Batched, int Fixed);

/// <summary>
/// Gives every buffer its place: forward and backward are one timeline, a buffer lives from the phase that writes it first to the last that reads
/// it, and buffers whose lives do not meet share memory. The largest are placed first, each at the lowest free offset.
/// </summary>
internal static class ArenaPlanner
{
    /// <summary>Buffers start at whole cache lines.</summary>
    private const int Granule = 16;

    /// <summary>Plans offsets.</summary>
    /// <param name="parts">The plan's parts in the order in which they can run.</param>
    /// <param name="kept">Buffers that outlive the plan: outputs and the loss.</param>
    public static ArenaSizes Plan(IReadOnlyList<PlanPart> parts, IReadOnlyCollection<Storage> kept)
    {
        var lives = Lives(parts, kept);
        return new ArenaSizes(Place(lives.Where(life => life.Storage.Space == Space.Batched), 1), Place(lives.Where(life => life.Storage.Space == Space.Fixed), Granule));
    }

    private static List<Life> Lives(IReadOnlyList<PlanPart> parts, IReadOnlyCollection<Storage> kept)
    {
        var lives = new Dictionary<Storage, Life>();
        var order = new List<Storage>();
        var time = 0;
        foreach (var phase in parts.SelectMany(part => part.Phases))
        {
            foreach (var storage in phase.Launches.SelectMany(launch => launch.Buffers).Where(storage => storage.Space is Space.Batched or Space.Fixed))
            {
                if (!lives.TryGetValue(storage, out var life))
                {
                    life = new Life(storage, time, time);
                    order.Add(storage);
                }

                lives[storage] = life with { To = kept.Contains(storage) ? int.MaxValue : time };
            }

            time++;
        }

        return [.. order.Select(storage => lives[storage])];
    }

    /// <summary>Sizes per sample stay exact, because the batch capacity they are multiplied by is a multiple of the cache line.</summary>
    private static int Place(IEnumerable<Life> lives, int granule)
    {
        var placed = new List<Life>();
        var total = 0;
        foreach (var life in lives.OrderByDescending(life => life.Storage.Floats).ThenBy(life => life.From))
        {
            var size = Size(life);
            var offset = 0;
            foreach (var other in placed.Where(other => other.From <= life.To && life.From <= other.To).OrderBy(other => other.Storage.Offset))
            {
                if (other.Storage.Offset >= offset + size) break;
                offset = Math.Max(offset, other.Storage.Offset + Size(other));
            }

            life.Storage.Offset = offset;
            placed.Add(life);
            total = Math.Max(total, checked(offset + size));
        }

        return total;

        int Size(Life life) => (life.Storage.Floats + granule - 1) / granule * granule;
    }

    private sealed record Life(Storage Storage, int From, int To);
}
