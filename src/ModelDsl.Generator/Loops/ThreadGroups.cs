using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Loops;

// What a target adds to the loop program whose workers are threads in groups: threads of a group share memory and meet at barriers.

/// <summary>A fixed number of threads in each of a number of groups; bodies know their place as <c>group</c> and <c>thread</c>.</summary>
/// <param name="Groups">How many groups there are.</param>
/// <param name="Threads">Threads of a group: a literal of the kernel.</param>
internal sealed record ThreadGroups(Index Groups, int Threads) : Partition
{
    /// <summary>The number of the thread in its group.</summary>
    public const string Thread = "thread";

    /// <summary>The number of the group.</summary>
    public const string Group = "group";
}

/// <summary>A comparison of integers: <paramref name="Operator"/> is &lt; or =.</summary>
internal sealed record Condition(Index Left, char Operator, Index Right)
{
    public static Condition Less(Index left, Index right) => new(left, '<', right);

    public static Condition Equal(Index left, Index right) => new(left, '=', right);
}

/// <summary>Runs the body where all conditions hold.</summary>
internal sealed record Guard(IReadOnlyList<Condition> Conditions, IReadOnlyList<Statement> Body) : Statement;

/// <summary>Memory the threads of a group share: so many floats, or so many quads of them.</summary>
internal sealed record SharedMemory(string Name, int Length, bool IsQuads = false) : Statement;

/// <summary>Every thread of the group waits here for the others; what they wrote to shared memory can be read behind it.</summary>
internal sealed record GroupBarrier : Statement;

/// <summary>In what units memory is read.</summary>
internal enum MemoryUnit
{
    Float,
    Quad,

    /// <summary>The bits of a float, as an integer.</summary>
    Bits,
}

/// <summary>Another name for a buffer or for shared memory, in other units.</summary>
internal sealed record SameMemory(string Name, string Buffer, MemoryUnit Unit) : Statement;

/// <summary>Reads four floats at once; zeros, without a look at memory, where not all conditions hold.</summary>
internal sealed record LoadQuad(string Name, string Buffer, Index Offset) : Statement
{
    public IReadOnlyList<Condition> Conditions { get; init; } = [];
}

/// <summary>Writes four floats at once.</summary>
internal sealed record StoreQuad(string Buffer, Index Offset, IReadOnlyList<Value> Values) : Statement;

/// <summary>
/// Combines a value of every thread by a fixed tree and names the result, which every thread gets. Threads whose numbers are equal modulo
/// <paramref name="Width"/> are combined with one another.
/// </summary>
internal sealed record CombineThreads(string Name, ReduceOp Op, string Shared, Value Value, int Threads, int Width = 1) : Statement;

/// <summary>Sums of products of matrices, so many per thread, that a warp keeps in registers of their own; all of them 0 at first.</summary>
internal sealed record MatrixSums(int Count) : Statement;

/// <summary>
/// The warp multiplies a fragment of 16 × 8 by one of 8 × 8 and adds to 16 × 8 sums, four of them, from <paramref name="First"/> on, in each thread. The names are
/// those of the thread's elements, as bits.
/// </summary>
internal sealed record MultiplyMatrices(int First, IReadOnlyList<string> A, IReadOnlyList<string> B) : Statement;

/// <summary>Names one of the sums of products of matrices.</summary>
internal sealed record ReadMatrixSum(string Name, int Number) : Statement;

/// <summary>The number with 10 bits behind the point, as tensor cores take it.</summary>
internal sealed record RoundedToTf32(Value Exact) : Value
{
    public override bool IsVector => false;
}

/// <summary>One of the four floats of a quad.</summary>
internal sealed record QuadLane(string Quad, int Lane) : Value
{
    public override bool IsVector => false;
}

/// <summary>The value where all conditions hold, and zero, without a look at memory, where not.</summary>
internal sealed record Guarded(IReadOnlyList<Condition> Conditions, Value Inside) : Value
{
    public override bool IsVector => false;
}

/// <summary>The uniform number in [0, 1) of one logical element of a row.</summary>
internal sealed record RandomNumber(Index Stream, Index Row, Index Element) : Value
{
    public override bool IsVector => false;
}
