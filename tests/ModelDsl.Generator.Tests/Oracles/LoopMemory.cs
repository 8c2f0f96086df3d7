using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>
/// The memory of a plan as its loops see it, position by position: the tasks that wrote and read it in this phase, and whether it was written since the
/// lifetime of its buffer began. It fails on reads outside a buffer, reads before writes, and races.
/// </summary>
internal sealed class LoopMemory
{
    private readonly WatchedCells[] spaces = new WatchedCells[Enum.GetValues<Space>().Length];
    private readonly List<WatchedCells> columns = [];
    private readonly Dictionary<Storage, WatchedCells> arrays = [];
    private readonly int n;
    private readonly int capacity;
    private readonly int firstState;
    private int task;
    private int lastTask;
    private int firstOfPhase;
    private string taskName = "";

    /// <param name="n">Samples.</param>
    /// <param name="arenas">Sizes of the arenas.</param>
    /// <param name="parameters">Length of the parameter buffer.</param>
    /// <param name="gradients">Length of the gradient buffer.</param>
    /// <param name="firstState">The offset of the first state, after the parameters. From there on the buffer may be written.</param>
    /// <param name="copies">Length of the copies of parameters.</param>
    public LoopMemory(int n, ArenaSizes arenas, int parameters, int gradients, int firstState = int.MaxValue, int copies = 0)
    {
        this.n = n;
        this.firstState = firstState;
        capacity = (n + arenas.SampleAlignment - 1) / arenas.SampleAlignment * arenas.SampleAlignment;
        spaces[(int)Space.Batched] = new WatchedCells(arenas.BatchedFloats * capacity);
        spaces[(int)Space.Fixed] = new WatchedCells(arenas.FixedFloats);
        spaces[(int)Space.Worker] = new WatchedCells(arenas.WorkerFloats);
        spaces[(int)Space.Parameters] = new WatchedCells(parameters);
        spaces[(int)Space.ParameterCopies] = new WatchedCells(copies);
        spaces[(int)Space.Gradients] = new WatchedCells(gradients);
    }

    /// <summary>The number of products that tasks have added to a sum, in all lanes.</summary>
    public long Products { get; set; }

    /// <summary>Sets the next column of the batch.</summary>
    public void AddColumn(float[] values)
    {
        var cells = new WatchedCells(values.Length);
        for (var i = 0; i < values.Length; i++) cells.Give(i, values[i]);
        columns.Add(cells);
    }

    /// <summary>Sets a position before anything runs.</summary>
    public void Give(Space space, int position, float value) => spaces[(int)space].Give(position, value);

    /// <summary>A position as the last phase left it, which must have been written.</summary>
    public float Result(Storage storage, int position, string what) => Result(CellsOf(storage), Start(storage) + position, position, what);

    public float Result(Space space, int position, string what) => Result(spaces[(int)space], position, position, what);

    public void BeginPhase() => firstOfPhase = lastTask + 1;

    /// <summary>Begins the next task; what it touches no other task of the phase may write.</summary>
    /// <returns>Its number.</returns>
    public int BeginTask(string name)
    {
        ContinueTask(name, ++lastTask);
        return task;
    }

    /// <summary>Continues a task of the phase in another kernel, without its values in the memory of the worker.</summary>
    public void ContinueTask(string name, int number)
    {
        task = number;
        taskName = name;
        spaces[(int)Space.Worker].Forget();
        arrays.Clear();
    }

    /// <summary>An array of a call, whose contents are undefined.</summary>
    public Storage NewArray(string name, int length)
    {
        var storage = new Storage(name, Space.Worker, new Strided([1]), length) { ByteOffset = 0 };
        arrays.Add(storage, new WatchedCells(length));
        return storage;
    }

    /// <summary>Begins some tasks at the same time.</summary>
    /// <returns>The number of the first, for <see cref="Task"/>.</returns>
    public int BeginTasks(string name, int count)
    {
        task = lastTask + 1;
        lastTask += count;
        taskName = name;
        return task;
    }

    /// <summary>Which of the tasks that run at the same time reads and writes.</summary>
    public int Task
    {
        set => task = value;
    }

    /// <summary>The lifetime of a buffer begins or ends: its contents are undefined.</summary>
    public void Poison(Storage storage)
    {
        var cells = CellsOf(storage);
        var start = Start(storage);
        for (var i = 0; i < Length(storage); i++) cells.Poison(start + i);
    }

    public float Read(Storage storage, int position)
    {
        var (cells, at) = Find(storage, position);
        return cells.Read(at, task, firstOfPhase, () => $"{taskName}: {storage.Name}[{position}]");
    }

    public void Write(Storage storage, int position, float value)
    {
        var (cells, at) = Find(storage, position);
        if (storage.Space == Space.Column || (storage.Space == Space.Parameters && at < firstState)) Assert.Fail($"{taskName} writes {storage.Name}");
        cells.Write(at, value, task, firstOfPhase, () => $"{taskName}: {storage.Name}[{position}]");
    }

    private static float Result(WatchedCells cells, int position, int element, string what)
    {
        Require.That(cells.IsWritten(position), $"{what}[{element}] was never written");
        return cells[position];
    }

    private (WatchedCells WatchedCells, int Index) Find(Storage storage, int position)
    {
        if (position < 0 || position >= Length(storage)) Assert.Fail($"{taskName} is at {position} of {storage.Name}, which has {Length(storage)} elements");
        return (CellsOf(storage), Start(storage) + position);
    }

    private int Start(Storage storage) => storage.Space switch
    {
        Space.Column => 0,
        Space.Batched => storage.Offset * capacity,
        _ => storage.Offset,
    };

    /// <summary>Rows after the last sample belong to the buffer, but nothing may depend on them.</summary>
    private int Length(Storage storage) => storage.Space is Space.Column or Space.Batched ? storage.Length * n : storage.Length;

    private WatchedCells CellsOf(Storage storage) =>
        arrays.TryGetValue(storage, out var array) ? array : storage.Space == Space.Column ? columns[storage.Offset] : spaces[(int)storage.Space];
}
