using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>The strides and extents of a kernel's tiles, as variables. Tiles of kernels that differ in nothing else become the same method.</summary>
/// <param name="plan">What the tiles share.</param>
internal sealed class TileSizes(ContractPlan plan)
{
    private readonly Dictionary<string, FunctionSize> sizes = [];

    /// <summary>All sizes that have been used.</summary>
    public IReadOnlyCollection<FunctionSize> All => sizes.Values;

    /// <summary>The distance between two rows in a buffer.</summary>
    public Index RowStride(PanelCursor cursor) => Of(Role(cursor) + "RowStride", plan.RowStride(cursor));

    /// <summary>The distance between two positions of a range in a buffer.</summary>
    public Index PositionStride(PanelCursor cursor) => cursor == plan.A || cursor == plan.B ? Of(Role(cursor) + "PositionStride", plan.RangeStride(cursor)) : InnerStride(cursor);

    /// <summary>The distance between two panels in a buffer.</summary>
    public Index PanelStride(PanelCursor cursor) => cursor == plan.B ? cursor.Access.Storage.Layout is Memory.Panels ? Of("PanelStride", cursor.Access.PanelStride) : cursor.Access.PanelStride
        : cursor == plan.A ? cursor.Access.PanelStride : InnerStride(cursor);

    /// <summary>The distance in the buffer of an operand or result between two positions of a range. Without a range, it is the distance between two panels.</summary>
    public Index InnerStride(PanelCursor cursor) => Of(Role(cursor) + "InnerStride", plan.PositionRange is null ? cursor.Access.PanelStride : plan.RangeStride(cursor));

    /// <summary>The offset of an element of a window from the first.</summary>
    public Index ElementOffset(PanelCursor cursor, int element)
    {
        Index offset = 0;
        for (var i = 0; plan.Window is { } window && i < window.Elements.Count; i++)
        {
            offset += Of($"{Role(cursor)}ElementStride{i}", cursor.Access.Strides[window.Elements[i]]) * window.Points[element][i];
        }

        return offset;
    }

    /// <summary>The number of iterations of a loop of the sum, or of its iterations per sample if the loop runs over the batch.</summary>
    public Index Extent(int depth)
    {
        var (name, size) = (Names.Pascal(plan.SumNames[depth]), plan.Summed[depth].Size);
        if (size.Literal is { } literal) return Of(name, literal);
        return size.FactorOf(KernelBuilder.BatchSize) is { } perSample ? KernelBuilder.BatchSize * Of($"{name}PerSample", perSample) : size;
    }

    /// <summary>The distance that an operand advances in an iteration of a loop of the sum.</summary>
    public Index Step(int depth, int operand) => Of($"{Operand(operand)}Step{Depth(depth)}", plan.Summed[depth].Strides[operand]);

    /// <summary>The same after an inner loop, which has already advanced the operand.</summary>
    public Index StepBehind(int depth, int operand)
    {
        var inner = plan.Summed[depth + 1];
        return inner.Size.Literal is { } size
            ? Of($"{Operand(operand)}Next{Depth(depth)}", checked(plan.Summed[depth].Strides[operand] - (size * inner.Strides[operand])))
            : Step(depth, operand) - (inner.Size * Step(depth + 1, operand));
    }

    /// <summary>The number of terms of a block after which another block follows; 0 if the tiles do not load the next block ahead.</summary>
    public Index Ahead => OrZero("Ahead", plan.Ahead);

    /// <summary>The distance from a term of an operand to the same term of the next block; 0 if it is not loaded ahead.</summary>
    public Index Following(int operand) => OrZero(Operand(operand) + "Ahead", plan.IsFar(plan.Cursors[operand]) ? plan.Ahead * plan.Summed[0].Strides[operand] : 0);

    private string Depth(int depth) => plan.Summed.Count == 1 ? "" : $"{depth}";

    private static string Operand(int operand) => operand == 0 ? "Rows" : "Panel";

    private string Role(PanelCursor cursor) => cursor == plan.A ? "" : Names.Pascal(cursor.Name);

    private Index Of(string name, int value)
    {
        return value == 0 ? 0 : OrZero(name, value);
    }

    private IndexVariable OrZero(string name, int value)
    {
        if (!sizes.TryGetValue(name, out var known)) sizes.Add(name, known = new FunctionSize(new IndexVariable(name), value));
        return known.Value == value ? known.Variable : throw new InvalidOperationException($"The size {name} of a tile is {known.Value} and {value}.");
    }
}
