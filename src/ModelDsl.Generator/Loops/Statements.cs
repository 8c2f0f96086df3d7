namespace ModelDsl.Generator.Loops;

/// <summary>A step of a kernel. Vector statements touch the first <c>Count</c> lanes only.</summary>
internal abstract record Statement;

/// <summary>Declares a value. Lanes from <paramref name="Lanes"/> on are left out where a target can leave out whole registers.</summary>
internal sealed record Declare(string Name, Value Value, int Lanes = Value.Lanes, bool Mutable = false) : Statement;

/// <summary>Gives a mutable value a new one, in the first <paramref name="Lanes"/> lanes.</summary>
internal sealed record Assign(string Name, Value Value, int Lanes = Value.Lanes) : Statement;

/// <summary>Writes lanes below <paramref name="Count"/> to places that lie <paramref name="Stride"/> apart.</summary>
internal sealed record StoreLanes(string Buffer, Index Offset, Value Value, Index Count, int Stride = 1) : Statement;

/// <summary>Writes one number.</summary>
internal sealed record StoreScalar(string Buffer, Index Offset, Value Value) : Statement;

/// <summary>Names an integer.</summary>
internal sealed record DeclareIndex(string Name, Index Value) : Statement;

/// <summary>Reads an integer from a buffer of integers.</summary>
internal sealed record LoadIndex(string Name, string Buffer, Index Offset) : Statement;

/// <summary>Names a place in a buffer, from which later accesses count.</summary>
internal sealed record DeclareCursor(string Name, string Buffer, Index Offset) : Statement;

/// <summary>Moves a cursor.</summary>
internal sealed record Advance(string Cursor, Index By) : Statement;

/// <summary>Repeats the body for variable = from, from + step, … while below to.</summary>
internal sealed record Loop(string Variable, Index From, Index To, Index Step, IReadOnlyList<Statement> Body) : Statement;

/// <summary>Runs one of two bodies: the first when left is less than right. Never stands inside a sum.</summary>
internal sealed record If(Index Left, Index Right, IReadOnlyList<Statement> Then, IReadOnlyList<Statement> Else) : Statement;

/// <summary>Calls a function of the same kernel: arguments are cursors with offsets first, then integers, then numbers.</summary>
internal sealed record Call(Function Function, IReadOnlyList<(string Buffer, Index Offset)> Cursors, IReadOnlyList<Index> Integers) : Statement
{
    public IReadOnlyList<Value> Numbers { get; init; } = [];
}

/// <summary>A remark for the reader of the generated text.</summary>
internal sealed record Remark(string Text) : Statement;

/// <summary>
/// Copies a block of <paramref name="Rows"/> × <paramref name="Columns"/> numbers, at most 16 × 16, transposed: column c of the source becomes row c of
/// the target, sixteen lanes wide with zeros behind the last.
/// </summary>
internal sealed record TransposeBlock(
    string Target, Index TargetOffset, int TargetStride, string Source, Index SourceOffset, int SourceStride, Index Rows, Index Columns) : Statement;
