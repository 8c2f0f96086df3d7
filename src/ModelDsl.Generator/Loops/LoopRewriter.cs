namespace ModelDsl.Generator.Loops;

/// <summary>Copies a program. By default the copy is equal; a derived class overrides what it changes. Indices are folded when they are made.</summary>
internal abstract class LoopRewriter : IStatementVisitor<Statement>, IValueVisitor<Value>, IIndexVisitor<Index>
{
    public virtual IReadOnlyList<Statement> Rewrite(IReadOnlyList<Statement> body)
    {
        var rewritten = new Statement[body.Count];
        for (var i = 0; i < rewritten.Length; i++) rewritten[i] = body[i].Accept(this);
        return rewritten;
    }

    protected Value Rewrite(Value value) => value.Accept(this);

    protected Index Rewrite(Index index) => index.Accept(this);

    private T Rewrite<T>(T symbol)
        where T : Value => symbol.Accept(this) as T ?? throw new InvalidOperationException($"{symbol} is declared or assigned, and cannot become another kind of value.");

    private IReadOnlyList<Condition> Rewrite(IReadOnlyList<Condition> conditions) =>
        [.. conditions.Select(condition => condition with { Left = Rewrite(condition.Left), Right = Rewrite(condition.Right) })];

    private Value[] Rewrite(IReadOnlyList<Value> values)
    {
        var rewritten = new Value[values.Count];
        for (var i = 0; i < rewritten.Length; i++) rewritten[i] = Rewrite(values[i]);
        return rewritten;
    }

    public virtual Statement Visit(Declare statement) => statement with { Value = Rewrite(statement.Value) };

    public virtual Statement Visit(DeclareTile statement) => statement with { Value = Rewrite(statement.Value) };

    public virtual Statement Visit(Assign statement) => statement with { Target = Rewrite<Local>(statement.Target), Value = Rewrite(statement.Value) };

    public virtual Statement Visit(StoreLanes statement) =>
        statement with { Offset = Rewrite(statement.Offset), Value = Rewrite(statement.Value), Count = Rewrite(statement.Count) };

    public virtual Statement Visit(StoreScalar statement) => statement with { Offset = Rewrite(statement.Offset), Value = Rewrite(statement.Value) };

    public virtual Statement Visit(DeclareIndex statement) => statement with { Value = Rewrite(statement.Value) };

    public virtual Statement Visit(LoadIndex statement) => statement with { Offset = Rewrite(statement.Offset) };

    public virtual Statement Visit(DeclareCursor statement) => statement with { Offset = Rewrite(statement.Offset) };

    public virtual Statement Visit(Advance statement) => statement with { By = Rewrite(statement.By) };

    public virtual Statement Visit(Loop statement) =>
        statement with { From = Rewrite(statement.From), To = Rewrite(statement.To), Step = Rewrite(statement.Step), Body = Rewrite(statement.Body) };

    public virtual Statement Visit(If statement) =>
        statement with { Conditions = Rewrite(statement.Conditions), Then = Rewrite(statement.Then), Else = Rewrite(statement.Else) };

    public virtual Statement Visit(Call statement) => statement with
    {
        Buffers = [.. statement.Buffers.Select(buffer => (buffer.Buffer, Rewrite(buffer.Offset)))],
        Integers = [.. statement.Integers.Select(integer => Rewrite(integer))],
        Numbers = Rewrite(statement.Numbers),
    };

    public virtual Statement Visit(TransposeBlock statement) => statement with
    {
        TargetOffset = Rewrite(statement.TargetOffset),
        SourceOffset = Rewrite(statement.SourceOffset),
        Rows = Rewrite(statement.Rows),
        Columns = Rewrite(statement.Columns),
    };

    public virtual Statement Visit(Prefetch statement) => statement with { Offset = Rewrite(statement.Offset) };

    public virtual Statement Visit(DeclareArray statement) => statement;

    public virtual Statement Visit(GroupBarrier statement) => statement;

    public virtual Statement Visit(DeclareView statement) => statement;

    public virtual Statement Visit(LoadQuad statement) => statement with { Offset = Rewrite(statement.Offset), Conditions = Rewrite(statement.Conditions) };

    public virtual Statement Visit(StoreQuad statement) => statement with { Offset = Rewrite(statement.Offset), Values = Rewrite(statement.Values) };

    public virtual Statement Visit(ReduceThreads statement) => statement with { Value = Rewrite(statement.Value) };

    public virtual Statement Visit(DeclareMatrixTile statement) => statement;

    public virtual Statement Visit(MultiplyMatrices statement) => statement;

    public virtual Statement Visit(ReadMatrixTile statement) => statement;

    public virtual Value Visit(Number value) => value;

    public virtual Value Visit(Variable value) => value;

    public virtual Value Visit(TileElement value) => value;

    public virtual Value Visit(LoadLanes value) => value with { Offset = Rewrite(value.Offset), Count = Rewrite(value.Count) };

    public virtual Value Visit(LoadScalar value) => value with { Offset = Rewrite(value.Offset) };

    public virtual Value Visit(Operation value) => value with { Args = Rewrite(value.Args) };

    public virtual Value Visit(MultiplyAdd value) => new MultiplyAdd(Rewrite(value.A), Rewrite(value.B), Rewrite(value.C));

    public virtual Value Visit(LaneIndex value) => new LaneIndex(Rewrite(value.Start));

    public virtual Value Visit(IndexNumber value) => new IndexNumber(Rewrite(value.Index));

    public virtual Value Visit(MaskLanes value) => value with { Masked = Rewrite(value.Masked), Count = Rewrite(value.Count) };

    public virtual Value Visit(ReduceLanes value) => value;

    public virtual Value Visit(RandomLanes value) => new RandomLanes(Rewrite(value.Stream), Rewrite(value.Row), Rewrite(value.Block));

    public virtual Value Visit(Broadcast value) => new Broadcast(Rewrite(value.Scalar));

    public virtual Value Visit(RoundedToTf32 value) => new RoundedToTf32(Rewrite(value.Exact));

    public virtual Value Visit(QuadLane value) => value;

    public virtual Value Visit(Guarded value) => new Guarded(Rewrite(value.Conditions), Rewrite(value.Inside));

    public virtual Value Visit(RandomNumber value) => new RandomNumber(Rewrite(value.Stream), Rewrite(value.Row), Rewrite(value.Element));

    public virtual Index Visit(IndexLiteral index) => index;

    public virtual Index Visit(IndexVariable index) => index;

    public virtual Index Visit(IndexBinary index) => Index.Of(index.Operator, Rewrite(index.Left), Rewrite(index.Right));
}
