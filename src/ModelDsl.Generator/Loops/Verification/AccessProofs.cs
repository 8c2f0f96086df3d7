using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Verification;

/// <summary>
/// Proves for one batch size that every access of a kernel is within its buffer, from bounds of linear indices, and reports the accesses for which there is no proof. An access
/// without a proof need not be wrong: it may depend on integers that are read from memory, or on bounds that are not linear.
/// </summary>
internal sealed class AccessProofs(Launch launch, int n) : AccessWalk
{
    private readonly Dictionary<Buffer, Storage> storages = [];
    private readonly List<string> unproven = [];

    /// <summary>The number of proven accesses.</summary>
    public int Proven { get; private set; }

    /// <summary>The accesses that are not proven.</summary>
    public IReadOnlyList<string> Unproven()
    {
        Facts.Define(KernelBuilder.BatchSize, n);
        for (var i = 0; i < launch.Buffers.Count; i++) storages[launch.Kernel.Main.Buffers[i].Buffer] = launch.Buffers[i];
        Walk(launch.Kernel, [.. launch.Buffers.Select(storage => storage.Space is Space.Batched or Space.Column or Space.Cache ? checked(storage.Length * n) : storage.Length)]);
        return unproven;
    }

    protected override void Access(object what, BufferRange range, Index first, Index last)
    {
        var isInside = range.Position is not null && Facts.Lower(range.At(first)) >= 0 && Facts.Upper(range.At(last) + (range.Size - 1)) < range.Length;
        var name = storages.TryGetValue(range.Root, out var storage) ? storage.Name : range.Root.Name;
        if (isInside) Proven++;
        else unproven.Add($"{Function.Name}: {what}, in {name} of {range.Length} elements, for n = {n}{(IsRead(range, first) ? ", depends on an integer read from memory" : "")}");
    }

    private bool IsRead(BufferRange range, Index offset) => Facts.IsOfMemory(offset) || (range.Position is not null && Facts.IsOfMemory(range.Position));
}
