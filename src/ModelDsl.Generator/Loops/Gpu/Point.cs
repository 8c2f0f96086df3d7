using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>One index of a domain, in the thread that computes it.</summary>
/// <param name="kernel">The kernel.</param>
/// <param name="storages">The buffers of the values.</param>
/// <param name="indices">The index along each axis.</param>
/// <param name="use">Called for each buffer that is read or written.</param>
internal class Point(KernelBuilder kernel, StorageMap storages, IReadOnlyList<Index> indices, Action<Buffer>? use = null)
{
    /// <summary>The number of elements that the thread computes at once.</summary>
    public virtual int Count => 1;

    /// <summary>How pointwise stages read operands and indices at this point.</summary>
    /// <param name="writer">Writes the stages.</param>
    /// <param name="row">The number of the row among all rows, for random numbers.</param>
    /// <param name="element">The number of the first element in its row.</param>
    /// <param name="lane">The number of the element among those that the thread computes at once.</param>
    public StageContext Context(StageWriter writer, Index row, Index element, int lane = 0) => new(
        operand => operand.Node is RandomNode random
            ? writer.Name(new RandomNumber(kernel.Stream(random.Stream), row, element + lane), random.Name)
            : Load(writer, operand, lane),
        axis => new IndexNumber(IndicesOf(lane)[axis]));

    /// <summary>Stores the element of a value.</summary>
    /// <param name="node">The value.</param>
    /// <param name="map">Its coordinates as functions of the indices of the domain.</param>
    /// <param name="value">The number to store.</param>
    public StoreScalar Store(Node node, IndexMap map, Value value) => Store(AccessOf(new Operand(node, map)), 0, value, 0);

    /// <summary>Stores the elements of a value.</summary>
    /// <param name="node">The value. It has the domain of this point.</param>
    /// <param name="values">The number of each element.</param>
    public IEnumerable<Statement> Store(Node node, IReadOnlyList<Value> values) => Store(AccessOf(new Operand(node, IndexMap.Identity(indices.Count))), 0, values);

    /// <summary>Stores elements.</summary>
    /// <param name="access">The elements.</param>
    /// <param name="distance">A distance that is added to their offsets.</param>
    /// <param name="values">The number of each element.</param>
    public virtual IEnumerable<Statement> Store(ElementAccess access, Index distance, IReadOnlyList<Value> values) => values.Select((value, lane) => Store(access, distance, value, lane));

    /// <summary>The element of an operand.</summary>
    protected virtual Value Load(StageWriter writer, Operand operand, int lane)
    {
        var access = AccessOf(operand);
        return new LoadScalar(Used(kernel.Read(access.Storage)), access.At(IndicesOf(lane)));
    }

    /// <summary>The indices of an element.</summary>
    protected virtual IReadOnlyList<Index> IndicesOf(int lane) => indices;

    protected KernelBuilder Kernel => kernel;

    protected ElementAccess AccessOf(Operand operand) => ElementAccess.Of(operand, indices.Count, storages.Of);

    protected Buffer Used(Buffer buffer)
    {
        use?.Invoke(buffer);
        return buffer;
    }

    private StoreScalar Store(ElementAccess access, Index distance, Value value, int lane) => new(Used(kernel.Write(access.Storage)), access.At(IndicesOf(lane)) + distance, value);
}
