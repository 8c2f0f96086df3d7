using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Loops;

// What a target adds to the loop program whose workers are threads in groups: threads of a group share memory and meet at barriers.

/// <summary>A fixed number of threads in each of a number of groups; bodies know their numbers as <see cref="Group"/> and <see cref="Thread"/>.</summary>
/// <param name="Groups">How many groups there are.</param>
/// <param name="Threads">Threads of a group: a literal of the kernel.</param>
internal sealed record ThreadGroups(Index Groups, int Threads) : Partition
{
    /// <summary>The number of the thread in its group.</summary>
    public static IndexVariable Thread { get; } = new("thread");

    /// <summary>The number of the group.</summary>
    public static IndexVariable Group { get; } = new("group");

    public override IReadOnlyList<IndexVariable> Bounds => [];
}

/// <summary>Memory the threads of a group share: so many floats, or so many quads of them.</summary>
internal sealed record SharedMemory(Buffer Buffer, int Length) : Statement
{
    public override T Accept<T>(IStatementVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Every thread of the group waits here for the others; what they wrote to shared memory can be read behind it.</summary>
internal sealed record GroupBarrier : Statement
{
    public override T Accept<T>(IStatementVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Declares a view: another name for a buffer or for shared memory, in other units.</summary>
internal sealed record DeclareView(Buffer View, Buffer Buffer) : Statement
{
    public override T Accept<T>(IStatementVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Reads four floats at once; zeros, without a look at memory, where not all conditions hold.</summary>
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
/// Reduces a value of every thread by a fixed tree and names the result, which every thread gets. Threads whose numbers are equal modulo
/// <paramref name="Width"/> are reduced with one another.
/// </summary>
internal sealed record ReduceThreads(Variable Variable, ReduceOp Op, Buffer Shared, Value Value, int Threads, int Width = 1) : Statement
{
    public override T Accept<T>(IStatementVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Declares accumulators of matrix products, all of them 0 at first.</summary>
internal sealed record DeclareMatrixTile(MatrixTile Tile) : Statement
{
    public override T Accept<T>(IStatementVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>
/// The warp multiplies a fragment of 16 × 8 by one of 8 × 8 and adds to 16 × 8 sums, four of them, from <paramref name="First"/> on, in each thread. The variables
/// are the thread's elements, as bits.
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

/// <summary>The number with 10 bits behind the point, as tensor cores take it.</summary>
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

/// <summary>The value where all conditions hold, and zero, without a look at memory, where not.</summary>
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
