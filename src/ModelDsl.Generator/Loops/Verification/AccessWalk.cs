namespace ModelDsl.Generator.Loops.Verification;

/// <summary>Visits the accesses of a kernel with what is known about the variables of their offsets.</summary>
internal abstract class AccessWalk : LoopWalker
{
    private Dictionary<Buffer, BufferRange> ranges = [];

    /// <summary>What is known about the variables at the current access.</summary>
    protected IndexFacts Facts { get; } = new();

    /// <summary>The function of the current access.</summary>
    protected Function Function { get; private set; } = null!;

    /// <summary>Visits all accesses of a kernel. A derived class has added its facts about the batch size.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="lengths">The length of the buffer of each parameter.</param>
    protected void Walk(Kernel kernel, IReadOnlyList<int> lengths)
    {
        var main = kernel.Main;
        foreach (var stream in main.Integers.Skip(1 + kernel.Partition.Bounds.Count)) Facts.Bound(stream, 0, int.MaxValue);
        switch (kernel.Partition)
        {
            case ThreadGroups groups:
                Facts.Bound(ThreadGroups.Group, 0, groups.Groups - 1);
                Facts.Bound(ThreadGroups.Thread, 0, groups.Threads - 1);
                break;
            case Range range:
                Share(Range.From, Range.To, range.Count);
                break;
            case Grid grid:
                Share(Grid.RowFrom, Grid.RowTo, grid.Rows);
                Share(Grid.PanelFrom, Grid.PanelTo, grid.Panels);
                break;
        }

        for (var i = 0; i < main.Buffers.Count; i++) ranges[main.Buffers[i].Buffer] = new BufferRange(main.Buffers[i].Buffer, lengths[i], 1, 0);
        Function = main;
        Walk(main.Body);
    }

    /// <summary>Visits an access to elements from one position to another.</summary>
    /// <param name="what">The statement or value.</param>
    /// <param name="range">The buffer.</param>
    /// <param name="first">The offset of the first element.</param>
    /// <param name="last">The offset of the last element.</param>
    protected abstract void Access(object what, BufferRange range, Index first, Index last);

    private void Access(object what, Buffer buffer, Index first, Index last) => Access(what, ranges[buffer], first, last);

    private void Share(IndexVariable from, IndexVariable to, Index count)
    {
        Facts.Bound(to, 0, count);
        Facts.Bound(from, 0, to);
    }

    public override Nothing Visit(DeclareIndex statement)
    {
        Facts.Define(statement.Variable, statement.Value);
        return default;
    }

    public override Nothing Visit(LoadIndex statement)
    {
        Access(statement, statement.Buffer, statement.Offset, statement.Offset);
        Facts.Forget(statement.Variable);
        return default;
    }

    public override Nothing Visit(Loop statement)
    {
        var isMultiple = statement.Step.Literal is { } step && Facts.IsMultiple(statement.To, statement.From, step);
        var outside = ranges;
        var moves = CursorMoves.In(statement.Body);
        var assumed = Facts.Assume([Condition.Less(statement.From, statement.To)]);
        Facts.Bound(statement.Variable, statement.From, statement.To - (isMultiple ? statement.Step : 1));
        var iteration = statement.Step.Literal == 1 ? statement.Variable - statement.From : (statement.Variable - statement.From) / statement.Step;
        ranges = outside.ToDictionary(range => range.Key, range => range.Value.Moved(moves, range.Key, iteration));
        Walk(statement.Body);
        Facts.Drop(assumed);

        // The number of iterations. It must not be negative.
        Index? times = statement.Step.Literal == 1 && (moves.Count == 0 || Facts.Lower(statement.To - statement.From) >= 0) ? statement.To - statement.From : null;
        ranges = outside.ToDictionary(range => range.Key, range => range.Value.Moved(moves, range.Key, times));
        return default;
    }

    public override Nothing Visit(If statement)
    {
        var outside = ranges;
        var moves = CursorMoves.In([statement]);
        var assumed = Facts.Assume(statement.Conditions);
        ranges = new(outside);
        Walk(statement.Then);
        Facts.Drop(assumed);
        if (statement.Conditions.Count == 1 && statement.Conditions[0] is { Comparison: Comparison.Less } condition)
        {
            assumed = Facts.Assume([Condition.Less(condition.Right - 1, condition.Left)]);
        }

        ranges = new(outside);
        Walk(statement.Else);
        Facts.Drop(assumed);
        ranges = outside.ToDictionary(range => range.Key, range => range.Value.Moved(moves, range.Key, null));
        return default;
    }

