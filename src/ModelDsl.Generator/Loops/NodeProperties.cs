namespace ModelDsl.Generator.Loops;

/// <summary>
/// Writes the kind of a node and the properties that are neither symbols nor other nodes, including the lengths of its lists. <see cref="ShapeWriter"/> adds the symbols and visits
/// the other nodes.
/// </summary>
/// <param name="numbers">The list to which the numbers are added.</param>
internal sealed class NodeProperties(List<int> numbers) : IStatementVisitor<Nothing>, IValueVisitor<Nothing>, IIndexVisitor<Nothing>
{
    private readonly Dictionary<Function, int> functions = new(SameObject.Instance);

    private enum Kind
    {
        Function,
        Declare,
        DeclareTile,
        Assign,
        StoreLanes,
        StoreScalar,
        DeclareIndex,
        LoadIndex,
        DeclareCursor,
        Advance,
        Loop,
        If,
        Call,
        TransposeBlock,
        Prefetch,
        DeclareArray,
        GroupBarrier,
        DeclareView,
        LoadQuad,
        StoreQuad,
        ReduceThreads,
        DeclareMatrixTile,
        MultiplyMatrices,
        ReadMatrixTile,
        Number,
        Variable,
        TileElement,
        LoadLanes,
        LoadScalar,
        Operation,
        MultiplyAdd,
        LaneIndex,
        IndexNumber,
        MaskLanes,
        ReduceLanes,
        RandomLanes,
        Broadcast,
        RoundedToTf32,
        QuadLane,
        Guarded,
        RandomNumber,
        IndexLiteral,
        IndexVariable,
        IndexBinary,
    }

    /// <summary>Writes the number of a function and of its parameters. Functions are numbered in the order of first appearance.</summary>
    public void Add(Function function) => Add(Kind.Function, NumberOf(function), function.Buffers.Count, function.Integers.Count, function.Numbers.Count);

    public Nothing Visit(Declare statement) => Add(Kind.Declare, statement.Lanes, statement.Mutable ? 1 : 0);

    public Nothing Visit(DeclareTile statement) => AddAll(Kind.DeclareTile, statement.Lanes.Count, statement.Lanes);

    public Nothing Visit(Assign statement) => Add(Kind.Assign, statement.Lanes);

    public Nothing Visit(StoreLanes statement) => Add(Kind.StoreLanes, statement.Stride);

    public Nothing Visit(StoreScalar statement) => Add(Kind.StoreScalar);

    public Nothing Visit(DeclareIndex statement) => Add(Kind.DeclareIndex);

    public Nothing Visit(LoadIndex statement) => Add(Kind.LoadIndex);

    public Nothing Visit(DeclareCursor statement) => Add(Kind.DeclareCursor);

    public Nothing Visit(Advance statement) => Add(Kind.Advance);

    public Nothing Visit(Loop statement) => Add(Kind.Loop);

    public Nothing Visit(If statement) => Add(Kind.If, statement.Conditions);

    public Nothing Visit(Call statement) =>
        Add(Kind.Call, NumberOf(statement.Function), statement.Buffers.Count, statement.Integers.Count, statement.Numbers.Count);

    public Nothing Visit(TransposeBlock statement) => Add(Kind.TransposeBlock, statement.TargetStride, statement.SourceStride);

    public Nothing Visit(Prefetch statement) => Add(Kind.Prefetch, statement.Stride, statement.Rows, statement.Columns, statement.IsLine ? 1 : 0);

    public Nothing Visit(DeclareArray statement) => Add(Kind.DeclareArray, statement.Length);

    public Nothing Visit(GroupBarrier statement) => Add(Kind.GroupBarrier);

    public Nothing Visit(DeclareView statement) => Add(Kind.DeclareView);

    public Nothing Visit(LoadQuad statement) => Add(Kind.LoadQuad, statement.Conditions);

    public Nothing Visit(StoreQuad statement) => Add(Kind.StoreQuad, statement.Values.Count);

