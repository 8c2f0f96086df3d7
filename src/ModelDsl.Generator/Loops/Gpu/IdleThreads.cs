namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>
/// Adds threads to a kernel, so that it can share a launch with kernels that have more. The additional threads take part in barriers: they compute what the last thread computes, and store nothing.
/// </summary>
/// <param name="threads">The number of threads that the kernel has.</param>
internal sealed class IdleThreads(int threads) : LoopRewriter
{
    /// <summary>The greatest number of groups of such a kernel. Groups with idle threads occupy a device that has much to do for longer.</summary>
    private const int MostGroups = 64;

    private readonly IndexVariable own = new("ownThread");

    /// <summary>Whether threads can be added to a kernel.</summary>
    public static bool CanBeAdded(Kernel kernel) =>
        ((ThreadGroups)kernel.Partition).Groups.Literal <= MostGroups && kernel.Tiles.All(tile => !tile.Integers.Contains(ThreadGroups.Thread)) && !StatementSearch.Any(kernel.Main.Body, CombinesThreads);

    /// <summary>Returns the body of a kernel for more threads.</summary>
    public IReadOnlyList<Statement> Add(IReadOnlyList<Statement> body) => [new DeclareIndex(own, Index.Min(ThreadGroups.Thread, threads - 1)), .. Rewrite(body)];

    public override IReadOnlyList<Statement> Rewrite(IReadOnlyList<Statement> body)
    {
        var rewritten = new List<Statement>();
        var stores = new List<Statement>();
        foreach (var statement in base.Rewrite(body))
        {
            // A function that does not receive the number of the thread has no barriers, and stores results.
            if (statement is StoreScalar or StoreQuad or Call)
            {
                stores.Add(statement);
                continue;
            }

            Flush();
            rewritten.Add(statement);
        }

        Flush();
        return rewritten;

        void Flush()
        {
            if (stores.Count > 0) rewritten.Add(new If([Condition.Less(ThreadGroups.Thread, threads)], [.. stores], []));
            stores.Clear();
        }
    }

    public override Index Visit(IndexVariable index) => index == ThreadGroups.Thread ? own : index;

    /// <summary>Whether a statement combines values of all threads, or is for a fixed number of threads.</summary>
    private static bool CombinesThreads(Statement statement) => statement is ReduceThreads or MultiplyMatrices or StoreLanes;
}
