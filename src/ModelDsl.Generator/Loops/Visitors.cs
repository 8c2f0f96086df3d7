namespace ModelDsl.Generator.Loops;

// A visitor has no default methods: after a node is added, the C# compiler reports every visitor that does not handle it.

/// <summary>A visitor of statements.</summary>
internal interface IStatementVisitor<out T>
{
    T Visit(Declare statement);

    T Visit(DeclareTile statement);

    T Visit(Assign statement);

    T Visit(StoreLanes statement);

    T Visit(StoreScalar statement);

    T Visit(DeclareIndex statement);

    T Visit(LoadIndex statement);

    T Visit(DeclareCursor statement);

    T Visit(Advance statement);

    T Visit(Loop statement);

    T Visit(If statement);

    T Visit(Call statement);

    T Visit(TransposeBlock statement);

    T Visit(Prefetch statement);

    T Visit(DeclareArray statement);

    T Visit(GroupBarrier statement);

    T Visit(DeclareView statement);

    T Visit(LoadQuad statement);

    T Visit(StoreQuad statement);

    T Visit(ReduceThreads statement);

    T Visit(DeclareMatrixTile statement);

    T Visit(MultiplyMatrices statement);

    T Visit(ReadMatrixTile statement);
}

/// <summary>A visitor of values.</summary>
internal interface IValueVisitor<out T>
{
    T Visit(Number value);

    T Visit(Variable value);

    T Visit(TileElement value);

    T Visit(LoadLanes value);

    T Visit(LoadScalar value);

    T Visit(Operation value);

    T Visit(MultiplyAdd value);

    T Visit(LaneIndex value);

    T Visit(IndexNumber value);

    T Visit(MaskLanes value);

    T Visit(ReduceLanes value);

    T Visit(RandomLanes value);

    T Visit(Broadcast value);

    T Visit(RoundedToTf32 value);

    T Visit(QuadLane value);

    T Visit(Guarded value);

    T Visit(RandomNumber value);
}

/// <summary>A visitor of indices.</summary>
internal interface IIndexVisitor<out T>
{
    T Visit(IndexLiteral index);

    T Visit(IndexVariable index);

    T Visit(IndexBinary index);
}

/// <summary>The result of a visitor that returns nothing.</summary>
internal readonly struct Nothing;
