using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Verification;

/// <summary>
/// Proves for one batch size that every access of a kernel is within its buffer, from bounds of linear indices, and reports the accesses for which there is no proof. An access
/// without a proof need not be wrong: it may depend on integers that are read from memory, or on bounds that are not linear.
/// </summary>
internal sealed class AccessProofs : LoopWalker
{
    private readonly Launch launch;
    private readonly int n;
    private readonly IndexFacts facts = new();
    private readonly List<string> unproven = [];
    private Dictionary<Buffer, BufferRange> ranges = [];
    private string function;

    public AccessProofs(Launch launch, int n)
    {
        (this.launch, this.n) = (launch, n);
        function = launch.Kernel.Name;
    }

    /// <summary>The number of proven accesses.</summary>
    public int Proven { get; private set; }

    /// <summary>The accesses that are not proven.</summary>
    public IReadOnlyList<string> Unproven()
    {
        var main = launch.Kernel.Main;
        facts.Define(KernelBuilder.BatchSize, n);
        foreach (var stream in main.Integers.Skip(1 + launch.Kernel.Partition.Bounds.Count)) facts.Bound(stream, 0, int.MaxValue);
        switch (launch.Kernel.Partition)
        {
            case ThreadGroups groups:
                facts.Bound(ThreadGroups.Group, 0, groups.Groups - 1);
                facts.Bound(ThreadGroups.Thread, 0, groups.Threads - 1);
                break;
            case Range range:
                Share(Range.From, Range.To, range.Count);
                break;
            case Grid grid:
                Share(Grid.RowFrom, Grid.RowTo, grid.Rows);
                Share(Grid.PanelFrom, Grid.PanelTo, grid.Panels);
                break;
        }

        for (var i = 0; i < main.Buffers.Count; i++)
        {
            var storage = launch.Buffers[i];
            var length = storage.Space is Space.Batched or Space.Column or Space.Cache ? checked(storage.Length * n) : storage.Length;
            ranges[main.Buffers[i].Buffer] = new BufferRange(storage.Name, length, 1, 0);
        }

        Walk(main.Body);
        return unproven;
    }

    private void Share(IndexVariable from, IndexVariable to, Index count)
    {
        facts.Bound(to, 0, count);
        facts.Bound(from, 0, to);
    }

    public override Nothing Visit(DeclareIndex statement)
    {
        facts.Define(statement.Variable, statement.Value);
        return default;
    }

    public override Nothing Visit(LoadIndex statement)
    {
        Access(statement, statement.Buffer, statement.Offset, statement.Offset);
        facts.Forget(statement.Variable);
        return default;
    }

    public override Nothing Visit(Loop statement)
    {
        var isMultiple = statement.Step.Literal is { } step && facts.IsMultiple(statement.To, statement.From, step);
        var outside = ranges;
        var moves = CursorMoves.In(statement.Body);
        var assumed = facts.Assume([Condition.Less(statement.From, statement.To)]);
        facts.Bound(statement.Variable, statement.From, statement.To - (isMultiple ? statement.Step : 1));
        var iteration = statement.Step.Literal == 1 ? statement.Variable - statement.From : (statement.Variable - statement.From) / statement.Step;
        ranges = outside.ToDictionary(range => range.Key, range => range.Value.Moved(moves, range.Key, iteration));
        Walk(statement.Body);
        facts.Drop(assumed);

        // The number of iterations. It must not be negative.
        Index? times = statement.Step.Literal == 1 && (moves.Count == 0 || facts.Lower(statement.To - statement.From) >= 0) ? statement.To - statement.From : null;
        ranges = outside.ToDictionary(range => range.Key, range => range.Value.Moved(moves, range.Key, times));
        return default;
    }

    public override Nothing Visit(If statement)
    {
        var outside = ranges;
        var moves = CursorMoves.In([statement]);
        var assumed = facts.Assume(statement.Conditions);
        ranges = new(outside);
        Walk(statement.Then);
        facts.Drop(assumed);
        if (statement.Conditions.Count == 1 && statement.Conditions[0] is { Comparison: Comparison.Less } condition)
        {
            assumed = facts.Assume([Condition.Less(condition.Right - 1, condition.Left)]);
        }

        ranges = new(outside);
        Walk(statement.Else);
        facts.Drop(assumed);
        ranges = outside.ToDictionary(range => range.Key, range => range.Value.Moved(moves, range.Key, null));
        return default;
    }

