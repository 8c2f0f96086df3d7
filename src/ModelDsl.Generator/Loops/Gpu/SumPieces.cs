using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>Long sums with few results in a number of pieces that is a literal of the kernel, added in order by a second kernel.</summary>
internal static class SumPieces
{
    /// <summary>Enough groups to keep a device busy.</summary>
    public const int WantedGroups = 128;

    /// <summary>Never more pieces than this.</summary>
    private const int Most = 16;

    /// <summary>The number of pieces where the results alone fill so many groups.</summary>
    public static int For(int groups) => Math.Max(1, Math.Min(Most, (WantedGroups + groups - 1) / groups));

    /// <summary>A kernel that adds the pieces in order, a thread per result.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="formula">What it computes, a line each.</param>
    /// <param name="partial">The pieces, one after the other.</param>
    /// <param name="pieces">How many.</param>
    /// <param name="floats">From one piece to the next.</param>
    /// <param name="count">How many results there are.</param>
    /// <param name="place">Where in its piece a result lies.</param>
    /// <param name="finish">Writes what becomes of the sum.</param>
    public static Launch Combine(
        string name, IReadOnlyList<string> formula, Storage partial, int pieces, Index floats, Index count, Func<Names, List<Statement>, Index, Index> place,
        Action<KernelBuilder, List<Statement>, Variable, Index> finish)
    {
        var kernel = new KernelBuilder();
        var from = kernel.Read(partial);
        var (element, piece) = (new IndexVariable(kernel.Names.Unique("element")), new IndexVariable("piece"));
        var sum = new Variable(kernel.Names.UniqueValue("sum"), false);
        var body = new List<Statement>();
        var at = place(kernel.Names, body, element);
        body.Add(new Declare(sum, new LoadScalar(from, at), Mutable: true));
        body.Add(new Loop(piece, 1, pieces, 1,
            [new Assign(sum, new Operation(ScalarOp.Add, [sum, new LoadScalar(from, (piece * floats) + at)]))]));
        finish(kernel, body, sum, element);
        return kernel.Build(
            name,
            [.. formula, $"Groups of {GpuSchedule.Threads} threads, one result each."],
            [
                new DeclareIndex(element, (ThreadGroups.Group * GpuSchedule.Threads) + ThreadGroups.Thread),
                new If([Condition.Less(element, count)], body),
            ],
            [],
            new ThreadGroups(Index.CeilingDivide(count, GpuSchedule.Threads), GpuSchedule.Threads));
    }
}
