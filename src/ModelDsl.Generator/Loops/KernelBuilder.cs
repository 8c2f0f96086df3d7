using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops;

/// <summary>Collects the buffers of a kernel while its body is written: each storage becomes one parameter.</summary>
/// <param name="reserved">Names its body uses beside the common ones.</param>
internal sealed class KernelBuilder(params string[] reserved)
{
    private readonly Dictionary<Storage, (string Name, bool Written)> buffers = [];
    private readonly List<Storage> order = [];
    private readonly List<int> streams = [];

    /// <summary>Integers every kernel can count on: the batch size.</summary>
    public const string BatchSize = "n";

    public Names Names { get; } = new(
    [
        BatchSize, "worker", "seed", "number", "rowFrom", "rowTo", "panelFrom", "panelTo", "from", "to", "row", "sample", "column", "panel", "task", "piece",
        "count", "firstPanel", "lastPanel", "block", "slice", "position", "id", "i", "drawn", ThreadGroups.Thread, ThreadGroups.Group,
        .. reserved,
    ]);

    /// <summary>The parameter through which the kernel reads a storage.</summary>
    public string Read(Storage storage) => Use(storage, false);

    /// <summary>The parameter through which the kernel writes a storage.</summary>
    public string Write(Storage storage) => Use(storage, true);

    /// <summary>The parameter that says from which stream to draw random numbers.</summary>
    public Index Stream(int stream)
    {
        if (!streams.Contains(stream)) streams.Add(stream);
        return StreamName(streams.IndexOf(stream));
    }

    /// <summary>The name of a kernel's parameter for a stream of random numbers.</summary>
    public static string StreamName(int position) => $"stream{position}";

    /// <summary>The size of an extent in loops.</summary>
    public static Index Size(Extent extent) => extent.IsBatch ? BatchSize : extent.Value;

    /// <summary>Finishes the kernel.</summary>
    public Launch Build(
        string name, IReadOnlyList<string> formula, IReadOnlyList<Statement> body, IReadOnlyList<Function> tiles, Partition partition)
    {
        IReadOnlyList<string> integers = partition switch
        {
            Grid => ["rowFrom", "rowTo", "panelFrom", "panelTo"],
            Range => ["from", "to"],
            _ => [],
        };
        var parameters = order.Select(storage => new BufferParameter(buffers[storage].Name, storage.Type, buffers[storage].Written)).ToArray();
        var main = new Function(name, "", parameters, [BatchSize, .. integers, .. streams.Select((_, i) => StreamName(i))], body);
        return new Launch(new Kernel(name, formula, main, tiles, partition), [.. order], [.. streams]);
    }

    private string Use(Storage part, bool written)
    {
        var storage = part.Whole;
        if (!buffers.TryGetValue(storage, out var buffer))
        {
            buffer = (Names.Unique(storage.Name), false);
            order.Add(storage);
        }

        buffers[storage] = (buffer.Name, buffer.Written || written);
        return buffer.Name;
    }
}
