namespace ModelDsl.Generator.Loops;

/// <summary>A statement of a loop program. Vector statements access the first <c>Count</c> lanes only.</summary>
internal abstract record Statement
{
    public abstract T Accept<T>(IStatementVisitor<T> visitor);

    public sealed override string ToString() => LoopPrinter.Print(this);
}

/// <summary>Declares a variable. Lanes from <paramref name="Lanes"/> on are omitted if a target can omit whole registers.</summary>
internal sealed record Declare(Variable Variable, Value Value, int Lanes = Value.Lanes, bool Mutable = false) : Statement
{
    public override T Accept<T>(IStatementVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Declares all elements of a register tile, each with the same value.</summary>
/// <param name="Tile">The tile.</param>
/// <param name="Value">The initial value of all elements.</param>
/// <param name="Lanes">For each column, the number of lanes that exist; empty for a tile of scalars.</param>
internal sealed record DeclareTile(RegisterTile Tile, Value Value, IReadOnlyList<int> Lanes) : Statement
{
    public override T Accept<T>(IStatementVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Assigns a new value to the first <paramref name="Lanes"/> lanes of a mutable variable or of an element of a tile.</summary>
internal sealed record Assign(Local Target, Value Value, int Lanes = Value.Lanes) : Statement
{
    public override T Accept<T>(IStatementVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Stores the lanes below <paramref name="Count"/> in elements at a distance of <paramref name="Stride"/>.</summary>
internal sealed record StoreLanes(Buffer Buffer, Index Offset, Value Value, Index Count, int Stride = 1) : Statement
{
    public override T Accept<T>(IStatementVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Writes one number.</summary>
internal sealed record StoreScalar(Buffer Buffer, Index Offset, Value Value) : Statement
{
    public override T Accept<T>(IStatementVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Names an integer.</summary>
internal sealed record DeclareIndex(IndexVariable Variable, Index Value) : Statement
{
    public override T Accept<T>(IStatementVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Reads an integer from a buffer of integers or bits.</summary>
internal sealed record LoadIndex(IndexVariable Variable, Buffer Buffer, Index Offset) : Statement
{
    public override T Accept<T>(IStatementVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>
/// Declares an array that exists during a call of the function. <paramref name="Length"/> counts floats or quads. On targets with groups of threads it is in memory that the threads
/// of a group share.
/// </summary>
internal sealed record DeclareArray(Buffer Buffer, int Length) : Statement
{
    public override T Accept<T>(IStatementVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Declares a cursor: a buffer that begins at an offset of another buffer.</summary>
internal sealed record DeclareCursor(Buffer Cursor, Buffer Buffer, Index Offset) : Statement
{
    public override T Accept<T>(IStatementVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Advances a cursor or a parameter.</summary>
internal sealed record Advance(Buffer Cursor, Index By) : Statement
{
    public override T Accept<T>(IStatementVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Repeats the body for variable = from, from + step, … while below to.</summary>
internal sealed record Loop(IndexVariable Variable, Index From, Index To, Index Step, IReadOnlyList<Statement> Body) : Statement
{
    public override T Accept<T>(IStatementVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>How two integers are compared.</summary>
internal enum Comparison
{
    Less,
    Equal,
}

/// <summary>A comparison of integers.</summary>
internal sealed record Condition(Index Left, Comparison Comparison, Index Right)
{
    public static Condition Less(Index left, Index right) => new(left, Comparison.Less, right);

    public static Condition Equal(Index left, Index right) => new(left, Comparison.Equal, right);

    public override string ToString() => LoopPrinter.Print(this);
}

/// <summary>Runs the first body if all conditions hold, and the second body otherwise.</summary>
internal sealed record If(IReadOnlyList<Condition> Conditions, IReadOnlyList<Statement> Then, IReadOnlyList<Statement> Else) : Statement
{
    public If(Condition condition, IReadOnlyList<Statement> then, IReadOnlyList<Statement> otherwise)
        : this([condition], then, otherwise)
    {
    }

    public If(IReadOnlyList<Condition> conditions, IReadOnlyList<Statement> then)
        : this(conditions, then, [])
    {
    }

    public override T Accept<T>(IStatementVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Calls a function of the same kernel. The arguments are buffers with offsets, then integers, then numbers.</summary>
internal sealed record Call(Function Function, IReadOnlyList<(Buffer Buffer, Index Offset)> Buffers, IReadOnlyList<Index> Integers) : Statement
{
    public IReadOnlyList<Value> Numbers { get; init; } = [];

    public override T Accept<T>(IStatementVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>
/// Copies a block of <paramref name="Rows"/> × <paramref name="Columns"/> numbers, at most 16 × 16, transposed. Column c of the source becomes row c of the target: sixteen
/// lanes, with zeros after the last number.
/// </summary>
internal sealed record TransposeBlock(
    Buffer Target, Index TargetOffset, int TargetStride, Buffer Source, Index SourceOffset, int SourceStride, Index Rows, Index Columns) : Statement
{
    public override T Accept<T>(IStatementVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Asks the processor to load <paramref name="Rows"/> × <paramref name="Columns"/> numbers into its cache, because they are read soon. It reads nothing.</summary>
internal sealed record Prefetch(Buffer Buffer, Index Offset, int Stride, int Rows, int Columns) : Statement
{
    /// <summary>Asks the processor to load one line into its level-2 cache, because it is read by one of the next tiles.</summary>
    public static Prefetch Line(Buffer buffer, Index offset) => new(buffer, offset, 0, 1, 1) { IsLine = true };

    /// <summary>Whether it loads one line into the level-2 cache.</summary>
    public bool IsLine { get; private init; }

    public override T Accept<T>(IStatementVisitor<T> visitor) => visitor.Visit(this);
}
