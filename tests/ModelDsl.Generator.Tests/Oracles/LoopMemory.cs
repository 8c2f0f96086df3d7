using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>
/// The memory of a plan as its loops see it, place by place: who wrote it in this phase, who read it, and whether anybody has written it since the
/// buffer that lies there came to life. It fails on reads outside a buffer, reads before writes, and races.
/// </summary>
internal sealed class LoopMemory
{
    private const int Nobody = -1;
    private const int Several = -2;

    private readonly Cells[] spaces = new Cells[Enum.GetValues<Space>().Length];
    private readonly List<Cells> columns = [];
    private readonly int n;
    private readonly int capacity;
    private readonly int firstState;
    private int task;
    private int firstOfPhase;
    private string taskName = "";

    /// <param name="n">Samples.</param>
    /// <param name="arenas">Sizes of the arenas.</param>
    /// <param name="parameters">Length of the parameter buffer.</param>
    /// <param name="gradients">Length of the gradient buffer.</param>
    /// <param name="firstState">Where states begin behind the parameters: from there on the buffer may be written.</param>
    public LoopMemory(int n, ArenaSizes arenas, int parameters, int gradients, int firstState = int.MaxValue)
    {
        this.n = n;
        this.firstState = firstState;
        capacity = (n + 15) / 16 * 16;
        spaces[(int)Space.Batched] = new Cells(arenas.BatchedFloats * capacity);
        spaces[(int)Space.Fixed] = new Cells(arenas.FixedFloats);
        spaces[(int)Space.Parameters] = new Cells(parameters);
        spaces[(int)Space.Gradients] = new Cells(gradients);
    }

    /// <summary>Sets the next column of the batch.</summary>
    public void AddColumn(float[] values)
    {
        var cells = new Cells(values.Length);
        for (var i = 0; i < values.Length; i++) cells.Give(i, values[i]);
        columns.Add(cells);
    }

    /// <summary>Sets a place before anything runs.</summary>
    public void Give(Space space, int place, float value) => spaces[(int)space].Give(place, value);

    /// <summary>A place as the last phase left it, which must have been written.</summary>
    public float Result(Storage storage, int place, string what) => Result(CellsOf(storage), Start(storage) + place, place, what);

    public float Result(Space space, int place, string what) => Result(spaces[(int)space], place, place, what);

    public void BeginPhase() => firstOfPhase = task + 1;

    /// <summary>Begins the next task; what it touches no other task of the phase may write.</summary>
    public void BeginTask(string name)
    {
        task++;
        taskName = name;
    }

    /// <summary>A buffer comes to life or ends: what lies there is nobody's.</summary>
    public void Poison(Storage storage)
    {
        var cells = CellsOf(storage);
        var start = Start(storage);
        for (var i = 0; i < Length(storage); i++) cells.Take(start + i);
    }

    public float Read(Storage storage, int position)
    {
        var (cells, place) = Find(storage, position);
        Require.That(cells.Written[place], $"{taskName} reads {storage.Name}[{position}], which nobody has written");
        Require.That(cells.Writer[place] < firstOfPhase || cells.Writer[place] == task, $"{taskName} reads {storage.Name}[{position}], which another task of the phase writes");
        cells.Reader[place] = cells.ReadIn[place] < firstOfPhase || cells.Reader[place] == task ? task : Several;
        cells.ReadIn[place] = task;
        return cells.Values[place];
    }

    public void Write(Storage storage, int position, float value)
    {
        var (cells, place) = Find(storage, position);
        Require.That(storage.Space != Space.Column && (storage.Space != Space.Parameters || place >= firstState), $"{taskName} writes {storage.Name}");
        Require.That(cells.Writer[place] < firstOfPhase || cells.Writer[place] == task, $"{taskName} writes {storage.Name}[{position}], as another task of the phase does");
        Require.That(
            cells.ReadIn[place] < firstOfPhase || cells.Reader[place] == task, $"{taskName} writes {storage.Name}[{position}], which another task of the phase reads");
        cells.Writer[place] = task;
        cells.Written[place] = true;
        cells.Values[place] = value;
    }

    private static float Result(Cells cells, int place, int element, string what)
    {
        Require.That(cells.Written[place], $"{what}[{element}] was never written");
        return cells.Values[place];
    }

    private (Cells Cells, int Place) Find(Storage storage, int position)
    {
        Require.That(position >= 0 && position < Length(storage), $"{taskName} is at {position} of {storage.Name}, which has {Length(storage)} places");
        return (CellsOf(storage), Start(storage) + position);
    }

    private int Start(Storage storage) => storage.Space switch
    {
        Space.Column => 0,
        Space.Batched => storage.Offset * capacity,
        _ => storage.Offset,
    };

    /// <summary>Rows behind the last sample belong to the buffer, but nothing may depend on them.</summary>
    private int Length(Storage storage) => storage.Space is Space.Column or Space.Batched ? storage.Length * n : storage.Length;

    private Cells CellsOf(Storage storage) => storage.Space == Space.Column ? columns[storage.Offset] : spaces[(int)storage.Space];

    private sealed class Cells(int length)
    {
        public float[] Values { get; } = Filled(length, float.NaN);

        public bool[] Written { get; } = new bool[length];

        /// <summary>The last task that wrote.</summary>
        public int[] Writer { get; } = Filled(length, Nobody);

        /// <summary>The only task of a phase that read, or several.</summary>
        public int[] Reader { get; } = Filled(length, Nobody);

        /// <summary>The last task that read.</summary>
        public int[] ReadIn { get; } = Filled(length, Nobody);

        public void Give(int place, float value) => (Values[place], Written[place]) = (value, true);

        public void Take(int place) => (Values[place], Written[place]) = (float.NaN, false);

        private static T[] Filled<T>(int length, T value)
        {
            var array = new T[length];
            Array.Fill(array, value);
            return array;
        }
    }
}
