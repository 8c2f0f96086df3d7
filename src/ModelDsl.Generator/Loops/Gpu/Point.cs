using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>One index of a domain, in the thread that computes it.</summary>
/// <param name="kernel">The kernel.</param>
/// <param name="storages">The buffers of the values.</param>
/// <param name="indices">The index along each axis.</param>
/// <param name="use">Called for each buffer that is read or written.</param>
internal sealed class Point(KernelBuilder kernel, StorageMap storages, IReadOnlyList<Index> indices, Action<Storage>? use = null)
{
    /// <summary>How pointwise stages read operands and indices at this point.</summary>
    /// <param name="writer">Writes the stages.</param>
    /// <param name="row">The number of the row among all rows, for random numbers.</param>
    /// <param name="element">The number of the element in its row.</param>
    public StageContext Context(StageWriter writer, Index row, Index element) => new(
        operand => operand.Node is RandomNode random
            ? writer.Name(new RandomNumber(kernel.Stream(random.Stream), row, element), random.Name)
            : Load(operand),
        axis => new IndexNumber(indices[axis]));

    /// <summary>The element of an operand.</summary>
    public Value Load(Operand operand)
    {
        var access = ElementAccess.Of(operand, indices.Count, storages.Of);
        use?.Invoke(access.Storage);
        return new LoadScalar(kernel.Read(access.Storage), access.At(indices));
    }

    /// <summary>Stores the element of a value.</summary>
    /// <param name="node">The value.</param>
    /// <param name="map">Its coordinates as functions of the indices of the domain.</param>
    /// <param name="value">The number to store.</param>
    public StoreScalar Store(Node node, IndexMap map, Value value)
    {
        var access = ElementAccess.Of(new Operand(node, map), indices.Count, storages.Of);
        use?.Invoke(access.Storage);
        return new StoreScalar(kernel.Write(access.Storage), access.At(indices), value);
    }
}