    public override Nothing Visit(Call statement)
    {
        base.Visit(statement);
        var (outside, caller, called) = (ranges, function, statement.Function);
        ranges = [];
        for (var i = 0; i < called.Buffers.Count; i++)
        {
            var (buffer, offset) = statement.Buffers[i];
            ranges[called.Buffers[i].Buffer] = outside[buffer].Plus(offset);
        }

        for (var i = 0; i < called.Integers.Count; i++) facts.Define(called.Integers[i], statement.Integers[i]);
        function = called.Name;
        Walk(called.Body);
        (ranges, function) = (outside, caller);
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
        ranges[statement.Buffer] = new BufferRange(statement.Buffer.Name, statement.Length * size, size, 0);
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
        var assumed = facts.Assume(value.Conditions);
        Walk(value.Inside);
        facts.Drop(assumed);
        return default;
    }

    public override Nothing Visit(LoadQuad statement)
    {
        var assumed = facts.Assume(statement.Conditions);
        Access(statement, statement.Buffer, statement.Offset, statement.Offset);
        facts.Drop(assumed);
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
        var assumed = facts.Assume([Condition.Less(0, statement.Rows), Condition.Less(0, statement.Columns)]);
        var (row, column) = (statement.Rows - 1, (statement.Columns - 1) * statement.SourceStride);
        Access(statement, statement.Source, statement.SourceOffset, statement.SourceOffset + column + row);
        facts.Drop(assumed);
        Access(statement, statement.Target, statement.TargetOffset, statement.TargetOffset + (row * statement.TargetStride) + (Value.Lanes - 1));
        return default;
    }

    /// <summary>Checks lanes below a count. If any lane exists, the first does.</summary>
    private void Lanes(object what, Buffer buffer, Index offset, Index count, int stride)
    {
        if (count.Literal is <= 0) return;
        var assumed = facts.Assume([Condition.Less(0, count)]);
        Access(what, buffer, offset, offset + ((Index.Min(count, Value.Lanes) - 1) * stride));
        facts.Drop(assumed);
    }

    private void Access(object what, Buffer buffer, Index first, Index last)
    {
        var range = ranges[buffer];
        var isInside = range.Position is not null && facts.Lower(range.At(first)) >= 0 && facts.Upper(range.At(last) + (range.Size - 1)) < range.Length;
        if (isInside) Proven++;
        else unproven.Add($"{function}: {what}, in {range.Name} of {range.Length} elements, for n = {n}{(IsRead(range, first) ? ", depends on an integer read from memory" : "")}");
    }

    private bool IsRead(BufferRange range, Index offset) => facts.IsOfMemory(offset) || (range.Position is not null && facts.IsOfMemory(range.Position));

    private static int Size(Buffer buffer) => buffer.Element == BufferElement.Quad ? 4 : 1;

    /// <summary>A position in a buffer to which the offsets of accesses are added.</summary>
    /// <param name="Name">The buffer.</param>
    /// <param name="Length">Its length in floats.</param>
    /// <param name="Size">The number of floats of an element.</param>
    /// <param name="Position">The position in floats; null if it is not known.</param>
    private sealed record BufferRange(string Name, int Length, int Size, Index? Position)
    {
        public Index At(Index offset) => Position! + (offset * Size);

        public BufferRange Plus(Index offset) => this with { Position = Position is null ? null : At(offset) };

        /// <summary>The position after a number of iterations; null if it is not known.</summary>
        public BufferRange Moved(IReadOnlyDictionary<Buffer, Index?> moves, Buffer buffer, Index? iterations) =>
            !moves.TryGetValue(buffer, out var by) ? this
            : by is null || iterations is null || Position is null ? this with { Position = null }
            : this with { Position = Position + (by.Literal is 0 ? 0 : iterations * by) };
    }
}
