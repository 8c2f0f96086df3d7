using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Memory;

/// <summary>
/// Copies of parameters in the layouts that products need, for all plans of a model that only read parameters. A parameter that is also read row by row, such as a table of embeddings that is
/// the weight of the output layer too, cannot lie in panels itself. The copies persist until parameters change.
/// </summary>
/// <param name="Launches">The launches that make the copies. They do not depend on each other.</param>
/// <param name="Floats">The memory of all copies in floats.</param>
internal sealed record ParameterCopies(IReadOnlyList<Launch> Launches, int Floats)
{
    /// <summary>No copies.</summary>
    public static ParameterCopies None { get; } = new([], 0);

    /// <summary>Whether a launch copies a parameter.</summary>
    public static bool IsCopy(Launch launch) => launch.Written.Any(storage => storage.Space == Space.ParameterCopies);

    /// <summary>Assigns offsets to the copies of all plans. Plans share equal copies: those that the same kernel makes of the same parameter.</summary>
    /// <param name="plans">The plans that only read parameters.</param>
    public static ParameterCopies Plan(IEnumerable<GraphPlan> plans)
    {
        var names = StorageMap.NewNames();
        var sources = new Dictionary<long, Storage>();
        var copies = new Dictionary<(long Source, KernelShape Shape), Storage>();
        var launches = new List<Launch>();
        var bytes = 0L;
        var shapeOf = KernelShape.Once();
        foreach (var launch in plans.SelectMany(plan => plan.Copies))
        {
            var copy = launch.Buffers.Single(storage => storage.Space == Space.ParameterCopies);
            var source = launch.Buffers.Single(storage => storage != copy);
            var key = (source.ByteOffset, shapeOf(launch.Kernel));
            if (copies.TryGetValue(key, out var same))
            {
                copy.ByteOffset = same.ByteOffset;
                continue;
            }

            // Panels consist of whole cache lines, so all copies start at cache lines.
            copy.ByteOffset = bytes;
            bytes += copy.Bytes;

            // Names are unique within a plan only.
            if (!sources.TryGetValue(source.ByteOffset, out var read)) sources.Add(source.ByteOffset, read = Named(source));
            var written = Named(copy);
            copies.Add(key, written);
            launches.Add(launch with { Buffers = [.. launch.Buffers.Select(storage => storage == copy ? written : read)] });
        }

        return launches.Count == 0 ? None : new(launches, checked((int)(bytes / sizeof(float))));

        Storage Named(Storage storage) => new(names.Unique(storage.Name), storage.Space, storage.Layout, storage.Length, storage.Type) { ByteOffset = storage.ByteOffset };
    }
}
