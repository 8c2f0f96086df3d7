using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Memory;

/// <summary>The sizes of a plan's two arenas in bytes.</summary>
/// <param name="Batched">Bytes per sample of values with a batch axis.</param>
/// <param name="Fixed">Bytes of values without one.</param>
internal sealed record ArenaSizes(long Batched, long Fixed)
{
    /// <summary>Bytes of each worker's own memory.</summary>
    public long Worker { get; init; }

    /// <summary>Each worker's own memory in floats, as the runtime counts.</summary>
    public int WorkerFloats => checked((int)(Worker / sizeof(float)));

    /// <summary>The batched arena in floats per sample, as the runtime counts.</summary>
    public int BatchedFloats => checked((int)(Batched / sizeof(float)));

    /// <summary>The fixed arena in floats, as the runtime counts.</summary>
    public int FixedFloats => checked((int)(Fixed / sizeof(float)));
}

/// <summary>
/// Gives every buffer its place: forward and backward are one timeline, a buffer lives from the phase that writes it first to the last that reads
/// it, and buffers whose lives do not meet share memory. The largest are placed first, each at the lowest free offset.
/// </summary>
internal static class ArenaPlanner
{
    /// <summary>Buffers start at whole cache lines, in bytes.</summary>
    private const int CacheLine = 64;

    /// <summary>Buffers per sample start at whole elements: the batch capacity they are multiplied by makes cache lines of these.</summary>
    private const int Element = sizeof(float);

    /// <summary>Plans offsets.</summary>
    /// <param name="parts">The plan's parts in the order in which they can run.</param>
    /// <param name="kept">Buffers that outlive the plan: outputs and the loss.</param>
    public static ArenaSizes Plan(IReadOnlyList<PlanPart> parts, IReadOnlyCollection<Storage> kept)
    {
        var lives = Lives(parts, kept);
        return new ArenaSizes(Place(lives.Where(life => life.Storage.Space == Space.Batched), Element), Place(lives.Where(life => life.Storage.Space == Space.Fixed), CacheLine))
        {
            Worker = PlaceForWorkers(parts),
        };
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

    /// <summary>A worker runs one kernel at a time and keeps nothing from one to the next: all begin at the start.</summary>
    private static long PlaceForWorkers(IReadOnlyList<PlanPart> parts)
    {
        var most = 0L;
        foreach (var storage in parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches).SelectMany(launch => launch.Buffers).Where(storage => storage.Space == Space.Worker))
        {
            storage.ByteOffset = 0;
            most = Math.Max(most, (storage.Bytes + CacheLine - 1) / CacheLine * CacheLine);
        }

        return most;
    }

    /// <summary>The size of a space in bytes. Offsets are multiples of the alignment.</summary>
    private static long Place(IEnumerable<Life> lives, int alignment)
    {
        // In the order of their offsets.
        var placed = new List<Life>();
        var total = 0L;
        foreach (var life in lives.OrderByDescending(life => life.Storage.Bytes).ThenBy(life => life.From))
        {
            var size = Size(life);
            var offset = 0L;
            foreach (var other in placed)
            {
                if (other.Storage.ByteOffset >= offset + size) break;
                if (other.From <= life.To && life.From <= other.To) offset = Math.Max(offset, other.Storage.ByteOffset + Size(other));
            }

            life.Storage.ByteOffset = offset;
            var behind = placed.FindIndex(other => other.Storage.ByteOffset > offset);
            placed.Insert(behind < 0 ? placed.Count : behind, life);
            total = Math.Max(total, offset + size);
        }

        return total;

        long Size(Life life) => (life.Storage.Bytes + alignment - 1) / alignment * alignment;
    }

    private sealed class Life(Storage storage, int from)
    {
        public Storage Storage { get; } = storage;

        public int From { get; } = from;

        public int To { get; set; } = from;
    }
}
