namespace ModelDsl.Generator.Loops;

/// <summary>Writes a program as numbers: for each node its kind and its contents, for each symbol its number in the order of first appearance.</summary>
internal sealed class ShapeWriter : IStatementVisitor<Nothing>, IValueVisitor<Nothing>, IIndexVisitor<Nothing>
{
    private readonly List<int> tokens = [];
    private readonly Dictionary<ISymbol, int> symbols = [];
    private readonly Dictionary<Function, int> functions = new(SameObject.Instance);

    /// <summary>The kinds of nodes, so that no two of them begin alike.</summary>
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
        SharedMemory,
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

    public int[] ToArray() => [.. tokens];

    /// <summary>Adds the functions of a kernel.</summary>
    public void Add(Kernel kernel)
    {
        Of(kernel.Main);
        foreach (var tile in kernel.Tiles) Of(tile);
    }

    // A function has symbols of its own, and others may use the same for theirs.
    private void Of(Function function)
    {
        symbols.Clear();
        Of(Kind.Function, NumberOf(function), function.Buffers.Count, function.Integers.Count, function.Numbers.Count);
        foreach (var parameter in function.Buffers) Of(parameter.Buffer);
        foreach (var integer in function.Integers) Of((ISymbol)integer);
        foreach (var number in function.Numbers) Of((ISymbol)number);
        Of(function.Body);
    }

    private int NumberOf(Function function)
    {
        if (!functions.TryGetValue(function, out var number)) functions.Add(function, number = functions.Count);
        return number;
    }

    private void Of(IReadOnlyList<Statement> body)
    {
        tokens.Add(body.Count);
        foreach (var statement in body) statement.Accept(this);
    }

    private void Of(IReadOnlyList<Value> values)
    {
        tokens.Add(values.Count);
        foreach (var value in values) value.Accept(this);
    }

    private void Of(IReadOnlyList<Condition> conditions)
    {
        tokens.Add(conditions.Count);
        foreach (var condition in conditions)
        {
            tokens.Add((int)condition.Comparison);
            Of(condition.Left);
            Of(condition.Right);
        }
    }

    private void Of(Value value) => value.Accept(this);

    private void Of(Index index) => index.Accept(this);

    private void Of(Buffer buffer)
    {
        tokens.Add((int)buffer.Element);
        Of((ISymbol)buffer);
    }

    private void Of(RegisterTile tile)
    {
        Of((ISymbol)tile);
        tokens.AddRange([tile.Rows, tile.Columns, tile.IsVector ? 1 : 0]);
    }

    private void Of(MatrixTile tile)
    {
        Of((ISymbol)tile);
        tokens.Add(tile.Count);
    }

    private void Of(ISymbol symbol)
    {
        if (!symbols.TryGetValue(symbol, out var number)) symbols.Add(symbol, number = symbols.Count);
        tokens.Add(number);
    }

    /// <summary>A number as targets write it.</summary>
    private void Of(double number)
    {
        var bits = BitConverter.DoubleToInt64Bits((float)number);
        tokens.Add((int)bits);
        tokens.Add((int)(bits >> 32));
    }

    private void Of(Kind kind, params int[] properties)
    {
        tokens.Add((int)kind);
        tokens.AddRange(properties);
    }

    public Nothing Visit(Declare statement)
    {
        Of(Kind.Declare, statement.Lanes, statement.Mutable ? 1 : 0);
        Of(statement.Value);
        Of((ISymbol)statement.Variable);
        return default;
    }

    public Nothing Visit(DeclareTile statement)
    {
        Of(Kind.DeclareTile, [.. statement.Lanes]);
        Of(statement.Value);
        Of(statement.Tile);
        return default;
    }

    public Nothing Visit(Assign statement)
    {
        Of(Kind.Assign, statement.Lanes);
        Of(statement.Target);
        Of(statement.Value);
        return default;
    }

    public Nothing Visit(StoreLanes statement)
    {
        Of(Kind.StoreLanes, statement.Stride);
        Of(statement.Buffer);
        Of(statement.Offset);
        Of(statement.Value);
        Of(statement.Count);
        return default;
    }

    public Nothing Visit(StoreScalar statement)
    {
        Of(Kind.StoreScalar);
        Of(statement.Buffer);
        Of(statement.Offset);
        Of(statement.Value);
        return default;
    }

    public Nothing Visit(DeclareIndex statement)
    {
        Of(Kind.DeclareIndex);
        Of(statement.Value);
        Of((ISymbol)statement.Variable);
        return default;
    }

    public Nothing Visit(LoadIndex statement)
    {
        Of(Kind.LoadIndex);
        Of(statement.Buffer);
        Of(statement.Offset);
        Of((ISymbol)statement.Variable);
        return default;
    }

    public Nothing Visit(DeclareCursor statement)
    {
        Of(Kind.DeclareCursor);
        Of(statement.Buffer);
        Of(statement.Offset);
        Of(statement.Cursor);
        return default;
    }

    public Nothing Visit(Advance statement)
    {
        Of(Kind.Advance);
        Of(statement.Cursor);
        Of(statement.By);
        return default;
    }

    public Nothing Visit(Loop statement)
    {
        Of(Kind.Loop);
        Of(statement.From);
        Of(statement.To);
        Of(statement.Step);
        Of((ISymbol)statement.Variable);
        Of(statement.Body);
        return default;
    }

    public Nothing Visit(If statement)
    {
        Of(Kind.If);
        Of(statement.Conditions);
        Of(statement.Then);
        Of(statement.Else);
        return default;
    }

    public Nothing Visit(Call statement)
    {
        Of(Kind.Call, NumberOf(statement.Function), statement.Buffers.Count, statement.Integers.Count);
        foreach (var (buffer, offset) in statement.Buffers)
        {
            Of(buffer);
            Of(offset);
        }

        foreach (var integer in statement.Integers) Of(integer);
        Of(statement.Numbers);
        return default;
    }

