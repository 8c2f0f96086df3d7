namespace ModelDsl.Generator.Loops;

/// <summary>Visits all nodes of a program in the order in which it runs. A derived class overrides the visits it needs. Called functions are not visited.</summary>
internal abstract class LoopWalker : IStatementVisitor<Nothing>, IValueVisitor<Nothing>, IIndexVisitor<Nothing>
{
    /// <summary>Visits statements in order.</summary>
    public virtual void Walk(IReadOnlyList<Statement> body)
    {
        for (var i = 0; i < body.Count; i++) Walk(body[i]);
    }

    /// <summary>Visits a statement and all its descendants.</summary>
    public virtual void Walk(Statement statement) => statement.Accept(this);

    /// <summary>Visits a value and all its descendants.</summary>
    public virtual void Walk(Value value) => value.Accept(this);

    /// <summary>Visits an index and all its descendants.</summary>
    public virtual void Walk(Index index) => index.Accept(this);

    /// <summary>Called for a symbol that a statement declares: after the values it is initialized from, and before the statements in its scope.</summary>
    protected virtual void Declares(ISymbol symbol)
    {
    }

    /// <summary>Called for a symbol that is used.</summary>
    protected virtual void Uses(ISymbol symbol)
    {
    }

    protected void Walk(IReadOnlyList<Condition> conditions)
    {
        for (var i = 0; i < conditions.Count; i++)
        {
            Walk(conditions[i].Left);
            Walk(conditions[i].Right);
        }
    }

    private void Walk(Buffer buffer, Index offset)
    {
        Uses(buffer);
        Walk(offset);
    }

    private void Walk(Buffer buffer, Index offset, Index count)
    {
        Walk(buffer, offset);
        Walk(count);
    }

    private void Walk(Index first, Index second)
    {
        Walk(first);
        Walk(second);
    }

    private void Walk(Index first, Index second, Index third)
    {
        Walk(first, second);
        Walk(third);
    }

    private void Walk(IReadOnlyList<Value> values)
    {
        for (var i = 0; i < values.Count; i++) Walk(values[i]);
    }

    public virtual Nothing Visit(Declare statement)
    {
        Walk(statement.Value);
        Declares(statement.Variable);
        return default;
    }

    public virtual Nothing Visit(DeclareTile statement)
    {
        Walk(statement.Value);
        Declares(statement.Tile);
        return default;
    }

    public virtual Nothing Visit(Assign statement)
    {
        Walk(statement.Target);
        Walk(statement.Value);
        return default;
    }

    public virtual Nothing Visit(StoreLanes statement)
    {
        Walk(statement.Buffer, statement.Offset, statement.Count);
        Walk(statement.Value);
        return default;
    }

    public virtual Nothing Visit(StoreScalar statement)
    {
        Walk(statement.Buffer, statement.Offset);
        Walk(statement.Value);
        return default;
    }

    public virtual Nothing Visit(DeclareIndex statement)
    {
        Walk(statement.Value);
        Declares(statement.Variable);
        return default;
    }

    public virtual Nothing Visit(LoadIndex statement)
    {
        Walk(statement.Buffer, statement.Offset);
        Declares(statement.Variable);
        return default;
    }

    public virtual Nothing Visit(DeclareCursor statement)
    {
        Walk(statement.Buffer, statement.Offset);
        Declares(statement.Cursor);
        return default;
    }

    public virtual Nothing Visit(Advance statement)
    {
        Walk(statement.Cursor, statement.By);
        return default;
    }

    public virtual Nothing Visit(Loop statement)
    {
        Walk(statement.From, statement.To, statement.Step);
        Declares(statement.Variable);
        Walk(statement.Body);
        return default;
    }

    public virtual Nothing Visit(If statement)
    {
        Walk(statement.Conditions);
        Walk(statement.Then);
        Walk(statement.Else);
        return default;
    }

    public virtual Nothing Visit(Call statement)
    {
        foreach (var (buffer, offset) in statement.Buffers) Walk(buffer, offset);
        foreach (var integer in statement.Integers) Walk(integer);
        Walk(statement.Numbers);
        return default;
    }

