using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Tests.Harness;
using Buffer = ModelDsl.Generator.Loops.Buffer;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>
/// Runs the functions of a kernel for groups of threads: a statement for all threads of a group before the next. Where threads differ, those that do not take part
/// wait. A barrier that not all threads reach is an error, and so are two accesses that a barrier should separate.
/// </summary>
/// <param name="memory">The memory of the plan.</param>
/// <param name="group">What the threads of the group share.</param>
/// <param name="active">The threads that take part.</param>
/// <param name="seed">The key of random numbers.</param>
/// <param name="number">The step.</param>
internal sealed class LoopGroup(LoopMemory memory, GroupState group, bool[] active, ulong seed, uint number) : IStatementVisitor<Nothing>
{
    private const int Warp = 32;

    private readonly LoopThreads threads = new(memory, group, active, seed, number);

    /// <summary>Runs a kernel in one group.</summary>
    /// <param name="memory">The memory of the plan.</param>
    /// <param name="launch">The kernel with its buffers.</param>
    /// <param name="number">The number of the group.</param>
    /// <param name="count">Its threads.</param>
    /// <param name="n">Samples.</param>
    public static void Run(LoopMemory memory, Launch launch, int number, int count, int n)
    {
        var name = $"{launch.Kernel.Name} in group {number}";
        var main = launch.Kernel.Main;
        var all = Enumerable.Repeat(true, count).ToArray();
        var runner = new LoopGroup(memory, new GroupState(memory.BeginTasks(name, count), count, name), all, LoopInterpreter.Seed, LoopInterpreter.Number);
        int[] integers = [n, .. launch.Streams];
        Assert.Equal(main.Integers.Count, integers.Length);
        Assert.Equal(main.Buffers.Count, launch.Buffers.Count);
        for (var i = 0; i < integers.Length; i++) runner.threads.Integers.Add(main.Integers[i], runner.Uniform(integers[i]));
        runner.threads.Integers.Add(ThreadGroups.Group, runner.Uniform(number));
        runner.threads.Integers.Add(ThreadGroups.Thread, [.. Enumerable.Range(0, count)]);
        for (var i = 0; i < main.Buffers.Count; i++)
        {
            runner.threads.Buffers.Add(main.Buffers[i].Buffer, new ThreadBuffer(launch.Buffers[i], null, main.Buffers[i].Buffer.Element));
        }

        runner.Run(main.Body);
    }

    private int[] Uniform(int value) => [.. Enumerable.Repeat(value, group.Threads)];

    private void Run(IReadOnlyList<Statement> body)
    {
        foreach (var statement in body) statement.Accept(this);
    }

    private void Run(IReadOnlyList<Statement> body, bool[] where)
    {
        if (where.Contains(true)) threads.Within(where, () => Run(body));
    }

    public Nothing Visit(Declare statement)
    {
        threads.Numbers[statement.Variable] = threads.Of(statement.Value);
        return default;
    }

    public Nothing Visit(DeclareTile statement)
    {
        for (var row = 0; row < statement.Tile.Rows; row++)
        {
            for (var column = 0; column < statement.Tile.Columns; column++) threads.Numbers[statement.Tile[row, column]] = threads.Of(statement.Value);
        }

        return default;
    }

    public Nothing Visit(Assign statement)
    {
        var (before, value) = (threads.Numbers[statement.Target], threads.Of(statement.Value));
        threads.Numbers[statement.Target] = [.. before.Select((old, thread) => threads.Active[thread] ? value[thread] : old)];
        return default;
    }

    public Nothing Visit(StoreScalar statement)
    {
        var (buffer, offset, value) = (threads.Buffers[statement.Buffer], threads.Integer(statement.Offset), threads.Of(statement.Value));
        foreach (var thread in Active()) threads.Write(buffer, thread, offset[thread], value[thread]);
        return default;
    }

    public Nothing Visit(DeclareIndex statement)
    {
        threads.Integers[statement.Variable] = threads.Integer(statement.Value);
        return default;
    }

