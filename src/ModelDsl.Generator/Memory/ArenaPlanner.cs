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
        var outliving = new HashSet<Storage>(kept);
        var lives = new Dictionary<Storage, Life>();
        var order = new List<Life>();
        var time = 0;
        foreach (var phase in parts.SelectMany(part => part.Phases))
        {
            foreach (var launch in phase.Launches)
            {
                foreach (var storage in launch.Buffers)
                {
                    if (storage.Space is not (Space.Batched or Space.Fixed)) continue;
                    if (!lives.TryGetValue(storage, out var life))
                    {
                        lives.Add(storage, life = new Life(storage, time));
                        order.Add(life);
                    }

                    life.To = outliving.Contains(storage) ? int.MaxValue : time;
                }
            }

            time++;
        }

        return order;
    }

    /// <summary>Sizes per sample stay exact, because the batch capacity they are multiplied by is a multiple of the cache line.</summary>
    private static int Place(IEnumerable<Life> lives, int granule)
    {
        // In the order of their offsets.
        var placed = new List<Life>();
        var total = 0;
        foreach (var life in lives.OrderByDescending(life => life.Storage.Floats).ThenBy(life => life.From))
        {
            var size = Size(life);
            var offset = 0;
            foreach (var other in placed)
            {
                if (other.Storage.Offset >= offset + size) break;
                if (other.From <= life.To && life.From <= other.To) offset = Math.Max(offset, other.Storage.Offset + Size(other));
            }

            life.Storage.Offset = offset;
            var behind = placed.FindIndex(other => other.Storage.Offset > offset);
            placed.Insert(behind < 0 ? placed.Count : behind, life);
            total = Math.Max(total, checked(offset + size));
        }

        return total;

        int Size(Life life) => (life.Storage.Floats + granule - 1) / granule * granule;
    }

    private sealed class Life(Storage storage, int from)
    {
        public Storage Storage { get; } = storage;

        public int From { get; } = from;

        public int To { get; set; } = from;
    }
}