    public Nothing Visit(ReduceThreads statement) => Add(Kind.ReduceThreads, (int)statement.Op, statement.Threads, statement.Width);

    public Nothing Visit(DeclareMatrixTile statement) => Add(Kind.DeclareMatrixTile);

    public Nothing Visit(MultiplyMatrices statement) => Add(Kind.MultiplyMatrices, statement.First, statement.A.Count, statement.B.Count);

    public Nothing Visit(ReadMatrixTile statement) => Add(Kind.ReadMatrixTile, statement.Number);

    public Nothing Visit(Number value) => Add(Kind.Number, value.Literal);

    public Nothing Visit(Variable value) => Add(Kind.Variable, value.IsVector ? 1 : 0);

    public Nothing Visit(TileElement value) => Add(Kind.TileElement, value.Row, value.Column);

    public Nothing Visit(LoadLanes value) => Add(Kind.LoadLanes, value.Stride);

    public Nothing Visit(LoadScalar value) => Add(Kind.LoadScalar);

    public Nothing Visit(Operation value) => Add(Kind.Operation, (int)value.Op, value.Args.Count);

    public Nothing Visit(MultiplyAdd value) => Add(Kind.MultiplyAdd);

    public Nothing Visit(LaneIndex value) => Add(Kind.LaneIndex);

    public Nothing Visit(IndexNumber value) => Add(Kind.IndexNumber);

    public Nothing Visit(MaskLanes value) => Add(Kind.MaskLanes, value.Fill);

    public Nothing Visit(ReduceLanes value) => Add(Kind.ReduceLanes, (int)value.Op);

    public Nothing Visit(RandomLanes value) => Add(Kind.RandomLanes);

    public Nothing Visit(Broadcast value) => Add(Kind.Broadcast);

    public Nothing Visit(RoundedToTf32 value) => Add(Kind.RoundedToTf32);

    public Nothing Visit(QuadLane value) => Add(Kind.QuadLane, value.Lane);

    public Nothing Visit(Guarded value) => Add(Kind.Guarded, value.Conditions);

    public Nothing Visit(RandomNumber value) => Add(Kind.RandomNumber);

    public Nothing Visit(IndexLiteral index) => Add(Kind.IndexLiteral, index.Value);

    public Nothing Visit(IndexVariable index) => Add(Kind.IndexVariable);

    public Nothing Visit(IndexBinary index) => Add(Kind.IndexBinary, (int)index.Operator);

    private int NumberOf(Function function)
    {
        if (!functions.TryGetValue(function, out var number)) functions.Add(function, number = functions.Count);
        return number;
    }

    private Nothing Add(Kind kind)
    {
        numbers.Add((int)kind);
        return default;
    }

    private Nothing Add(Kind kind, int first)
    {
        numbers.Add((int)kind);
        numbers.Add(first);
        return default;
    }

    private Nothing Add(Kind kind, int first, int second)
    {
        Add(kind, first);
        numbers.Add(second);
        return default;
    }

    private Nothing Add(Kind kind, int first, int second, int third)
    {
        Add(kind, first, second);
        numbers.Add(third);
        return default;
    }

    private Nothing Add(Kind kind, int first, int second, int third, int fourth)
    {
        Add(kind, first, second, third);
        numbers.Add(fourth);
        return default;
    }

    // Targets write numbers as floats, so numbers that round to the same float are equal.
    private Nothing Add(Kind kind, double number)
    {
        var bits = BitConverter.DoubleToInt64Bits((float)number);
        return Add(kind, (int)bits, (int)(bits >> 32));
    }

    private Nothing Add(Kind kind, IReadOnlyList<Condition> conditions)
    {
        Add(kind, conditions.Count);
        for (var i = 0; i < conditions.Count; i++) numbers.Add((int)conditions[i].Comparison);
        return default;
    }

    private Nothing AddAll(Kind kind, int count, IEnumerable<int> properties)
    {
        Add(kind, count);
        numbers.AddRange(properties);
        return default;
    }
}
