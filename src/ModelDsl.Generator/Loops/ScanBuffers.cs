using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops;

/// <summary>
/// The buffers of a loop over time as the body sees them: without the time axis, starting at the first sample of a worker. One buffer contains a carried value with its whole
/// history, so that nothing is copied between steps.
/// </summary>
/// <param name="storages">The buffers outside the loop.</param>
/// <param name="group">The loop.</param>
internal sealed class ScanBuffers(StorageMap storages, Group group)
{
    private readonly ScanNode scan = (ScanNode)group.Anchor;
    private readonly Dictionary<Storage, OutsideBuffer> outsideBuffers = [];
    private readonly Dictionary<ScanResult, Storage> results = [];

    /// <summary>Whether a buffer is outside the loop and not one of the body's own.</summary>
    public bool IsGiven(Storage storage) => outsideBuffers.ContainsKey(storage);

    /// <summary>Whether a buffer is the same in all steps and for all samples.</summary>
    public bool IsSame(Storage storage) => outsideBuffers.TryGetValue(storage, out var buffer) && buffer.Offset.Literal == 0 && buffer.SampleStride == 0;

    /// <summary>The buffer outside the loop that a buffer of the body is a view of.</summary>
    public Storage Outside(Storage storage) => outsideBuffers.TryGetValue(storage, out var buffer) ? buffer.Storage : storage;

    /// <summary>One position of a result.</summary>
    public Storage Of(ScanResult result, Index position)
    {
        var shape = scan.ShapeOf(result);
        var storage = ResultOf(result, shape);
        return Given(new Access(storage, ((Strided)storage.Layout).Base, ((Strided)storage.Layout).Strides), shape, position);
    }

    /// <summary>One element of a sequence.</summary>
    public Storage Element(Node sequence, Index position) => Given(AccessOf(sequence), sequence.Shape, position);

    /// <summary>A value that is the same in all steps.</summary>
    public Storage Whole(Node value)
    {
        if (!Aliases.IsAlias(value) && !value.Shape.HasBatch)
        {
            var storage = storages.Of(value);
            outsideBuffers[storage] = new OutsideBuffer(storage, 0, 0);
            return storage;
        }

        return Given(AccessOf(value), value.Shape, null);
    }

    /// <summary>The argument of a function of the body for a buffer.</summary>
    public (Buffer Buffer, Index Offset) Argument(KernelBuilder kernel, Storage storage, bool isWritten)
    {
        var buffer = outsideBuffers.TryGetValue(storage, out var known) ? known : new OutsideBuffer(storage, 0, storage.Space == Space.Batched ? storage.Length : 0);
        return (isWritten ? kernel.Write(buffer.Storage) : kernel.Read(buffer.Storage), (Range.From * buffer.SampleStride) + buffer.Offset);
    }

    private Access AccessOf(Node node) => Access.Of(Operand.Whole(node), node.Shape.Rank, storages.Of);

    private Storage ResultOf(ScanResult result, Shape shape)
    {
        if (results.TryGetValue(result, out var known)) return known;
        var node = group.Members.OfType<ScanResultNode>().FirstOrDefault(member => member.Result == result && storages.IsStored(member));
        return results[result] = node is not null ? storages.Of(node)
            : storages.Scratch((result.Kind == ScanResultKind.History ? scan.Body.Next : scan.Body.Outputs)[result.Number], "", Space.Batched, Strided.RowMajor(shape), shape.Length);
    }

    /// <summary>Makes a buffer for the body.</summary>
    private Storage Given(Access access, Shape shape, Index? position)
    {
        var (strides, offset) = (access.Strides.ToList(), (Index)0);
        if (position is not null)
        {
            offset = position * strides[TimeAxis.Of(shape)];
            strides.RemoveAt(TimeAxis.Of(shape));
        }

        var outside = access.Storage;
        var storage = new Storage(outside.Name, outside.Space, new Strided(strides, access.Base), outside.Length, outside.Type);
        outsideBuffers[storage] = new OutsideBuffer(outside.Whole, offset, shape.HasBatch ? strides[0] : 0);
        return storage;
    }

    /// <summary>The location of a buffer of the body.</summary>
    /// <param name="Storage">The buffer outside the loop.</param>
    /// <param name="Offset">The offset of its first element in a step.</param>
    /// <param name="SampleStride">The distance between samples.</param>
    private sealed record OutsideBuffer(Storage Storage, Index Offset, int SampleStride);
}