    public Nothing Visit(LoadIndex statement)
    {
        var (buffer, offset) = (threads.Buffers[statement.Buffer], threads.Integer(statement.Offset));
        threads.Integers[statement.Variable] = threads.Each(thread =>
        {
            var value = threads.Read(buffer, thread, offset[thread]);
            return buffer.Element == BufferElement.Bits ? BitConverter.SingleToInt32Bits(value) : (int)value;
        });
        return default;
    }

    public Nothing Visit(Loop statement)
    {
        var (from, to, step) = (threads.Integer(statement.From), threads.Integer(statement.To), threads.Integer(statement.Step));
        Require.That(Active().All(thread => step[thread] > 0), $"the loop over {statement.Variable} does not move");
        var at = from.ToArray();
        while (true)
        {
            bool[] where = [.. threads.Active.Select((isActive, thread) => isActive && at[thread] < to[thread])];
            if (!where.Contains(true)) break;
            threads.Integers[statement.Variable] = [.. at];
            Run(statement.Body, where);
            for (var thread = 0; thread < at.Length; thread++) at[thread] += where[thread] ? step[thread] : 0;
        }

        threads.Integers.Remove(statement.Variable);
        return default;
    }

    public Nothing Visit(If statement)
    {
        var where = threads.Where(statement.Conditions);
        bool[] otherwise = [.. threads.Active.Select((isActive, thread) => isActive && !where[thread])];
        Run(statement.Then, where);
        Run(statement.Else, otherwise);
        return default;
    }

    public Nothing Visit(Call statement)
    {
        var (function, called) = (statement.Function, new LoopGroup(memory, group, threads.Active, seed, number));
        Assert.Equal((function.Buffers.Count, function.Integers.Count, function.Numbers.Count), (statement.Buffers.Count, statement.Integers.Count, statement.Numbers.Count));
        for (var i = 0; i < function.Buffers.Count; i++)
        {
            Assert.Equal(0, statement.Buffers[i].Offset.Literal);
            called.threads.Buffers.Add(function.Buffers[i].Buffer, threads.Buffers[statement.Buffers[i].Buffer]);
        }

        for (var i = 0; i < function.Integers.Count; i++) called.threads.Integers.Add(function.Integers[i], threads.Integer(statement.Integers[i]));
        for (var i = 0; i < function.Numbers.Count; i++) called.threads.Numbers.Add(function.Numbers[i], threads.Of(statement.Numbers[i]));
        called.Run(function.Body);
        return default;
    }

    public Nothing Visit(DeclareArray statement)
    {
        var size = statement.Buffer.Element == BufferElement.Quad ? 4 : 1;
        threads.Buffers.Add(statement.Buffer, new ThreadBuffer(null, new WatchedCells(statement.Length * size), statement.Buffer.Element));
        return default;
    }

    public Nothing Visit(GroupBarrier statement)
    {
        Synchronize();
        return default;
    }

    public Nothing Visit(DeclareView statement)
    {
        threads.Buffers.Add(statement.View, threads.Buffers[statement.Buffer] with { Element = statement.View.Element });
        return default;
    }

    public Nothing Visit(LoadQuad statement)
    {
        var (where, buffer, quad) = (threads.Where(statement.Conditions), threads.Buffers[statement.Buffer], Enumerable.Range(0, 4).Select(_ => new float[group.Threads]).ToArray());
        threads.Within(where, () =>
        {
            var offset = threads.Integer(statement.Offset);
            for (var lane = 0; lane < 4; lane++)
            {
                foreach (var thread in Active()) quad[lane][thread] = threads.Read(buffer, thread, offset[thread], lane);
            }
        });
        threads.Quads[statement.Quad] = quad;
        return default;
    }