    public virtual Nothing Visit(TransposeBlock statement)
    {
        Walk(statement.Target, statement.TargetOffset);
        Walk(statement.Source, statement.SourceOffset);
        Walk(statement.Rows, statement.Columns);
        return default;
    }

    public virtual Nothing Visit(Prefetch statement)
    {
        Walk(statement.Buffer, statement.Offset);
        return default;
    }

    public virtual Nothing Visit(DeclareArray statement)
    {
        Declares(statement.Buffer);
        return default;
    }

    public virtual Nothing Visit(GroupBarrier statement) => default;

    public virtual Nothing Visit(DeclareView statement)
    {
        Uses(statement.Buffer);
        Declares(statement.View);
        return default;
    }

    public virtual Nothing Visit(LoadQuad statement)
    {
        Walk(statement.Conditions);
        Walk(statement.Buffer, statement.Offset);
        Declares(statement.Quad);
        return default;
    }

    public virtual Nothing Visit(StoreQuad statement)
    {
        Walk(statement.Buffer, statement.Offset);
        Walk(statement.Values);
        return default;
    }

    public virtual Nothing Visit(ReduceThreads statement)
    {
        Uses(statement.Shared);
        Walk(statement.Value);
        Declares(statement.Variable);
        return default;
    }

    public virtual Nothing Visit(DeclareMatrixTile statement)
    {
        Declares(statement.Tile);
        return default;
    }

    public virtual Nothing Visit(MultiplyMatrices statement)
    {
        Uses(statement.Tile);
        foreach (var element in statement.A.Concat(statement.B)) Walk(element);
        return default;
    }

    public virtual Nothing Visit(ReadMatrixTile statement)
    {
        Uses(statement.Tile);
        Declares(statement.Variable);
        return default;
    }

    public virtual Nothing Visit(Number value) => default;

    public virtual Nothing Visit(Variable value)
    {
        Uses(value);
        return default;
    }

    public virtual Nothing Visit(TileElement value)
    {
        Uses(value.Tile);
        return default;
    }

    public virtual Nothing Visit(LoadLanes value)
    {
        Walk(value.Buffer, value.Offset, value.Count);
        return default;
    }

    public virtual Nothing Visit(LoadScalar value)
    {
        Walk(value.Buffer, value.Offset);
        return default;
    }

    public virtual Nothing Visit(Operation value)
    {
        Walk(value.Args);
        return default;
    }

    public virtual Nothing Visit(MultiplyAdd value)
    {
        Walk(value.A);
        Walk(value.B);
        Walk(value.C);
        return default;
    }

    public virtual Nothing Visit(LaneIndex value)
    {
        Walk(value.Start);
        return default;
    }

    public virtual Nothing Visit(IndexNumber value)
    {
        Walk(value.Index);
        return default;
    }

    public virtual Nothing Visit(MaskLanes value)
    {
        Walk(value.Masked);
        Walk(value.Count);
        return default;
    }

    public virtual Nothing Visit(ReduceLanes value)
    {
        Walk(value.Vector);
        return default;
    }

    public virtual Nothing Visit(RandomLanes value)
    {
        Walk(value.Stream, value.Row, value.Block);
        return default;
    }

    public virtual Nothing Visit(Broadcast value)
    {
        Walk(value.Scalar);
        return default;
    }

    public virtual Nothing Visit(RoundedToTf32 value)
    {
        Walk(value.Exact);
        return default;
    }

    public virtual Nothing Visit(QuadLane value)
    {
        Uses(value.Quad);
        return default;
    }

    public virtual Nothing Visit(Guarded value)
    {
        Walk(value.Conditions);
        Walk(value.Inside);
        return default;
    }

    public virtual Nothing Visit(RandomNumber value)
    {
        Walk(value.Stream, value.Row, value.Element);
        return default;
    }

    public virtual Nothing Visit(IndexLiteral index) => default;

    public virtual Nothing Visit(IndexVariable index)
    {
        Uses(index);
        return default;
    }

    public virtual Nothing Visit(IndexBinary index)
    {
        Walk(index.Left, index.Right);
        return default;
    }
}
