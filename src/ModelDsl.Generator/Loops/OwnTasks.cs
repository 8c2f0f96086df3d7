using ModelDsl.Generator.Loops.Verification;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops;

/// <summary>
/// Proves for every batch size that a worker accesses only those elements of a buffer that belong to the tasks of its share: each task has equally many consecutive elements. If two kernels with the same
/// tasks do, no worker accesses what another worker accesses, so the kernels need no barrier between them.
/// </summary>
internal sealed class OwnTasks : AccessWalk
{
    private readonly Buffer buffer;
    private readonly int elements;
    private bool areProven = true;

    private OwnTasks(Buffer buffer, int elements) => (this.buffer, this.elements) = (buffer, elements);

    /// <summary>Whether two launches have the same tasks, and each accesses only the elements of a buffer that belong to these.</summary>
    public static bool Only(Launch first, Launch second, Storage storage) =>
        first.Kernel.Partition is Range range && range == second.Kernel.Partition as Range
        && ElementsOf(storage, range.Count) is { } elements && In(first, storage, elements) && In(second, storage, elements);

    /// <summary>The number of elements of each task; null if tasks do not have equally many.</summary>
    private static int? ElementsOf(Storage storage, Index count) =>
        storage.Space == Space.Batched && count.FactorOf(KernelBuilder.BatchSize) is { } tasks && storage.Length % tasks == 0 ? storage.Length / tasks
        : storage.Space == Space.Fixed && count.Literal is > 0 and var literal && storage.Length % literal == 0 ? storage.Length / literal
        : null;

    /// <summary>The functions of a kernel may differ between the widths of vectors, but all widths must have the same phases.</summary>
    private static bool In(Launch launch, Storage storage, int elements)
    {
        var kernel = launch.Kernel;
        if (launch.Loop is not null || kernel.Tiles.Count > 0) return false;
        return Enumerable.Range(0, launch.Buffers.Count).Where(number => launch.Buffers[number] == storage).All(number =>
        {
            var walk = new OwnTasks(kernel.Main.Buffers[number].Buffer, elements);
            walk.Facts.Bound(KernelBuilder.BatchSize, 1, int.MaxValue);
            walk.Walk(kernel, [.. launch.Buffers.Select(buffer => buffer.Length)]);
            return walk.areProven;
        });
    }

    protected override void Access(object what, BufferRange range, Index first, Index last)
    {
        if (range.Root != buffer) return;
        areProven = areProven && range.Position is not null
            && Facts.Lower(range.At(first) - (Range.From * elements)) >= 0
            && Facts.Upper(range.At(last) + (range.Size - 1) - (Range.To * elements)) < 0;
    }
}