    public Nothing Visit(StoreQuad statement)
    {
        var (buffer, offset) = (threads.Buffers[statement.Buffer], threads.Integer(statement.Offset));
        for (var lane = 0; lane < 4; lane++)
        {
            var values = threads.Of(statement.Values[lane]);
            foreach (var thread in Active()) threads.Write(buffer, thread, offset[thread], values[thread], lane);
        }

        return default;
    }

    /// <summary>As the package's functions do it, over shared memory that others may have used before: with barriers before every step.</summary>
    public Nothing Visit(ReduceThreads statement)
    {
        Assert.Equal(group.Threads, statement.Threads);
        var (buffer, values) = (threads.Buffers[statement.Shared], threads.Of(statement.Value));
        foreach (var thread in Active()) threads.Write(buffer, thread, thread, values[thread]);
        Synchronize();
        for (var half = statement.Threads / 2; half >= statement.Width; half /= 2)
        {
            for (var thread = 0; thread < half; thread++)
            {
                var (own, other) = (threads.Read(buffer, thread, thread), threads.Read(buffer, thread, thread + half));
                threads.Write(buffer, thread, thread, statement.Op == ReduceOp.Sum ? own + other : MathF.Max(own, other));
            }

            Synchronize();
        }

        threads.Numbers[statement.Variable] = threads.Each(thread => threads.Read(buffer, thread, thread % statement.Width));
        Synchronize();
        return default;
    }

    public Nothing Visit(DeclareMatrixTile statement)
    {
        threads.Matrices.Add(statement.Tile, [.. Enumerable.Range(0, statement.Tile.Count).Select(_ => new float[group.Threads])]);
        return default;
    }

    /// <summary>From the definition of the instruction: with lane = 4g + t, which elements of A (16 × 8), B (8 × 8) and the sums (16 × 8) a lane holds.</summary>
    public Nothing Visit(MultiplyMatrices statement)
    {
        Require.That(threads.Active.All(isActive => isActive), $"'{statement}' does not run in all threads of a warp");
        var tile = threads.Matrices[statement.Tile];
        var (a, b) = (statement.A.Select(Floats).ToArray(), statement.B.Select(Floats).ToArray());
        for (var warp = 0; warp < group.Threads; warp += Warp)
        {
            for (var row = 0; row < 16; row++)
            {
                for (var column = 0; column < 8; column++)
                {
                    var lane = warp + (row % 8 * 4) + (column / 2);
                    var register = statement.First + (row / 8 * 2) + (column % 2);
                    for (var k = 0; k < 8; k++)
                    {
                        var left = a[(k / 4 * 2) + (row / 8)][warp + (row % 8 * 4) + (k % 4)];
                        var right = b[k / 4][warp + (column * 4) + (k % 4)];
                        tile[register][lane] += left * right;
                    }
                }
            }
        }

        return default;

        float[] Floats(IndexVariable bits) => Array.ConvertAll(threads.Integer(bits), BitConverter.Int32BitsToSingle);
    }

    public Nothing Visit(ReadMatrixTile statement)
    {
        threads.Numbers[statement.Variable] = [.. threads.Matrices[statement.Tile][statement.Number]];
        return default;
    }

    public Nothing Visit(StoreLanes statement) => throw OfRegisters(statement);

    public Nothing Visit(DeclareCursor statement) => throw OfRegisters(statement);

    public Nothing Visit(Advance statement) => throw OfRegisters(statement);

    public Nothing Visit(TransposeBlock statement) => throw OfRegisters(statement);

    public Nothing Visit(Prefetch statement) => throw OfRegisters(statement);

    private IEnumerable<int> Active()
    {
        for (var thread = 0; thread < threads.Active.Length; thread++)
        {
            if (threads.Active[thread]) yield return thread;
        }
    }

    private void Synchronize()
    {
        if (threads.Active.Contains(false)) Assert.Fail("not all threads of the group come to a barrier");
        group.Synchronize();
    }

    private static NotSupportedException OfRegisters(Statement statement) => new($"'{statement}' is for vector registers.");
}
