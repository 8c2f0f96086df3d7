namespace ModelDsl.Generator.Loops.Verification;

/// <summary>Evaluates the integers of a function in one task.</summary>
internal sealed class FunctionRun(SampledRun run) : LoopWalker
{
    public Dictionary<IndexVariable, int?> Integers { get; } = [];

    public Dictionary<Buffer, Cursor> Buffers { get; } = [];

    public void Run(IReadOnlyList<Statement> body) => Walk(body);

    public override Nothing Visit(Loop statement)
    {
        if (Of(statement.From) is not { } from || Of(statement.To) is not { } to || Of(statement.Step) is not { } step || step <= 0) return default;
        var iterations = Math.Max(0, (to - from + step - 1) / step);
        if (iterations == 0) return default;
        var before = Buffers.ToDictionary(pair => pair.Key, pair => pair.Value.Position);
        Iteration(statement, from);
        if (iterations == 1) return default;

        // Each iteration advances cursors by the same distance as the first.
        foreach (var pair in before)
        {
            var cursor = Buffers[pair.Key];
            Buffers[pair.Key] = cursor with { Position = cursor.Position + ((cursor.Position - pair.Value) * (iterations - 2)) };
        }

        Iteration(statement, from + ((iterations - 1) * step));
        return default;
    }

    public override Nothing Visit(If statement)
    {
        Walk(statement.Conditions);
        if (Holds(statement.Conditions) is { } holds) Walk(holds ? statement.Then : statement.Else);
        return default;
    }

    public override Nothing Visit(Call statement)
    {
        base.Visit(statement);
        var called = new FunctionRun(run);
        var function = statement.Function;
        for (var i = 0; i < function.Integers.Count; i++) called.Integers[function.Integers[i]] = Of(statement.Integers[i]);
        for (var i = 0; i < function.Buffers.Count; i++)
        {
            var (buffer, offset) = statement.Buffers[i];
            called.Buffers[function.Buffers[i].Buffer] = Buffers[buffer] with { Position = Buffers[buffer].At(Of(offset)) };
        }

        called.Run(function.Body);
        return default;
    }

    public override Nothing Visit(DeclareIndex statement)
    {
        Integers[statement.Variable] = Of(statement.Value);
        return default;
    }

    public override Nothing Visit(LoadIndex statement)
    {
        Access(statement.Buffer, statement.Offset, isWritten: false);
        Integers[statement.Variable] = null;
        return default;
    }

    public override Nothing Visit(DeclareCursor statement)
    {
        Buffers[statement.Cursor] = Buffers[statement.Buffer] with { Position = Buffers[statement.Buffer].At(Of(statement.Offset)) };
        return default;
    }

    public override Nothing Visit(Advance statement)
    {
        Buffers[statement.Cursor] = Buffers[statement.Cursor] with { Position = Buffers[statement.Cursor].At(Of(statement.By)) };
        return default;
    }

    public override Nothing Visit(DeclareArray statement)
    {
        var size = Size(statement.Buffer);
        Buffers[statement.Buffer] = new Cursor(null, statement.Length * size, size, 0);
        return default;
    }

    public override Nothing Visit(DeclareView statement)
    {
        Buffers[statement.View] = Buffers[statement.Buffer] with { Size = Size(statement.View) };
        return default;
    }

    public override Nothing Visit(StoreLanes statement)
    {
        Walk(statement.Value);
        Lanes(statement.Buffer, statement.Offset, statement.Count, statement.Stride, isWritten: true);
        return default;
    }

    public override Nothing Visit(StoreScalar statement)
    {
        Walk(statement.Value);
        Access(statement.Buffer, statement.Offset, isWritten: true);
        return default;
    }

    public override Nothing Visit(LoadLanes value)
    {
        Lanes(value.Buffer, value.Offset, value.Count, value.Stride, isWritten: false);
        return default;
    }

    public override Nothing Visit(LoadScalar value)
    {
        Access(value.Buffer, value.Offset, isWritten: false);
        return default;
    }

    public override Nothing Visit(Guarded value)
    {
        if (Holds(value.Conditions) == true) Walk(value.Inside);
        return default;
    }

    public override Nothing Visit(LoadQuad statement)
    {
        if (Holds(statement.Conditions) == true) Access(statement.Buffer, statement.Offset, isWritten: false);
        return default;
    }

    public override Nothing Visit(StoreQuad statement)
    {
        base.Visit(statement);
        Access(statement.Buffer, statement.Offset, isWritten: true);
        return default;
    }

    public override Nothing Visit(TransposeBlock statement)
    {
        if (Of(statement.Rows) is not { } rows || Of(statement.Columns) is not { } columns || rows <= 0) return default;
        foreach (var row in new[] { 0, rows - 1 })
        {
            if (columns > 0) Access(statement.Source, statement.SourceOffset + row, isWritten: false);
            if (columns > 0) Access(statement.Source, statement.SourceOffset + ((columns - 1) * statement.SourceStride) + row, isWritten: false);
            Access(statement.Target, statement.TargetOffset + (row * statement.TargetStride), isWritten: true);
            Access(statement.Target, statement.TargetOffset + ((row * statement.TargetStride) + Value.Lanes - 1), isWritten: true);
        }

        return default;
    }

    private void Iteration(Loop loop, int at)
    {
        Integers[loop.Variable] = at;
        Walk(loop.Body);
    }

    private int? Of(Index index) => IndexValue.Of(index, Integers);

    /// <summary>Whether conditions hold, evaluated in order; null if that depends on values read from memory.</summary>
    private bool? Holds(IReadOnlyList<Condition> conditions)
    {
        foreach (var condition in conditions)
        {
            if (Of(condition.Left) is not { } left || Of(condition.Right) is not { } right) return null;
            if (condition.Comparison == Comparison.Less ? left >= right : left != right) return false;
        }

        return true;
    }

    private void Lanes(Buffer buffer, Index offset, Index count, int stride, bool isWritten)
    {
        if (Of(count) is not { } lanes || lanes <= 0) return;
        Access(buffer, offset, isWritten);
        Access(buffer, offset + ((Math.Min(lanes, Value.Lanes) - 1) * stride), isWritten);
    }

    private void Access(Buffer buffer, Index offset, bool isWritten)
    {
        var cursor = Buffers[buffer];
        var first = cursor.At(Of(offset));
        run.Access(cursor, first, isWritten);
        if (cursor.Size > 1) run.Access(cursor, first + cursor.Size - 1, isWritten);
    }

    private static int Size(Buffer buffer) => buffer.Element == BufferElement.Quad ? 4 : 1;
}
