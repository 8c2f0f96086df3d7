using ModelDsl.Compiled;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Tests.Harness;
using Buffer = ModelDsl.Generator.Loops.Buffer;
using Index = ModelDsl.Generator.Loops.Index;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>Memory that a function for threads reads and writes: of the plan, or of the group.</summary>
/// <param name="Global">The buffer; null for memory of the group.</param>
/// <param name="Shared">The memory of the group; null for a buffer.</param>
/// <param name="Element">In what units offsets count.</param>
internal sealed record ThreadBuffer(Storage? Global, WatchedCells? Shared, BufferElement Element)
{
    /// <summary>Numbers of an element.</summary>
    public int Size => Element == BufferElement.Quad ? 4 : 1;
}

/// <summary>
/// What is known in each thread of a group while a function runs, and the values of expressions: one number per thread. Threads that do not take part have none, and
/// nothing is computed for them.
/// </summary>
/// <param name="memory">The memory of the plan.</param>
/// <param name="group">What the threads of the group share.</param>
/// <param name="active">The threads that take part.</param>
/// <param name="seed">The key of random numbers.</param>
/// <param name="number">The step.</param>
internal sealed class LoopThreads(LoopMemory memory, GroupState group, bool[] active, ulong seed, uint number) : IValueVisitor<float[]>, IIndexVisitor<int[]>
{
    private bool[] active = active;

    public Dictionary<IndexVariable, int[]> Integers { get; } = [];

    public Dictionary<Local, float[]> Numbers { get; } = [];

    public Dictionary<Quad, float[][]> Quads { get; } = [];

    public Dictionary<Buffer, ThreadBuffer> Buffers { get; } = [];

    public Dictionary<MatrixTile, float[][]> Matrices { get; } = [];

    /// <summary>The threads that take part.</summary>
    public bool[] Active => active;

    public bool IsAnyActive => Array.IndexOf(active, true) >= 0;

    /// <summary>Does something with some threads only.</summary>
    public void Within(bool[] threads, Action action)
    {
        var outside = active;
        active = threads;
        action();
        active = outside;
    }

    public int[] Integer(Index index) => index.Accept(this);

    public float[] Of(Value value)
    {
        Require.That(!value.IsVector, $"{value} is a vector, which threads do not have");
        return value.Accept(this);
    }

    /// <summary>In which of the threads conditions hold; a condition is looked at only where those before it hold.</summary>
    public bool[] Where(IReadOnlyList<Condition> conditions)
    {
        var result = active;
        foreach (var condition in conditions)
        {
            var before = result;
            Within(before, () =>
            {
                var (left, right) = (Integer(condition.Left), Integer(condition.Right));
                result = [.. before.Select((isActive, thread) => isActive && LoopScalars.Holds(condition, left[thread], right[thread]))];
            });
        }

        return result;
    }

    /// <summary>A number per thread that takes part.</summary>
    public T[] Each<T>(Func<int, T> thread)
    {
        var result = new T[active.Length];
        for (var i = 0; i < result.Length; i++)
        {
            if (active[i]) result[i] = thread(i);
        }

        return result;
    }

    /// <summary>Reads one of the numbers of an element.</summary>
    public float Read(ThreadBuffer buffer, int thread, int offset, int lane = 0)
    {
        if (buffer.Shared is { } shared) return group.Read(shared, thread, (offset * buffer.Size) + lane);
        memory.Task = group.FirstTask + thread;
        return memory.Read(buffer.Global!, (offset * buffer.Size) + lane);
    }

    /// <summary>Writes one of the numbers of an element.</summary>
    public void Write(ThreadBuffer buffer, int thread, int offset, float value, int lane = 0)
    {
        if (buffer.Shared is { } shared)
        {
            group.Write(shared, thread, (offset * buffer.Size) + lane, value);
            return;
        }

        memory.Task = group.FirstTask + thread;
        memory.Write(buffer.Global!, (offset * buffer.Size) + lane, value);
    }

    public int[] Visit(IndexLiteral index) => Each(_ => index.Value);

    public int[] Visit(IndexVariable index) => Integers[index];

