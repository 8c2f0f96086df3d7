using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>Long sums with few results in a number of partial sums that is a literal of the kernel, added in order by a second kernel.</summary>
internal static class SplitSums
{
    /// <summary>Enough groups to keep a device busy.</summary>
    public const int WantedGroups = 128;

    /// <summary>Never more partial sums than this.</summary>
    private const int Most = 16;

    /// <summary>The number of partial sums where the results alone fill so many groups.</summary>
    public static int For(int groups) => Math.Max(1, Math.Min(Most, (WantedGroups + groups - 1) / groups));

    /// <summary>A kernel that adds the partial sums in order, a thread per result.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="formula">What it computes, a line each.</param>
    /// <param name="partialSums">The partial sums, one after the other.</param>
    /// <param name="count">How many.</param>
    /// <param name="floats">From one partial sum to the next.</param>
    /// <param name="results">How many results there are.</param>
    /// <param name="position">The offset of a result in its partial sum.</param>
    /// <param name="finish">Writes what becomes of the sum.</param>
    public static Launch Combine(
        string name, IReadOnlyList<string> formula, Storage partialSums, int count, Index floats, Index results, Func<Names, List<Statement>, Index, Index> position,
        Action<KernelBuilder, List<Statement>, Variable, Index> finish)
    {
        var kernel = new KernelBuilder();
        var from = kernel.Read(partialSums);
        var (element, partial) = (new IndexVariable(kernel.Names.Unique("element")), new IndexVariable("split"));
        var sum = new Variable(kernel.Names.UniqueValue("sum"), false);
        var body = new List<Statement>();
        var at = position(kernel.Names, body, element);
        body.Add(new Declare(sum, new LoadScalar(from, at), Mutable: true));
        body.Add(new Loop(partial, 1, count, 1,
            [new Assign(sum, new Operation(ScalarOp.Add, [sum, new LoadScalar(from, (partial * floats) + at)]))]));
        finish(kernel, body, sum, element);
        return kernel.Build(
            name,
            [.. formula, $"Groups of {GpuSchedule.Threads} threads, one result each."],
            [
                new DeclareIndex(element, (ThreadGroups.Group * GpuSchedule.Threads) + ThreadGroups.Thread),
                new If([Condition.Less(element, results)], body),
            ],
            [],
            new ThreadGroups(Index.CeilingDivide(results, GpuSchedule.Threads), GpuSchedule.Threads));
    }
}
