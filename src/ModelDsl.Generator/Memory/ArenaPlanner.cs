using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Memory;

/// <summary>The sizes of a plan's two arenas in bytes.</summary>
/// <param name="Batched">The bytes per sample of values with a batch axis.</param>
/// <param name="Fixed">The bytes of values without a batch axis.</param>
internal sealed record ArenaSizes(long Batched, long Fixed)
{
    /// <summary>The number that the batch capacity must be a multiple of, so that buffers start at cache lines.</summary>
    public int SampleAlignment { get; init; } = ArenaPlanner.SamplesOfCacheLine;

    /// <summary>The bytes of the memory of each worker.</summary>
    public long Worker { get; init; }

    /// <summary>The memory of each worker in floats.</summary>
    public int WorkerFloats => checked((int)(Worker / sizeof(float)));

    /// <summary>The size of the batched arena in floats per sample.</summary>
    public int BatchedFloats => checked((int)(Batched / sizeof(float)));

    /// <summary>The size of the fixed arena in floats.</summary>
    public int FixedFloats => checked((int)(Fixed / sizeof(float)));
}

/// <summary>
/// Assigns an offset to every buffer. Forward and backward are one timeline; a buffer is live from the phase that first writes it to the last phase that reads
/// it, or from beginning to end if it lasts. Buffers that are not live at the same time can share memory. The largest are allocated first, each at the lowest free offset. A result
/// that a kernel can compute in place has the memory of its operand, which is in the cache when the result is stored.
/// </summary>
internal static class ArenaPlanner
{
    /// <summary>Buffers start at whole cache lines, in bytes.</summary>
    private const int CacheLine = 64;

    /// <summary>Buffers per sample start at whole elements: multiplied by the batch capacity, they start at cache lines.</summary>
    private const int Element = sizeof(float);

    /// <summary>The batch capacity is a multiple of this number of samples if buffers per sample start at whole elements.</summary>
    public const int SamplesOfCacheLine = CacheLine / Element;

    /// <summary>In larger arenas, buffers per sample start at whole cache lines, so that there is no memory for samples that do not exist.</summary>
    private const long SmallArena = 64 * 1024;

    /// <summary>Plans offsets.</summary>
    /// <param name="parts">The plan's parts, in a valid order of execution.</param>
    /// <param name="kept">Buffers that are read after the plan: outputs and the loss.</param>
    public static ArenaSizes Plan(IReadOnlyList<PlanPart> parts, IReadOnlyCollection<Storage> kept)
    {
        var lives = Lives(parts, kept);
        Life[] batched = [.. lives.Where(life => life.Space == Space.Batched)];
        var bytes = Allocate(batched, Element);
        var isLarge = bytes > SmallArena;
        if (isLarge) bytes = Allocate(batched, CacheLine);
        return new ArenaSizes(bytes, Allocate(lives.Where(life => life.Space == Space.Fixed), CacheLine))
        {
            SampleAlignment = isLarge ? 1 : SamplesOfCacheLine,
            Worker = AllocateForWorkers(parts),
        };
    }

    private static List<Life> Lives(IReadOnlyList<PlanPart> parts, IReadOnlyCollection<Storage> kept)
    {
        var outliving = new HashSet<Storage>(kept);
        var lives = new Dictionary<Storage, Life>();
        var order = new List<Life>();
        var time = 0;
        var loops = new Dictionary<RowLoop, (int From, int To)>();
        foreach (var phase in parts.SelectMany(part => part.Phases))
        {
            foreach (var launch in phase.Launches)
            {
                foreach (var storage in launch.Buffers)
                {
                    if (storage.Space is not (Space.Batched or Space.Fixed)) continue;
                    if (!lives.TryGetValue(storage, out var life))
                    {
                        lives.Add(storage, life = new Life(storage, storage.Lasts ? 0 : time));
                        order.Add(life);
                    }

                    life.To = storage.Lasts || outliving.Contains(storage) ? int.MaxValue : time;
                }
            }

            if (phase.Loop is { } loop) loops[loop] = (loops.TryGetValue(loop, out var span) ? span.From : time, time);
            time++;
        }

        // A buffer that is also used outside a loop is needed in all of its iterations.
        foreach (var (from, to) in loops.Values)
        {
            foreach (var life in order.Where(life => life.From <= to && life.To >= from && (life.From < from || life.To > to)))
            {
                (life.From, life.To) = (Math.Min(life.From, from), Math.Max(life.To, to));
            }
        }

        ShareInPlace(parts, lives);
        return [.. order.Where(life => life.Storages.Count > 0)];
    }

