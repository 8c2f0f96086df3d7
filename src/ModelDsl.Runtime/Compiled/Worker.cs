using System.ComponentModel;

namespace ModelDsl.Compiled;

/// <summary>One of the threads that run a step together.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Worker
{
    private readonly IBarrier? barrier;

    /// <summary>Creates the worker with the given index in a team.</summary>
    /// <param name="index">0 to <paramref name="count"/> − 1.</param>
    /// <param name="count">The number of workers in the step.</param>
    /// <param name="barrier">The barrier of the workers; null for a single worker.</param>
    public Worker(int index, int count, IBarrier? barrier)
    {
        Index = index;
        Count = count;
        this.barrier = count > 1 ? barrier : null;
    }

    /// <summary>A team of the calling thread alone.</summary>
    public static Worker Single => new(0, 1, null);

    /// <summary>This worker's index in the team.</summary>
    public int Index { get; }

    /// <summary>The number of workers in the step.</summary>
    public int Count { get; }

    /// <summary>Waits until every worker of the step has called this method.</summary>
    public void Barrier() => barrier?.Wait();

    /// <summary>Waits until every worker of the step has called this method, and returns this worker's share of the tasks of the next phases.</summary>
    /// <param name="tasks">The number of tasks of each phase.</param>
    public TaskShare Tasks(int tasks)
    {
        if (barrier is null)
            return new TaskShare(0, tasks, null, isSingle: false);
        if (tasks == 1)
            return barrier.Arrive() ? new TaskShare(0, 1, barrier, isSingle: true) : new TaskShare(0, 0, null, isSingle: true);
        barrier.Wait();
        return new TaskShare(From(tasks), To(tasks), barrier, isSingle: false);
    }

    /// <summary>Returns this worker's part of a grid of rows and panels, such that it has as few panels as possible. The division of the grid decides which worker computes a result, not its bits.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="alignment">Parts begin at multiples of this number of rows.</param>
    /// <param name="panels">Number of panels.</param>
    public Share Grid(int rows, int alignment, int panels) => Grid(rows, alignment, panels, int.MaxValue);

    /// <summary>Returns this worker's part of a grid of rows and panels, such that it has as few rows and panels together as possible. The division of the grid decides which worker computes a result, not its bits.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="alignment">Parts begin at multiples of this number of rows.</param>
    /// <param name="panels">Number of panels.</param>
    /// <param name="panelRows">The number of rows that have together as many elements as a panel.</param>
    public Share Grid(int rows, int alignment, int panels, int panelRows)
    {
        if (Count == 1) return new Share(0, rows, 0, panels);
        var blocks = (rows + alignment - 1) / alignment;
        var across = Across(blocks, alignment, panels, panelRows);
        var (row, column, down) = (Index / across, Index % across, Count / across);
        var from = Math.Min(rows, (int)((long)blocks * row / down) * alignment);
        var to = Math.Min(rows, (int)((long)blocks * (row + 1) / down) * alignment);
        return new Share(from, to, (int)((long)panels * column / across), (int)((long)panels * (column + 1) / across));
    }

    /// <summary>
    /// The number of parts into which the panels are divided. The largest part decides how long all take. Of the divisions whose largest part is at most a thirty-second larger than necessary, that one is
    /// best whose parts have the fewest rows and panels: they read the least, and what they read is more often what the same worker has written.
    /// </summary>
    private int Across(int blocks, int alignment, int panels, int panelRows)
    {
        var count = Count;
        var (best, fewest, least) = (1, long.MaxValue, long.MaxValue);
        for (var across = 1; across <= count; across++)
        {
            if (count % across == 0) least = Math.Min(least, Blocks(across) * Panels(across));
        }

        for (var across = 1; across <= count; across++)
        {
            if (count % across != 0 || Blocks(across) * Panels(across) > least + (least / 32)) continue;
            var elements = (Blocks(across) * alignment) + (Panels(across) * panelRows);
            if (elements <= fewest) (best, fewest) = (across, elements);
        }

        return best;

        long Blocks(int across) => (blocks + (count / across) - 1) / (count / across);
        long Panels(int across) => (panels + across - 1) / across;
    }

    /// <summary>The index of the first task in this worker's share of <paramref name="tasks"/> consecutive tasks.</summary>
    /// <param name="tasks">The total number of tasks.</param>
    /// <param name="alignment">Shares begin at multiples of this.</param>
    public int From(int tasks, int alignment = 1) => Cut(tasks, alignment, Index);

    /// <summary>One past the index of the last task in this worker's share of <paramref name="tasks"/> consecutive tasks.</summary>
    /// <param name="tasks">The total number of tasks.</param>
    /// <param name="alignment">Shares begin at multiples of this.</param>
    public int To(int tasks, int alignment = 1) => Cut(tasks, alignment, Index + 1);

    private int Cut(int tasks, int alignment, int index) =>
        index == Count ? tasks : Math.Min(tasks, (int)(((long)tasks + alignment - 1) / alignment * index / Count) * alignment);
}

/// <summary>A barrier for a fixed number of threads.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IBarrier
{
    /// <summary>Waits until every participant has arrived and the last of them has called <see cref="Release"/>.</summary>
    /// <returns>True, at once, for the participant that arrived last.</returns>
    bool Arrive();

    /// <summary>Releases the other participants. The participant that arrived last calls it once.</summary>
    void Release();

    /// <summary>Waits until every participant has called this method.</summary>
    sealed void Wait()
    {
        if (Arrive())
            Release();
    }
}

/// <summary>A part of a grid of rows and panels.</summary>
/// <param name="RowFrom">The first row.</param>
/// <param name="RowTo">One past the last row.</param>
/// <param name="PanelFrom">The first panel.</param>
/// <param name="PanelTo">One past the last panel.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct Share(int RowFrom, int RowTo, int PanelFrom, int PanelTo);