    public override Nothing Visit(Call statement)
    {
        base.Visit(statement);
        var (outside, caller, called) = (ranges, Function, statement.Function);
        ranges = [];
        for (var i = 0; i < called.Buffers.Count; i++)
        {
            var (buffer, offset) = statement.Buffers[i];
            ranges[called.Buffers[i].Buffer] = outside[buffer].Plus(offset);
        }

        for (var i = 0; i < called.Integers.Count; i++) Facts.Define(called.Integers[i], statement.Integers[i]);
        Function = called;
        Walk(called.Body);
        (ranges, Function) = (outside, caller);
        return default;
    }

    public override Nothing Visit(DeclareCursor statement)
    {
        ranges[statement.Cursor] = ranges[statement.Buffer].Plus(statement.Offset);
        return default;
    }

    public override Nothing Visit(Advance statement)
    {
        ranges[statement.Cursor] = ranges[statement.Cursor].Plus(statement.By);
        return default;
    }

    public override Nothing Visit(DeclareArray statement)
    {
        var size = Size(statement.Buffer);
        ranges[statement.Buffer] = new BufferRange(statement.Buffer, statement.Length * size, size, 0);
        return default;
    }

    public override Nothing Visit(DeclareView statement)
    {
        ranges[statement.View] = ranges[statement.Buffer] with { Size = Size(statement.View) };
        return default;
    }

    public override Nothing Visit(StoreLanes statement)
    {
        Walk(statement.Value);
        Lanes(statement, statement.Buffer, statement.Offset, statement.Count, statement.Stride);
        return default;
    }

    public override Nothing Visit(StoreScalar statement)
    {
        Walk(statement.Value);
        Access(statement, statement.Buffer, statement.Offset, statement.Offset);
        return default;
    }

    public override Nothing Visit(LoadLanes value)
    {
        Lanes(value, value.Buffer, value.Offset, value.Count, value.Stride);
        return default;
    }

    public override Nothing Visit(LoadScalar value)
    {
        Access(value, value.Buffer, value.Offset, value.Offset);
        return default;
    }

    public override Nothing Visit(Guarded value)
    {
        var assumed = Facts.Assume(value.Conditions);
        Walk(value.Inside);
        Facts.Drop(assumed);
        return default;
    }

    public override Nothing Visit(LoadQuad statement)
    {
        var assumed = Facts.Assume(statement.Conditions);
        Access(statement, statement.Buffer, statement.Offset, statement.Offset);
        Facts.Drop(assumed);
        return default;
    }

    public override Nothing Visit(StoreQuad statement)
    {
        base.Visit(statement);
        Access(statement, statement.Buffer, statement.Offset, statement.Offset);
        return default;
    }

    public override Nothing Visit(TransposeBlock statement)
    {
        var assumed = Facts.Assume([Condition.Less(0, statement.Rows), Condition.Less(0, statement.Columns)]);
        var (row, column) = (statement.Rows - 1, (statement.Columns - 1) * statement.SourceStride);
        Access(statement, statement.Source, statement.SourceOffset, statement.SourceOffset + column + row);
        Facts.Drop(assumed);
        Access(statement, statement.Target, statement.TargetOffset, statement.TargetOffset + (row * statement.TargetStride) + (Value.Lanes - 1));
        return default;
    }

    /// <summary>Checks lanes below a count. If any lane exists, the first does.</summary>
    private void Lanes(object what, Buffer buffer, Index offset, Index count, int stride)
    {
        if (count.Literal is <= 0) return;
        var assumed = Facts.Assume([Condition.Less(0, count)]);
        Access(what, buffer, offset, offset + ((Index.Min(count, Value.Lanes) - 1) * stride));
        Facts.Drop(assumed);
    }

    private static int Size(Buffer buffer) => buffer.Element == BufferElement.Quad ? 4 : 1;
}

/// <summary>A position in a buffer to which the offsets of accesses are added.</summary>
/// <param name="Root">The parameter of the kernel that the buffer is a part of, or shared memory.</param>
/// <param name="Length">Its length in floats.</param>
/// <param name="Size">The number of floats of an element.</param>
/// <param name="Position">The position in floats; null if it is not known.</param>
internal sealed record BufferRange(Buffer Root, int Length, int Size, Index? Position)
{
    public Index At(Index offset) => Position! + (offset * Size);

    public BufferRange Plus(Index offset) => this with { Position = Position is null ? null : At(offset) };

    /// <summary>The position after a number of iterations; null if it is not known.</summary>
    public BufferRange Moved(IReadOnlyDictionary<Buffer, Index?> moves, Buffer buffer, Index? iterations) =>
        !moves.TryGetValue(buffer, out var by) ? this
        : by is null || iterations is null || Position is null ? this with { Position = null }
        : this with { Position = Position + (by.Literal is 0 ? 0 : iterations * by) };
}