    /// <summary>Joins the life of an operand that nothing reads after a launch and the life of the result that the launch can compute in place.</summary>
    private static void ShareInPlace(IReadOnlyList<PlanPart> parts, Dictionary<Storage, Life> lives)
    {
        var time = 0;
        foreach (var phase in parts.SelectMany(part => part.Phases))
        {
            foreach (var launch in phase.Launches)
            {
                if (launch.Kernel.InPlace is not var (to, from)) continue;
                var (result, operand) = (launch.Buffers[to], launch.Buffers[from]);
                if (!lives.TryGetValue(operand, out var first) || !lives.TryGetValue(result, out var second) || operand.Space != result.Space || operand.Bytes != result.Bytes) continue;
                var isReadElsewhere = phase.Launches.Any(other => other != launch && other.Buffers.Any(buffer => buffer == operand || buffer == result));
                if (first.To != time || second.From != time || isReadElsewhere) continue;
                foreach (var storage in second.Storages) lives[storage] = first;
                first.Storages.AddRange(second.Storages);
                second.Storages.Clear();
                first.To = second.To;
            }

            time++;
        }
    }

    /// <summary>Assigns offsets in the memory of workers. A worker runs one kernel at a time and keeps nothing between kernels, so the buffers of each kernel start at 0.</summary>
    private static long AllocateForWorkers(IReadOnlyList<PlanPart> parts)
    {
        var most = 0L;
        foreach (var storage in parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches).SelectMany(launch => launch.Buffers).Where(storage => storage.Space == Space.Worker))
        {
            storage.ByteOffset = 0;
            most = Math.Max(most, (storage.Bytes + CacheLine - 1) / CacheLine * CacheLine);
        }

        return most;
    }

    /// <summary>Returns the size of a space in bytes. Offsets are multiples of the alignment.</summary>
    private static long Allocate(IEnumerable<Life> lives, int alignment)
    {
        // Sorted by offset.
        var allocated = new List<Life>();
        var total = 0L;
        foreach (var life in lives.OrderByDescending(life => life.Bytes).ThenBy(life => life.From))
        {
            var size = Size(life);
            var offset = 0L;
            foreach (var other in allocated)
            {
                if (other.ByteOffset >= offset + size) break;
                if (other.From <= life.To && life.From <= other.To) offset = Math.Max(offset, other.ByteOffset + Size(other));
            }

            foreach (var storage in life.Storages) storage.ByteOffset = offset;
            var behind = allocated.FindIndex(other => other.ByteOffset > offset);
            allocated.Insert(behind < 0 ? allocated.Count : behind, life);
            total = Math.Max(total, offset + size);
        }

        return total;

        long Size(Life life) => (life.Bytes + alignment - 1) / alignment * alignment;
    }

    /// <summary>The time in which memory is in use: by a buffer, or by several of the same size, each of which takes the memory of the one before.</summary>
    private sealed class Life(Storage storage, int from)
    {
        public List<Storage> Storages { get; } = [storage];

        public Space Space => Storages[0].Space;

        public long Bytes => Storages[0].Bytes;

        public long ByteOffset => Storages[0].ByteOffset;

        public int From { get; set; } = from;

        public int To { get; set; } = from;
    }
}