    public Nothing Visit(TransposeBlock statement)
    {
        Of(Kind.TransposeBlock, statement.TargetStride, statement.SourceStride);
        Of(statement.Target);
        Of(statement.TargetOffset);
        Of(statement.Source);
        Of(statement.SourceOffset);
        Of(statement.Rows);
        Of(statement.Columns);
        return default;
    }

    public Nothing Visit(SharedMemory statement)
    {
        Of(Kind.SharedMemory, statement.Length);
        Of(statement.Buffer);
        return default;
    }

    public Nothing Visit(GroupBarrier statement)
    {
        Of(Kind.GroupBarrier);
        return default;
    }

    public Nothing Visit(DeclareView statement)
    {
        Of(Kind.DeclareView);
        Of(statement.Buffer);
        Of(statement.View);
        return default;
    }

    public Nothing Visit(LoadQuad statement)
    {
        Of(Kind.LoadQuad);
        Of(statement.Conditions);
        Of(statement.Buffer);
        Of(statement.Offset);
        Of((ISymbol)statement.Quad);
        return default;
    }

    public Nothing Visit(StoreQuad statement)
    {
        Of(Kind.StoreQuad);
        Of(statement.Buffer);
        Of(statement.Offset);
        Of(statement.Values);
        return default;
    }

    public Nothing Visit(ReduceThreads statement)
    {
        Of(Kind.ReduceThreads, (int)statement.Op, statement.Threads, statement.Width);
        Of(statement.Shared);
        Of(statement.Value);
        Of((ISymbol)statement.Variable);
        return default;
    }

    public Nothing Visit(DeclareMatrixTile statement)
    {
        Of(Kind.DeclareMatrixTile);
        Of(statement.Tile);
        return default;
    }

    public Nothing Visit(MultiplyMatrices statement)
    {
        Of(Kind.MultiplyMatrices, statement.First, statement.A.Count, statement.B.Count);
        Of(statement.Tile);
        foreach (var element in statement.A.Concat(statement.B)) Of((ISymbol)element);
        return default;
    }

    public Nothing Visit(ReadMatrixTile statement)
    {
        Of(Kind.ReadMatrixTile, statement.Number);
        Of(statement.Tile);
        Of((ISymbol)statement.Variable);
        return default;
    }

    public Nothing Visit(Number value)
    {
        Of(Kind.Number);
        Of(value.Literal);
        return default;
    }

    public Nothing Visit(Variable value)
    {
        Of(Kind.Variable, value.IsVector ? 1 : 0);
        Of((ISymbol)value);
        return default;
    }

    public Nothing Visit(TileElement value)
    {
        Of(Kind.TileElement, value.Row, value.Column);
        Of((ISymbol)value.Tile);
        return default;
    }

    public Nothing Visit(LoadLanes value)
    {
        Of(Kind.LoadLanes, value.Stride);
        Of(value.Buffer);
        Of(value.Offset);
        Of(value.Count);
        return default;
    }

    public Nothing Visit(LoadScalar value)
    {
        Of(Kind.LoadScalar);
        Of(value.Buffer);
        Of(value.Offset);
        return default;
    }

    public Nothing Visit(Operation value)
    {
        Of(Kind.Operation, (int)value.Op);
        Of(value.Args);
        return default;
    }

    public Nothing Visit(MultiplyAdd value)
    {
        Of(Kind.MultiplyAdd);
        Of(value.A);
        Of(value.B);
        Of(value.C);
        return default;
    }

    public Nothing Visit(LaneIndex value)
    {
        Of(Kind.LaneIndex);
        Of(value.Start);
        return default;
    }

    public Nothing Visit(IndexNumber value)
    {
        Of(Kind.IndexNumber);
        Of(value.Index);
        return default;
    }

    public Nothing Visit(MaskLanes value)
    {
        Of(Kind.MaskLanes);
        Of(value.Masked);
        Of(value.Count);
        Of(value.Fill);
        return default;
    }

    public Nothing Visit(ReduceLanes value)
    {
        Of(Kind.ReduceLanes, (int)value.Op);
        Of((ISymbol)value.Vector);
        return default;
    }

    public Nothing Visit(RandomLanes value)
    {
        Of(Kind.RandomLanes);
        Of(value.Stream);
        Of(value.Row);
        Of(value.Block);
        return default;
    }

    public Nothing Visit(Broadcast value)
    {
        Of(Kind.Broadcast);
        Of(value.Scalar);
        return default;
    }

    public Nothing Visit(RoundedToTf32 value)
    {
        Of(Kind.RoundedToTf32);
        Of(value.Exact);
        return default;
    }

    public Nothing Visit(QuadLane value)
    {
        Of(Kind.QuadLane, value.Lane);
        Of((ISymbol)value.Quad);
        return default;
    }

    public Nothing Visit(Guarded value)
    {
        Of(Kind.Guarded);
        Of(value.Conditions);
        Of(value.Inside);
        return default;
    }

    public Nothing Visit(RandomNumber value)
    {
        Of(Kind.RandomNumber);
        Of(value.Stream);
        Of(value.Row);
        Of(value.Element);
        return default;
    }

    public Nothing Visit(IndexLiteral index)
    {
        Of(Kind.IndexLiteral, index.Value);
        return default;
    }

    public Nothing Visit(IndexVariable index)
    {
        Of(Kind.IndexVariable);
        Of((ISymbol)index);
        return default;
    }

    public Nothing Visit(IndexBinary index)
    {
        Of(Kind.IndexBinary, (int)index.Operator);
        Of(index.Left);
        Of(index.Right);
        return default;
    }
}
