namespace ModelDsl.Tests.Shared;

/// <summary>What code allocates once it is warm.</summary>
internal static class Allocation
{
    private const int Runs = 8;

    /// <summary>
    /// The fewest bytes that a run of an action allocates on this thread, after a first run. The runtime also allocates, on the thread that needs it: when the
    /// table of type casts grows, for example. That happens to few runs; what the action itself allocates, each of them does.
    /// </summary>
    /// <param name="action">The action.</param>
    public static long Least(Action action)
    {
        action();
        var least = long.MaxValue;
        for (var run = 0; run < Runs && least > 0; run++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
