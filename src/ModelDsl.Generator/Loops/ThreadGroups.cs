using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Loops;

// The extension of the loop program for targets whose workers are threads in groups. Threads of a group share memory and synchronize at barriers.

/// <summary>A number of groups with a fixed number of threads each. Bodies refer to their numbers as <see cref="Group"/> and <see cref="Thread"/>.</summary>
/// <param name="Groups">The number of groups.</param>
/// <param name="Threads">The number of threads of a group, a literal of the kernel.</param>
internal sealed record ThreadGroups(Index Groups, int Threads) : Partition
{
    /// <summary>The number of the thread within its group.</summary>
    public static IndexVariable Thread { get; } = new("thread");

    /// <summary>The number of the group.</summary>
    public static IndexVariable Group { get; } = new("group");

    public override IReadOnlyList<IndexVariable> Bounds => [];
}

/// <summary>Every thread of the group waits here for the others. After the barrier, threads can read what others wrote to shared memory before it.</summary>
internal sealed record GroupBarrier : Statement
{
    public override T Accept<T>(IStatementVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Declares a view: another name for a buffer or for shared memory, in other units.</summary>
internal sealed record DeclareView(Buffer View, Buffer Buffer) : Statement
{
    public override T Accept<T>(IStatementVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Loads four floats at once. If not all conditions hold, the result is zeros and memory is not accessed.</summary>
internal sealed record LoadQuad(Quad Quad, Buffer Buffer, Index Offset) : Statement
{
    public IReadOnlyList<Condition> Conditions { get; init; } = [];

    public override T Accept<T>(IStatementVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Writes four floats at once.</summary>
internal sealed record StoreQuad(Buffer Buffer, Index Offset, IReadOnlyList<Value> Values) : Statement
{
    public override T Accept<T>(IStatementVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>
/// Reduces a value of every thread by a fixed tree and names the result, which every thread receives. Threads whose numbers are equal modulo <paramref name="Width"/> are reduced
/// together.
/// </summary>
internal sealed record ReduceThreads(Variable Variable, ReduceOp Op, Buffer Shared, Value Value, int Threads, int Width = 1) : Statement
{
    public override T Accept<T>(IStatementVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Declares accumulators of matrix products with the initial value 0.</summary>
internal sealed record DeclareMatrixTile(MatrixTile Tile) : Statement
{
    public override T Accept<T>(IStatementVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>
/// The warp multiplies a 16 × 8 fragment by an 8 × 8 fragment and adds the product to 16 × 8 sums: four accumulators in each thread, from <paramref name="First"/> on. The
/// variables are the elements of the thread, as bits.
/// </summary>
internal sealed record MultiplyMatrices(MatrixTile Tile, int First, IReadOnlyList<IndexVariable> A, IReadOnlyList<IndexVariable> B) : Statement
{
    public override T Accept<T>(IStatementVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Names one of the accumulators of matrix products.</summary>
internal sealed record ReadMatrixTile(Variable Variable, MatrixTile Tile, int Number) : Statement
{
    public override T Accept<T>(IStatementVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>The number rounded to 10 fraction bits, as tensor cores use it.</summary>
internal sealed record RoundedToTf32(Value Exact) : Value
{
    public override bool IsVector => false;

    public override T Accept<T>(IValueVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>One of the four floats of a quad.</summary>
internal sealed record QuadLane(Quad Quad, int Lane) : Value
{
    public override bool IsVector => false;

    public override T Accept<T>(IValueVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>The value if all conditions hold; otherwise zero, without an access to memory.</summary>
internal sealed record Guarded(IReadOnlyList<Condition> Conditions, Value Inside) : Value
{
    public override bool IsVector => false;

    public override T Accept<T>(IValueVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>The uniform number in [0, 1) of one logical element of a row.</summary>
internal sealed record RandomNumber(Index Stream, Index Row, Index Element) : Value
{
    public override bool IsVector => false;

    public override T Accept<T>(IValueVisitor<T> visitor) => visitor.Visit(this);
}
