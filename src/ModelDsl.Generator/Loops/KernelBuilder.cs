using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops;

/// <summary>Collects the buffers of a kernel while its body is written. Each storage becomes one parameter.</summary>
/// <param name="reserved">The names that its body uses in addition to the common ones.</param>
internal sealed class KernelBuilder(params string[] reserved)
{
    private readonly Dictionary<Storage, (Buffer Buffer, bool Written)> buffers = [];
    private readonly List<Storage> order = [];
    private readonly List<(int Stream, IndexVariable Variable)> streams = [];

    /// <summary>The batch size, an integer that every kernel receives.</summary>
    public static IndexVariable BatchSize { get; } = new("n");

    public Names Names { get; } = new(
    [
        BatchSize.Name, "worker", "seed", "number", "rowFrom", "rowTo", "panelFrom", "panelTo", "from", "to", "row", "sample", "column", "panel", "task", "split",
        "count", "firstPanel", "lastPanel", "block", "slice", "position", "id", "i", "drawn", ThreadGroups.Thread.Name, ThreadGroups.Group.Name,
        .. reserved,
    ]);

    /// <summary>The parameter through which the kernel reads a storage.</summary>
    public Buffer Read(Storage storage) => Use(storage, false);

    /// <summary>The parameter through which the kernel writes a storage.</summary>
    public Buffer Write(Storage storage) => Use(storage, true);

    /// <summary>The parameter for the stream to draw random numbers from.</summary>
    public IndexVariable Stream(int stream)
    {
        var known = streams.FindIndex(other => other.Stream == stream);
        if (known >= 0) return streams[known].Variable;
        var variable = StreamParameter(streams.Count);
        streams.Add((stream, variable));
        return variable;
    }

    /// <summary>A new parameter for a stream of random numbers.</summary>
    public static IndexVariable StreamParameter(int number) => new($"stream{number}");

    /// <summary>The size of an extent as an index.</summary>
    public static Index Size(Extent extent) => extent.IsBatch ? BatchSize : extent.Value;

    /// <summary>Finishes the kernel.</summary>
    public Launch Build(
        string name, IReadOnlyList<string> formula, IReadOnlyList<Statement> body, IReadOnlyList<Function> tiles, Partition partition)
    {
        var parameters = order.Select(storage => new BufferParameter(buffers[storage].Buffer, buffers[storage].Written)).ToArray();
        var main = new Function(name, "", parameters, [BatchSize, .. partition.Bounds, .. streams.Select(stream => stream.Variable)], body);
        return new Launch(new Kernel(name, formula, main, tiles, partition), [.. order], [.. streams.Select(stream => stream.Stream)]);
    }

    private Buffer Use(Storage part, bool written)
    {
        var storage = part.Whole;
        if (!buffers.TryGetValue(storage, out var buffer))
        {
            buffer = (new Buffer(Names.Unique(storage.Name), storage.Type), false);
            order.Add(storage);
        }

        buffers[storage] = (buffer.Buffer, buffer.Written || written);
        return buffer.Buffer;
    }
}
