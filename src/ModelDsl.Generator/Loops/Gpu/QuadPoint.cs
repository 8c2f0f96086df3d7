using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>
/// Four adjacent indices of a domain, in the thread that computes them. Four elements that are known to be adjacent and aligned in memory are loaded and stored at once, and an element that all of them share is loaded once.
/// </summary>
/// <param name="kernel">The kernel.</param>
/// <param name="storages">The buffers of the values.</param>
/// <param name="indices">The first of the indices along each axis.</param>
/// <param name="axis">The axis along which the indices are adjacent.</param>
/// <param name="views">The views of buffers as quads.</param>
/// <param name="use">Called for each buffer that is read or written.</param>
internal sealed class QuadPoint(KernelBuilder kernel, StorageMap storages, IReadOnlyList<Index> indices, int axis, QuadViews views, Action<Buffer>? use = null)
    : Point(kernel, storages, indices, use)
{
    private readonly Dictionary<Operand, Quad> quads = [];
    private readonly Dictionary<Operand, Variable> shared = [];

    public override int Count => BlockTile.QuadSize;

    public override IEnumerable<Statement> Store(ElementAccess access, Index distance, IReadOnlyList<Value> values) =>
        access.QuadAt(IndicesOf(0), axis) is { } offset && distance.DividedBy(Count) is { } apart
            ? [new StoreQuad(Used(views.Written(access.Storage)), offset + apart, values)] : base.Store(access, distance, values);

    protected override Value Load(StageWriter writer, Operand operand, int lane)
    {
        if (quads.TryGetValue(operand, out var quad)) return new QuadLane(quad, lane);
        if (shared.TryGetValue(operand, out var known)) return known;
        var access = AccessOf(operand);
        if (!access.DependsOn(axis)) return shared[operand] = writer.Name(base.Load(writer, operand, lane), operand.Node.Name);
        if (access.QuadAt(IndicesOf(0), axis) is not { } offset) return base.Load(writer, operand, lane);

        // The buffer has the name, and the value a name that differs.
        var view = Used(views.Read(access.Storage));
        quads[operand] = quad = new Quad(Kernel.Names.UniqueValue(operand.Node.Name));
        writer.Statements.Add(new LoadQuad(quad, view, offset));
        return new QuadLane(quad, lane);
    }

    protected override IReadOnlyList<Index> IndicesOf(int lane)
    {
        var own = base.IndicesOf(lane);
        return lane == 0 ? own : [.. own.Select((index, along) => along == axis ? index + lane : index)];
    }
}
