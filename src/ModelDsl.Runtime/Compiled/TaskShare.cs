using System.ComponentModel;

namespace ModelDsl.Compiled;

/// <summary>
/// A worker's share of the tasks of consecutive phases, which all have the same tasks. A single task is done by the worker that arrives last at the barrier before it, while the others
/// wait at that barrier with an empty share: one barrier, where two would keep all workers waiting.
/// </summary>
/// <remarks><see cref="Worker.Tasks"/> returns it after the barrier before the phases. Each worker must then call <see cref="End"/>.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct TaskShare
{
    private readonly IBarrier? barrier;
    private readonly bool isSingle;

    internal TaskShare(int from, int to, IBarrier? barrier, bool isSingle)
    {
        (From, To) = (from, to);
        (this.barrier, this.isSingle) = (barrier, isSingle);
    }

    /// <summary>The index of the first task.</summary>
    public int From { get; }

    /// <summary>One past the index of the last task.</summary>
    public int To { get; }

    /// <summary>Waits between two of the phases until every worker has done its share of the first. A single task needs no barrier: the same worker does it in both phases.</summary>
    public void Barrier()
    {
        if (!isSingle)
            barrier?.Wait();
    }

    /// <summary>Ends the phases: waits until every worker has done its share, or releases the workers that wait for this one.</summary>
    public void End()
    {
        if (isSingle)
            barrier?.Release();
        else
            barrier?.Wait();
    }
}