    public int[] Visit(IndexBinary index)
    {
        var (left, right) = (Integer(index.Left), Integer(index.Right));
        return Each(thread => LoopScalars.Integer(index, left[thread], right[thread]));
    }

    public float[] Visit(Number value) => Each(_ => (float)value.Literal);

    public float[] Visit(Variable value) => Numbers[value];

    public float[] Visit(TileElement value) => Numbers[value];

    public float[] Visit(IndexNumber value) => Array.ConvertAll(Integer(value.Index), index => (float)index);

    public float[] Visit(LoadScalar value)
    {
        var (buffer, offset) = (Buffers[value.Buffer], Integer(value.Offset));
        return Each(thread => Read(buffer, thread, offset[thread]));
    }

    public float[] Visit(QuadLane value) => Quads[value.Quad][value.Lane];

    public float[] Visit(Guarded value)
    {
        var (where, result) = (Where(value.Conditions), new float[active.Length]);
        if (where.Contains(true)) Within(where, () => result = Of(value.Inside));
        return [.. result.Select((number, thread) => where[thread] ? number : 0)];
    }

    public float[] Visit(RandomNumber value)
    {
        var (stream, row, element) = (Integer(value.Stream), Integer(value.Row), Integer(value.Element));
        return Each(thread => DropoutRandom.Uniform(seed, number, (uint)stream[thread], (uint)row[thread], (uint)element[thread]));
    }

    /// <summary>Rounds to ten fraction bits, ties away from zero. A float64 represents the result exactly.</summary>
    public float[] Visit(RoundedToTf32 value)
    {
        var exact = Of(value.Exact);
        return Each(thread => Rounded(exact[thread]));
    }

    public float[] Visit(Operation value)
    {
        var args = value.Args.Select(Of).ToArray();
        var at = new float[args.Length];
        return Each(thread =>
        {
            for (var i = 0; i < at.Length; i++) at[i] = args[i][thread];
            return LoopScalars.Of(value.Op, at);
        });
    }

    public float[] Visit(MultiplyAdd value) => throw OfRegisters(value);

    public float[] Visit(LoadLanes value) => throw OfRegisters(value);

    public float[] Visit(LaneIndex value) => throw OfRegisters(value);

    public float[] Visit(MaskLanes value) => throw OfRegisters(value);

    public float[] Visit(ReduceLanes value) => throw OfRegisters(value);

    public float[] Visit(RandomLanes value) => throw OfRegisters(value);

    public float[] Visit(Broadcast value) => throw OfRegisters(value);

    private static float Rounded(float exact)
    {
        if (!float.IsFinite(exact) || exact == 0) return exact;
        var unit = Math.Pow(2, Math.Max(Math.ILogB(exact), -126) - 10);
        return (float)(Math.Round(exact / unit, MidpointRounding.AwayFromZero) * unit);
    }

    private static NotSupportedException OfRegisters(Value value) => new($"'{value}' is for vector registers.");
}

/// <summary>What the threads of a group share: memory in which each number is watched between barriers.</summary>
/// <param name="firstTask">The first thread's number among the tasks of the plan.</param>
/// <param name="threads">Threads of the group.</param>
/// <param name="name">What runs, for messages.</param>
internal sealed class GroupState(int firstTask, int threads, string name)
{
    private int interval;

    public int FirstTask { get; } = firstTask;

    public int Threads { get; } = threads;

    /// <summary>All threads have come to a barrier.</summary>
    public void Synchronize() => interval++;

    public float Read(WatchedCells shared, int thread, int at)
    {
        Check(shared, thread, at);
        return shared.Read(at, (interval * Threads) + thread, interval * Threads, () => $"{name}: thread {thread} at {at} of shared memory");
    }

    public void Write(WatchedCells shared, int thread, int at, float value)
    {
        Check(shared, thread, at);
        shared.Write(at, value, (interval * Threads) + thread, interval * Threads, () => $"{name}: thread {thread} at {at} of shared memory");
    }

    private void Check(WatchedCells shared, int thread, int at)
    {
        if (at < 0 || at >= shared.Length) Assert.Fail($"{name}: thread {thread} is at {at} of shared memory, which has {shared.Length} elements");
    }
}
