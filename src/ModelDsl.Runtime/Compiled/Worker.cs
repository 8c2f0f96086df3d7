namespace ModelDsl.Compiled;

/// <summary>One of the threads that carry out a step together.</summary>
public readonly struct Worker
{
    private readonly IBarrier? barrier;

    /// <summary>Creates the worker with the given place in a team.</summary>
    /// <param name="index">0 to <paramref name="count"/> − 1.</param>
    /// <param name="count">Number of workers in the step.</param>
    /// <param name="barrier">Where they meet; null for a single worker.</param>
    public Worker(int index, int count, IBarrier? barrier)
    {
        Index = index;
        Count = count;
        this.barrier = count > 1 ? barrier : null;
    }

    /// <summary>The calling thread alone.</summary>
    public static Worker Single => new(0, 1, null);

    /// <summary>This worker's place in the team.</summary>
    public int Index { get; }

    /// <summary>Number of workers in the step.</summary>
    public int Count { get; }

    /// <summary>Waits until every worker of the step has come here.</summary>
    public void Barrier() => barrier?.Wait();

    /// <summary>The first of this worker's share of <paramref name="tasks"/> consecutive tasks.</summary>
    /// <param name="tasks">How many tasks there are in all.</param>
    public int From(int tasks) => (int)((long)tasks * Index / Count);

    /// <summary>One past the last of this worker's share of <paramref name="tasks"/> consecutive tasks.</summary>
    /// <param name="tasks">How many tasks there are in all.</param>
    public int To(int tasks) => (int)((long)tasks * (Index + 1) / Count);
}

/// <summary>A meeting point of a fixed number of threads.</summary>
public interface IBarrier
{
    /// <summary>Returns once every participant has called it.</summary>
    void Wait();
}
