using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>Runs the functions of a kernel for CPUs, statement by statement.</summary>
/// <param name="memory">The memory.</param>
/// <param name="bits">The register width.</param>
/// <param name="seed">The key of random numbers.</param>
/// <param name="number">The step.</param>
internal sealed class LoopWorker(LoopMemory memory, int bits, ulong seed, uint number) : IStatementVisitor<Nothing>
{
    private readonly LoopValues values = new(memory, bits, seed, number);

    /// <summary>Runs a function with the arguments of its parameters.</summary>
    public void Run(Function function, LoopCursor[] buffers, int[] integers)
    {
        Assert.Equal(function.Buffers.Count, buffers.Length);
        Assert.Equal(function.Integers.Count, integers.Length);
        for (var i = 0; i < buffers.Length; i++) values.Cursors.Add(function.Buffers[i].Buffer, buffers[i]);
        for (var i = 0; i < integers.Length; i++) values.Integers.Add(function.Integers[i], integers[i]);
        Run(function.Body);
    }

    private void Run(IReadOnlyList<Statement> body)
    {
        foreach (var statement in body) statement.Accept(this);
    }

    public Nothing Visit(Declare statement)
    {
        values.Numbers[statement.Variable] = Computed(statement.Value, statement.Lanes, null);
        return default;
    }

    public Nothing Visit(DeclareTile statement)
    {
        for (var row = 0; row < statement.Tile.Rows; row++)
        {
            for (var column = 0; column < statement.Tile.Columns; column++)
            {
                values.Numbers[statement.Tile[row, column]] = Computed(statement.Value, statement.Tile.IsVector ? statement.Lanes[column] : 1, null);
            }
        }

        return default;
    }

    public Nothing Visit(Assign statement)
    {
        values.Numbers[statement.Target] = Computed(statement.Value, statement.Lanes, values.Numbers[statement.Target]);
        return default;
    }

    public Nothing Visit(StoreLanes statement)
    {
        var (target, count, value) = (values.At(statement.Buffer, statement.Offset), values.Integer(statement.Count), values.All(statement.Value));
        for (var lane = 0; lane < Math.Min(count, Value.Lanes); lane++) memory.Write(target.Storage, target.Position + (lane * statement.Stride), value[lane]);
        return default;
    }

    public Nothing Visit(StoreScalar statement)
    {
        var target = values.At(statement.Buffer, statement.Offset);
        memory.Write(target.Storage, target.Position, values.One(statement.Value));
        return default;
    }

    public Nothing Visit(DeclareIndex statement)
    {
        values.Integers[statement.Variable] = values.Integer(statement.Value);
        return default;
    }

    public Nothing Visit(LoadIndex statement)
    {
        var source = values.At(statement.Buffer, statement.Offset);
        values.Integers[statement.Variable] = (int)memory.Read(source.Storage, source.Position);
        return default;
    }

    public Nothing Visit(DeclareCursor statement)
    {
        values.Cursors[statement.Cursor] = values.At(statement.Buffer, statement.Offset);
        return default;
    }

    public Nothing Visit(Advance statement)
    {
        values.Cursors[statement.Cursor] = values.At(statement.Cursor, statement.By);
        return default;
    }

    public Nothing Visit(Loop statement)
    {
        var (to, step) = (values.Integer(statement.To), values.Integer(statement.Step));
        Require.That(step > 0, $"the loop over {statement.Variable} does not move");
        for (var at = values.Integer(statement.From); at < to; at += step)
        {
            values.Integers[statement.Variable] = at;
            Run(statement.Body);
        }

        values.Integers.Remove(statement.Variable);
        return default;
    }

    public Nothing Visit(If statement)
    {
        Run(statement.Conditions.All(values.Holds) ? statement.Then : statement.Else);
        return default;
    }

    public Nothing Visit(Call statement)
    {
        Assert.Empty(statement.Numbers);
        var called = new LoopWorker(memory, bits, seed, number);
        called.Run(
            statement.Function, [.. statement.Buffers.Select(buffer => values.At(buffer.Buffer, buffer.Offset))], [.. statement.Integers.Select(values.Integer)]);
        return default;
    }

    public Nothing Visit(TransposeBlock statement)
    {
        var (source, target) = (values.At(statement.Source, statement.SourceOffset), values.At(statement.Target, statement.TargetOffset));
        var (rows, columns) = (values.Integer(statement.Rows), values.Integer(statement.Columns));
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < Value.Lanes; column++)
            {
                var value = column < columns ? memory.Read(source.Storage, source.Position + (column * statement.SourceStride) + row) : 0;
                memory.Write(target.Storage, target.Position + (row * statement.TargetStride) + column, value);
            }
        }

        return default;
    }

    public Nothing Visit(Prefetch statement) => default;

    public Nothing Visit(DeclareArray statement)
    {
        values.Cursors[statement.Buffer] = new LoopCursor(memory.NewArray(statement.Buffer.Name, statement.Length), 0);
        return default;
    }

    public Nothing Visit(GroupBarrier statement) => throw OfGroups(statement);

    public Nothing Visit(DeclareView statement) => throw OfGroups(statement);

    public Nothing Visit(LoadQuad statement) => throw OfGroups(statement);

    public Nothing Visit(StoreQuad statement) => throw OfGroups(statement);

    public Nothing Visit(ReduceThreads statement) => throw OfGroups(statement);

    public Nothing Visit(DeclareMatrixTile statement) => throw OfGroups(statement);

    public Nothing Visit(MultiplyMatrices statement) => throw OfGroups(statement);

    public Nothing Visit(ReadMatrixTile statement) => throw OfGroups(statement);

    /// <summary>A new value in the registers that a statement computes; in the others the old one, or zero.</summary>
    private float[] Computed(Value value, int lanes, float[]? old)
    {
        if (!value.IsVector && old is not { Length: Value.Lanes }) return [values.One(value)];
        var (computed, result) = (values.All(value), new float[Value.Lanes]);
        for (var lane = 0; lane < Value.Lanes; lane++) result[lane] = lane < values.LanesOf(lanes) ? computed[lane] : old?[lane] ?? 0;
        return result;
    }

    private static NotSupportedException OfGroups(Statement statement) => new($"'{statement}' is for groups of threads.");
}
