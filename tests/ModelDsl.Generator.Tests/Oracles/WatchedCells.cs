using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>
/// Numbers in memory with who has written and read them. Tasks have numbers in ascending order; those from a first one on run at the same time, all before it have
/// finished. It fails on reads of cells that were not written, and on races.
/// </summary>
/// <param name="length">How many numbers.</param>
internal sealed class WatchedCells(int length)
{
    private const int Nobody = -1;
    private const int Several = -2;

    private readonly float[] values = Filled(length, float.NaN);
    private readonly bool[] written = new bool[length];

    /// <summary>The last task that wrote.</summary>
    private readonly int[] writer = Filled(length, Nobody);

    /// <summary>The only task that read since the first that runs at the same time, or several.</summary>
    private readonly int[] reader = Filled(length, Nobody);

    /// <summary>The last task that read.</summary>
    private readonly int[] readIn = Filled(length, Nobody);

    public int Length => values.Length;

    public bool IsWritten(int at) => written[at];

    public float this[int at] => values[at];

    /// <summary>Sets a number before anything runs.</summary>
    public void Give(int at, float value) => (values[at], written[at]) = (value, true);

    /// <summary>Marks the number as not written.</summary>
    public void Poison(int at) => (values[at], written[at]) = (float.NaN, false);

    /// <summary>Marks all numbers as not written and not read: memory whose contents are undefined for a task.</summary>
    public void Forget()
    {
        Array.Fill(values, float.NaN);
        Array.Clear(written);
        Array.Fill(writer, Nobody);
        Array.Fill(reader, Nobody);
        Array.Fill(readIn, Nobody);
    }

    /// <param name="at">Which number.</param>
    /// <param name="task">Who reads it.</param>
    /// <param name="first">The first task that runs at the same time.</param>
    /// <param name="what">What is read, for messages.</param>
    public float Read(int at, int task, int first, Func<string> what)
    {
        if (!written[at]) Assert.Fail($"{what()} is read, which nobody has written");
        if (writer[at] >= first && writer[at] != task) Assert.Fail($"{what()} is read, which another task of the phase writes");
        reader[at] = readIn[at] < first || reader[at] == task ? task : Several;
        readIn[at] = task;
        return values[at];
    }

    /// <param name="at">Which number.</param>
    /// <param name="value">What it becomes.</param>
    /// <param name="task">Who writes it.</param>
    /// <param name="first">The first task that runs at the same time.</param>
    /// <param name="what">What is written, for messages.</param>
    public void Write(int at, float value, int task, int first, Func<string> what)
    {
        if (writer[at] >= first && writer[at] != task) Assert.Fail($"{what()} is written, as another task of the phase does");
        if (readIn[at] >= first && reader[at] != task) Assert.Fail($"{what()} is written, which another task of the phase reads");
        writer[at] = task;
        written[at] = true;
        values[at] = value;
    }

    private static T[] Filled<T>(int length, T value)
    {
        var array = new T[length];
        Array.Fill(array, value);
        return array;
    }
}
